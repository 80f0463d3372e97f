namespace Gmm.Core;

/// <summary>
/// How far poses are from the true ones. A refined map may sit a little turned and shifted in its box, and each half by itself, so one
/// rigid motion for each half is fitted and taken off first; a motion common to all particles is no error of any of them.
/// </summary>
/// <param name="RotationDegrees">Angle between the true and the found rotation of each particle, degrees.</param>
/// <param name="ShiftAngstrom">Length of the difference of shifts of each particle, angstrom.</param>
/// <param name="FrameDegrees">Largest angle by which a half was turned as a whole, degrees.</param>
public sealed record PoseErrors(double[] RotationDegrees, double[] ShiftAngstrom, double FrameDegrees)
{
    /// <summary>Median of the rotation errors, degrees.</summary>
    public double RotationMedian => Quantile(RotationDegrees, 0.5);

    /// <summary>Rotation error that nine particles of ten do not exceed, degrees.</summary>
    public double RotationNinety => Quantile(RotationDegrees, 0.9);

    /// <summary>Share of the particles whose rotation error is over an angle.</summary>
    /// <param name="degrees">The angle, degrees.</param>
    /// <returns>0 to 1.</returns>
    public double ShareOver(double degrees) => RotationDegrees.Count(e => e > degrees) / (double)RotationDegrees.Length;

    /// <summary>Root mean square of the rotation errors, degrees.</summary>
    public double RotationRms => Rms(RotationDegrees);

    /// <summary>Root mean square of the shift errors, angstrom.</summary>
    public double ShiftRms => Rms(ShiftAngstrom);

    /// <summary>Compares poses.</summary>
    /// <param name="truth">The particles with their true poses and halves.</param>
    /// <param name="found">The poses found, in the same order.</param>
    /// <param name="removeFrames">Whether a rigid motion of each half is taken off.</param>
    /// <param name="symmetry">Point group of the structure: of the poses that are equal by it, the one nearest the true pose counts. None by default.</param>
    /// <returns>The errors.</returns>
    /// <exception cref="ArgumentException">Lists of different length, or no particle.</exception>
    public static PoseErrors Compare(IReadOnlyList<Particle> truth, IReadOnlyList<Pose> found, bool removeFrames = true, SymmetryGroup? symmetry = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        if (truth.Count == 0 || found.Count != truth.Count)
        {
            throw new ArgumentException($"There are {truth.Count} true poses and {found.Count} others; as many of each are needed.", nameof(found));
        }

        if (symmetry is { Order: > 1 })
        {
            found = [.. found.Select((pose, i) => Nearest(truth[i].Pose.Rotation, pose, symmetry))];
        }

        var result = new PoseErrors(new double[found.Count], new double[found.Count], 0);
        Pose[] poses = [.. truth.Select(p => p.Pose)];
        double largest = 0;
        foreach (var half in truth.Select(p => p.Half).Distinct())
        {
            var members = Enumerable.Range(0, truth.Count).Where(i => truth[i].Half == half).ToArray();
            var frame = removeFrames ? PoseFrame.Fit(poses, found, members) : PoseFrame.None;
            largest = Math.Max(largest, frame.Turn.AngleTo(Rotation.Identity) * (180 / Math.PI));
            foreach (var i in members)
            {
                var (t, f) = (frame.Apply(poses[i]), found[i]);
                result.RotationDegrees[i] = t.Rotation.AngleTo(f.Rotation) * (180 / Math.PI);
                result.ShiftAngstrom[i] = Math.Sqrt(Math.Pow(f.ShiftX - t.ShiftX, 2) + Math.Pow(f.ShiftY - t.ShiftY, 2));
            }
        }

        return result with { FrameDegrees = largest };
    }

    /// <summary>Of the poses (A S, t) that show a structure of the symmetry alike, the one that is turned least from a rotation.</summary>
    private static Pose Nearest(Rotation rotation, in Pose pose, SymmetryGroup symmetry)
    {
        var found = pose.Rotation;
        return pose with { Rotation = symmetry.Operators.Select(s => found * s).MinBy(r => r.AngleTo(rotation)) };
    }

    /// <summary>A quantile, interpolated.</summary>
    internal static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var i = Math.Min((int)at, Math.Max(0, sorted.Length - 2));
        return sorted.Length == 1 ? sorted[0] : sorted[i] + ((at - i) * (sorted[i + 1] - sorted[i]));
    }

    private static double Rms(double[] values) => Math.Sqrt(values.Sum(v => v * v) / values.Length);
}
