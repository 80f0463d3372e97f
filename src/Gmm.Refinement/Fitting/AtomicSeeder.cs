using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Seeds from an atomic model, its coordinates randomised at the map's resolution, as the paper says, so that the model does not bias the map.
/// </summary>
internal static class AtomicSeeder
{
    /// <summary>Displaces each atom by a random vector whose rms length is the resolution.</summary>
    /// <param name="x">X of the non-hydrogen atoms, angstrom from the box centre.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <param name="resolution">Resolution of the map, angstrom: the rms displacement.</param>
    /// <param name="half">Half set, 1 or 2 (0: none): each half gets other displacements.</param>
    /// <param name="count">Number of seeds; one for each atom where not given. Fewer: evenly picked atoms. More: atoms taken again.</param>
    /// <param name="options">The seed.</param>
    /// <returns>The seeds, all of density 1.</returns>
    /// <exception cref="InvalidInputException">No atom.</exception>
    /// <exception cref="ArgumentException">Spans of different length.</exception>
    public static Seeds Seed(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, double resolution, int half = 0, int? count = null, ComputeOptions? options = null)
    {
        if (y.Length != x.Length || z.Length != x.Length)
        {
            throw new ArgumentException("The coordinates differ in number.");
        }

        if (x.Length == 0)
        {
            throw new InvalidInputException("the atomic model has no atoms to start from");
        }

        var seeds = new Seeds(count ?? x.Length);
        var random = new Random(unchecked(((options?.Seed ?? 1) * 1000003) + (half * 7919)));
        var sd = resolution / Math.Sqrt(3);
        for (var j = 0; j < seeds.Count; j++)
        {
            var atom = seeds.Count <= x.Length ? (int)((long)j * x.Length / seeds.Count) : j % x.Length;
            seeds.X[j] = (float)(x[atom] + (sd * Normal(random)));
            seeds.Y[j] = (float)(y[atom] + (sd * Normal(random)));
            seeds.Z[j] = (float)(z[atom] + (sd * Normal(random)));
            seeds.Density[j] = 1;
        }

        return seeds;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
