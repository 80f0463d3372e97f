using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Simulation;

/// <summary>Renders averages of copies of a group of atoms, each atom of each copy moved at random.</summary>
/// <param name="atoms">The atoms, in the model's frame.</param>
/// <param name="options">Copies and kind of displacement.</param>
/// <param name="centre">The model's centre, which is the box centre, angstrom.</param>
/// <param name="compute">Threads and seed.</param>
internal sealed class RandomisedCopies(
    IReadOnlyList<SimulatedAtom> atoms, FlexibleDomainsOptions options, (double X, double Y, double Z) centre, ComputeOptions compute)
{
    private const int Stream = 21;
    private const int Rounds = 6;
    private const double Tolerance = 0.02;

    /// <summary>The FSC against the truth at which two such halves have 0.143 between them.</summary>
    public static readonly double TruthThreshold = Math.Sqrt(0.143);

    /// <summary>The place of the first voxel's centre of a grid around the centre.</summary>
    public static (double X, double Y, double Z) Origin((double X, double Y, double Z) centre, int box, double pixel) =>
        (centre.X - (box / 2 * pixel), centre.Y - (box / 2 * pixel), centre.Z - (box / 2 * pixel));

    /// <summary>The atoms at rest.</summary>
    public DensityMap AtRest(int box, double pixel) => Render(atoms, box, pixel);

    /// <summary>The average of a half's copies.</summary>
    /// <param name="distance">Root mean square distance by which atoms are moved, angstrom.</param>
    /// <param name="half">1 or 2.</param>
    /// <param name="box">Side of the box, voxels.</param>
    /// <param name="pixel">Angstrom per voxel.</param>
    public DensityMap Average(double distance, int half, int box, double pixel)
    {
        var moved = new SimulatedAtom[options.Copies * atoms.Count];
        for (var c = 0; c < options.Copies; c++)
        {
            // The same directions at every distance, so that two structures differ in the distance alone.
            compute.CancellationToken.ThrowIfCancellationRequested();
            var random = new SeededGenerator(compute.Seed, Stream, (2 * c) + half - 1);
            for (var j = 0; j < atoms.Count; j++)
            {
                double x = random.Normal(), y = random.Normal(), z = random.Normal();
                var scale = distance / (options.Displacement == AtomDisplacement.Normal ? Math.Sqrt(3) : Math.Sqrt((x * x) + (y * y) + (z * z)));
                var a = atoms[j];
                moved[(c * atoms.Count) + j] = a with
                {
                    X = a.X + (scale * x),
                    Y = a.Y + (scale * y),
                    Z = a.Z + (scale * z),
                    Occupancy = a.Occupancy / options.Copies,
                };
            }
        }

        return Render(moved, box, pixel);
    }

    /// <summary>Finds the distance at which the average falls at a resolution against the truth.</summary>
    /// <param name="resolution">Angstrom.</param>
    /// <returns>The distance, and the resolution that it gives, angstrom.</returns>
    public (double Distance, double Reached) Calibrate(double resolution)
    {
        // A coarse grid is enough for a coarse resolution.
        var pixel = Math.Max(options.PixelSize, resolution / 5);
        var box = Math.Max(16, 2 * (int)Math.Ceiling(options.BoxSize * options.PixelSize / (2 * pixel)));
        var truth = AtRest(box, pixel);

        // Copies that keep the part g of an atom's amplitude have g^2 n / (1 - g^2) of signal to noise, and sin(x)/x = g; in Fourier shells
        // of low frequency atoms add up, so the first guess is corrected by what is measured.
        var distance = 0.4 * resolution;
        (double Distance, double Reached) best = (0, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            var reached = FourierShellCorrelation.Between(Average(distance, 1, box, pixel), truth, null, compute).Resolution(TruthThreshold);
            if (Math.Abs(reached - resolution) < Math.Abs(best.Reached - resolution))
            {
                best = (distance, reached);
            }

            if (Math.Abs(reached - resolution) < Tolerance * resolution)
            {
                break;
            }

            distance *= resolution / reached;
        }

        return best;
    }

    private DensityMap Render(IReadOnlyList<SimulatedAtom> placed, int box, double pixel) => ModelMap.Render(
        placed,
        new ModelMapOptions { Resolution = 2 * pixel, Size = (box, box, box), PixelSize = pixel, Origin = Origin(centre, box, pixel), UseBFactors = false },
        compute).ToDensityMap();
}
