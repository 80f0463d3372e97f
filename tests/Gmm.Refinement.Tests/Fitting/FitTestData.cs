using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>Small molecules made here: random chains of atoms in a ball, as exact maps and with noise.</summary>
internal static class FitTestData
{
    public static GaussianModel Molecule(int atoms, double radius, int seed, int size = 48, double pixelSize = 2)
    {
        var random = new Random(seed);
        var (x, y, z) = (new List<float>(), new List<float>(), new List<float>());
        while (x.Count < atoms)
        {
            double px = Symmetric(random) * radius, py = Symmetric(random) * radius, pz = Symmetric(random) * radius;

            // Flattened and off centre, so that an axis or a sign that is swapped shows.
            if ((px * px) + (py * py) + (4 * pz * pz) < radius * radius)
            {
                x.Add((float)(px + 3));
                y.Add((float)(py - 2));
                z.Add((float)(pz + 5));
            }
        }

        var amplitudes = Enumerable.Range(0, atoms).Select(_ => (float)(5 + (2 * random.NextDouble()))).ToArray();
        var widths = Enumerable.Range(0, atoms).Select(_ => (float)(1.6 + (0.6 * random.NextDouble()))).ToArray();
        return new GaussianModel([.. x], [.. y], [.. z], amplitudes, widths, size, pixelSize);
    }

    public static DensityMap Noisy(DensityMap map, double sd, int seed)
    {
        var random = new Random(seed);
        var voxels = map.Voxels.ToArray();
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] += (float)(sd * Draw.Normal(random));
        }

        return new DensityMap(map.Size, map.PixelSize, voxels);
    }

    /// <summary>
    /// Mean FSC of two maps over shells 1 to the resolution, by its definition on the whole transform of a slow DFT-free route: the library's ball.
    /// </summary>
    public static double MeanFsc(DensityMap a, DensityMap b, double resolution, int? lastShell = null)
    {
        var ball = FourierBall.ForResolution(a.Size, a.PixelSize, resolution);
        var transform = new BallTransform(a.Size, ball);
        float[] ar = new float[ball.Count], ai = new float[ball.Count], br = new float[ball.Count], bi = new float[ball.Count];
        transform.Forward(a.Voxels, ar, ai);
        transform.Forward(b.Voxels, br, bi);
        var last = lastShell ?? ball.Radius;
        double[] ab = new double[ball.Radius + 1], aa = new double[ball.Radius + 1], bb = new double[ball.Radius + 1];
        for (var i = 0; i < ar.Length; i++)
        {
            var q = ball.Shells[i];
            ab[q] += ((double)ar[i] * br[i]) + ((double)ai[i] * bi[i]);
            aa[q] += ((double)ar[i] * ar[i]) + ((double)ai[i] * ai[i]);
            bb[q] += ((double)br[i] * br[i]) + ((double)bi[i] * bi[i]);
        }

        return Enumerable.Range(1, last).Average(q => ab[q] / Math.Sqrt(aa[q] * bb[q]));
    }

    private static double Symmetric(Random random) => (2 * random.NextDouble()) - 1;
}
