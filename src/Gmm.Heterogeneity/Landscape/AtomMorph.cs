using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>An atomic model moved along a row of conformations, by the mean of both halves' motions.</summary>
public sealed class AtomMorph
{
    private readonly (double[] X, double[] Y, double[] Z)[] _frames;

    /// <summary>Moves a model.</summary>
    /// <param name="atoms">The model; its coordinates are from the box's corner, as in a map whose origin is 0.</param>
    /// <param name="landscape">The landscape of the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="at">The point (from 0) whose conformation the model has; null for the neutral one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public AtomMorph(AtomicModel atoms, MotionLandscape landscape, LandscapeRow row, int? at = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentNullException.ThrowIfNull(row);
        Atoms = atoms;
        var neutral = landscape.Of(1).Model;
        var centre = neutral.BoxSize / 2 * neutral.PixelSize;
        double[] Centred(ReadOnlySpan<double> values) => Array.ConvertAll(values.ToArray(), v => v - centre);
        var (x, y, z) = (Centred(atoms.X), Centred(atoms.Y), Centred(atoms.Z));
        ModelMorph[] morphs = [.. Enumerable.Range(1, 2).Select(h => new ModelMorph(landscape.Of(h).Model, x, y, z))];
        var moves = morphs.Select((m, k) => Enumerable.Range(0, row.Count).Select(p => m.Apply(row.Deformation(k + 1, p))).ToArray()).ToArray();
        if (at is { } origin)
        {
            moves = [.. moves.Select(m => m.Select(f => Minus(f, m[origin])).ToArray())];
        }

        _frames = new (double[] X, double[] Y, double[] Z)[row.Count];
        double differ = 0;
        for (var p = 0; p < row.Count; p++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (a, b) = (moves[0][p], moves[1][p]);
            differ += Square(Minus(a, b)) / (row.Count * atoms.Count);
            double[] Moved(ReadOnlySpan<double> values, double[] first, double[] second) =>
                [.. values.ToArray().Select((v, i) => v + ((first[i] + second[i]) / 2))];
            _frames[p] = (Moved(atoms.X, a.X, b.X), Moved(atoms.Y, a.Y, b.Y), Moved(atoms.Z, a.Z, b.Z));
        }

        (FarCount, Reach, HalvesDifferRms) = (morphs.Max(m => m.FarCount), morphs[0].Reach, Math.Sqrt(differ));
        Residues = ResidueMovement.Measure(atoms, _frames);
    }

    /// <summary>The model as it was given.</summary>
    public AtomicModel Atoms { get; }

    /// <summary>Number of points.</summary>
    public int Count => _frames.Length;

    /// <summary>Atoms with no Gaussian near, which move as the nearest one does (<see cref="ModelMorph.FarCount"/>).</summary>
    public int FarCount { get; }

    /// <summary>Standard deviation of the Gaussians' weights (<see cref="ModelMorph.Reach"/>), angstrom.</summary>
    public double Reach { get; }

    /// <summary>Root mean square difference of what the two halves do to an atom, over all points, angstrom.</summary>
    public double HalvesDifferRms { get; }

    /// <summary>Root mean square distance of an atom's places at the first point and the last, angstrom.</summary>
    public double FirstToLastRms => Math.Sqrt(Square(Minus(_frames[^1], _frames[0])) / Atoms.Count);

    /// <summary>How far each residue goes.</summary>
    public IReadOnlyList<ResidueMovement> Residues { get; }

    /// <summary>The model at a point.</summary>
    /// <param name="point">Point, from 0.</param>
    /// <returns>The same atoms at other places.</returns>
    public AtomicModel At(int point) => Atoms.WithCoordinates(_frames[point].X, _frames[point].Y, _frames[point].Z);

    private static (double[] X, double[] Y, double[] Z) Minus((double[] X, double[] Y, double[] Z) a, (double[] X, double[] Y, double[] Z) b) =>
        ([.. a.X.Zip(b.X, (p, q) => p - q)], [.. a.Y.Zip(b.Y, (p, q) => p - q)], [.. a.Z.Zip(b.Z, (p, q) => p - q)]);

    private static double Square((double[] X, double[] Y, double[] Z) a) => a.X.Sum(v => v * v) + a.Y.Sum(v => v * v) + a.Z.Sum(v => v * v);
}
