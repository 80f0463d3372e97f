using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// How far poses are from the true ones. A refined map may sit a little turned and shifted in its box, and each half by itself, so one
/// rigid motion for each half is fitted and taken off first; a motion common to all particles is no error of any of them.
/// </summary>
/// <param name="RotationDegrees">Angle between the true and the found rotation of each particle, degrees.</param>
/// <param name="ShiftAngstrom">Length of the difference of shifts of each particle, angstrom.</param>
/// <param name="FrameDegrees">Largest angle by which a half was turned as a whole, degrees.</param>
public sealed record PoseErrors(double[] RotationDegrees, double[] ShiftAngstrom, double FrameDegrees)
{
    private const int Rounds = 20;
    private const double Trim = 2.5;

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
        if (truth.Count == 0 || found.Count != truth.Count)
        {
            throw new ArgumentException($"There are {truth.Count} true poses and {found.Count} others; as many of each are needed.", nameof(found));
        }

        if (symmetry is { Order: > 1 })
        {
            found = [.. found.Select((pose, i) => Nearest(truth[i].Pose.Rotation, pose, symmetry))];
        }

        var result = new PoseErrors(new double[found.Count], new double[found.Count], 0);
        double frame = 0;
        foreach (var half in truth.Select(p => p.Half).Distinct())
        {
            var members = Enumerable.Range(0, truth.Count).Where(i => truth[i].Half == half).ToArray();
            var turn = removeFrames ? FitTurn(truth, found, members) : Rotation.Identity;
            var move = removeFrames ? FitMove(truth, found, members) : default;
            frame = Math.Max(frame, turn.AngleTo(Rotation.Identity) * (180 / Math.PI));
            foreach (var i in members)
            {
                var (t, f) = (truth[i].Pose, found[i]);
                result.RotationDegrees[i] = (t.Rotation * turn).AngleTo(f.Rotation) * (180 / Math.PI);
                var (x, y, _) = t.Rotation.Apply(move.X, move.Y, move.Z);
                result.ShiftAngstrom[i] = Math.Sqrt(Math.Pow(f.ShiftX - t.ShiftX - x, 2) + Math.Pow(f.ShiftY - t.ShiftY - y, 2));
            }
        }

        return result with { FrameDegrees = frame };
    }

    /// <summary>Of the poses (A S, t) that show a structure of the symmetry alike, the one that is turned least from a rotation.</summary>
    private static Pose Nearest(Rotation rotation, in Pose pose, SymmetryGroup symmetry)
    {
        var found = pose.Rotation;
        return pose with { Rotation = symmetry.Operators.Select(s => found * s).MinBy(r => r.AngleTo(rotation)) };
    }

    /// <summary>The rotation G of A_found = A_true G, by a trimmed mean of rotation vectors.</summary>
    private static Rotation FitTurn(IReadOnlyList<Particle> truth, IReadOnlyList<Pose> found, int[] members)
    {
        var turn = Rotation.Identity;
        for (var round = 0; round < Rounds; round++)
        {
            var steps = members.Select(i => Vector(truth[i].Pose.Rotation.Transpose() * found[i].Rotation * turn.Transpose())).ToArray();
            var limit = Trim * Quantile([.. steps.Select(Length)], 0.5);
            var kept = steps.Where(s => Length(s) <= limit).ToArray();
            var (x, y, z) = (kept.Average(s => s.X), kept.Average(s => s.Y), kept.Average(s => s.Z));
            turn = (Rotation.FromRotationVector(x, y, z) * turn).Orthonormalized();
            if (Length((x, y, z)) < 1e-9)
            {
                break;
            }
        }

        return turn;
    }

    /// <summary>The shift d of t_found - t_true = (A_true d)_xy, by trimmed least squares.</summary>
    private static (double X, double Y, double Z) FitMove(IReadOnlyList<Particle> truth, IReadOnlyList<Pose> found, int[] members)
    {
        (double X, double Y, double Z) move = default;
        for (var round = 0; round < Rounds; round++)
        {
            double Residual(int i)
            {
                var (x, y, _) = truth[i].Pose.Rotation.Apply(move.X, move.Y, move.Z);
                return Math.Sqrt(Math.Pow(found[i].ShiftX - truth[i].Pose.ShiftX - x, 2) + Math.Pow(found[i].ShiftY - truth[i].Pose.ShiftY - y, 2));
            }

            var residuals = members.Select(Residual).ToArray();
            var limit = round == 0 ? double.PositiveInfinity : Trim * Quantile(residuals, 0.5);
            double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, p = 0, q = 0, r = 0;
            for (var m = 0; m < members.Length; m++)
            {
                if (residuals[m] > limit)
                {
                    continue;
                }

                var (t, s) = (truth[members[m]].Pose, found[members[m]]);
                var rows = new[] { (t.Rotation.M00, t.Rotation.M01, t.Rotation.M02, s.ShiftX - t.ShiftX), (t.Rotation.M10, t.Rotation.M11, t.Rotation.M12, s.ShiftY - t.ShiftY) };
                foreach (var (x, y, z, v) in rows)
                {
                    (a, b, c, d, e, f) = (a + (x * x), b + (x * y), c + (x * z), d + (y * y), e + (y * z), f + (z * z));
                    (p, q, r) = (p + (x * v), q + (y * v), r + (z * v));
                }
            }

            move = Solve(a, b, c, d, e, f, p, q, r);
        }

        return move;
    }

    /// <summary>Solves the symmetric system (a b c; b d e; c e f) by Cramer's rule; a direction that nothing determines stays 0.</summary>
    private static (double X, double Y, double Z) Solve(double a, double b, double c, double d, double e, double f, double p, double q, double r)
    {
        var determinant = (a * ((d * f) - (e * e))) - (b * ((b * f) - (c * e))) + (c * ((b * e) - (c * d)));
        if (Math.Abs(determinant) < 1e-9 * Math.Pow(a + d + f, 3))
        {
            return default;
        }

        return (
            ((p * ((d * f) - (e * e))) - (b * ((q * f) - (r * e))) + (c * ((q * e) - (r * d)))) / determinant,
            ((a * ((q * f) - (r * e))) - (p * ((b * f) - (c * e))) + (c * ((b * r) - (c * q)))) / determinant,
            ((a * ((d * r) - (e * q))) - (b * ((b * r) - (c * q))) + (p * ((b * e) - (c * d)))) / determinant);
    }

    private static (double X, double Y, double Z) Vector(Rotation rotation)
    {
        double x = rotation.M21 - rotation.M12, y = rotation.M02 - rotation.M20, z = rotation.M10 - rotation.M01;
        var length = Math.Sqrt((x * x) + (y * y) + (z * z));
        var angle = rotation.AngleTo(Rotation.Identity);
        var scale = length > 1e-12 ? angle / length : 0.5;
        return (scale * x, scale * y, scale * z);
    }

    private static double Length((double X, double Y, double Z) v) => Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z));

    private static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var i = Math.Min((int)at, Math.Max(0, sorted.Length - 2));
        return sorted.Length == 1 ? sorted[0] : sorted[i] + ((at - i) * (sorted[i + 1] - sorted[i]));
    }

    private static double Rms(double[] values) => Math.Sqrt(values.Sum(v => v * v) / values.Length);
}
