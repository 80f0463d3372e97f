using Gmm.Core;
using Gmm.Maps;

namespace Gmm.EndToEnd;

/// <summary>Maps of nothing but noise, of the kinds that reconstructions have.</summary>
internal static class NoiseMaps
{
    public static readonly string[] Kinds = ["white", "coloured", "in a sphere", "D2", "C3", "D2 in a sphere"];

    public static HalfMap Make(string kind, int n, double pixel, int seed, int half)
    {
        var random = new SeededGenerator(seed, 2200 + half, n);
        var voxels = new float[n * n * n];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = (float)random.Normal();
        }

        if (kind == "coloured")
        {
            // Falls to a tenth by a quarter of the band, as background from ice does.
            var shells = Enumerable.Range(0, n).Select(s => 1 / (1 + Math.Pow(s / (n / 24.0), 2))).ToArray();
            voxels = MapFilters.ByShell(new DensityMap(n, pixel, voxels), shells, new ComputeOptions { Threads = 1 }).Voxels;
        }

        if (kind is "D2" or "C3" or "D2 in a sphere")
        {
            voxels = Symmetrise(voxels, n, SymmetryGroup.Parse(kind[..2]));
        }

        if (kind.EndsWith("in a sphere", StringComparison.Ordinal))
        {
            var sphere = SolventMasks.Sphere(n, pixel, 0.35 * n * pixel, 0.08 * n * pixel);
            voxels = [.. voxels.Zip(sphere.Voxels, (v, m) => v * m)];
        }

        return new HalfMap(n, pixel, voxels, half);
    }

    /// <summary>The mean over the group of the map turned about its centre, interpolated linearly, which D2 does not need.</summary>
    private static float[] Symmetrise(float[] voxels, int n, SymmetryGroup group)
    {
        var sum = new float[voxels.Length];
        var c = n / 2;
        for (var i = 0; i < sum.Length; i++)
        {
            int x = (i % n) - c, y = (i / n % n) - c, z = (i / (n * n)) - c;
            double value = 0;
            foreach (var s in group.Operators)
            {
                var (a, b, d) = s.Apply(x, y, z);
                value += At(a, b, d);
            }

            sum[i] = (float)(value / group.Order);
        }

        return sum;

        double At(double x, double y, double z)
        {
            int i = (int)Math.Floor(x + 1e-9), j = (int)Math.Floor(y + 1e-9), k = (int)Math.Floor(z + 1e-9);
            double value = 0;
            for (var corner = 0; corner < 8; corner++)
            {
                int a = i + (corner & 1), b = j + ((corner >> 1) & 1), d = k + (corner >> 2);
                var weight = Math.Max(0, 1 - Math.Abs(x - a)) * Math.Max(0, 1 - Math.Abs(y - b)) * Math.Max(0, 1 - Math.Abs(z - d));
                value += weight * voxels[(((Wrap(d) * n) + Wrap(b)) * n) + Wrap(a)];
            }

            return value;
        }

        int Wrap(int v) => ((v + c) % n + n) % n;
    }
}
