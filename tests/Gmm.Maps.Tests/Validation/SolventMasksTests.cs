using Gmm.Core;

namespace Gmm.Maps.Tests;

public class SolventMasksTests
{
    private static readonly ComputeOptions One = new() { Threads = 1 };

    [Fact]
    public void A_sphere_has_its_radius_and_its_edge()
    {
        var mask = SolventMasks.Sphere(21, 2, 8, 6);
        // Along x from the centre voxel 10: distances 0, 2, .. angstrom.
        float At(int x) => mask.Voxels[(((10 * 21) + 10) * 21) + x];
        Assert.Equal(1, At(10));
        Assert.Equal(1, At(14));
        Assert.Equal(0.5 + (0.5 * Math.Cos(Math.PI / 3)), At(15), 5);
        Assert.Equal(0.5 + (0.5 * Math.Cos(2 * Math.PI / 3)), At(16), 5);
        Assert.Equal(0, At(17), 5);
    }

    [Fact]
    public void Distances_are_exact()
    {
        const int n = 13;
        var random = new Random(3);
        var inside = new bool[n * n * n];
        var places = Enumerable.Range(0, 6).Select(_ => random.Next(inside.Length)).ToArray();
        foreach (var p in places)
        {
            inside[p] = true;
        }

        var d = DistanceTransform.Squared(inside, n, new ComputeOptions { Threads = 2 });
        for (var i = 0; i < d.Length; i++)
        {
            var expected = places.Min(p => Square((p % n) - (i % n)) + Square((p / n % n) - (i / n % n)) + Square((p / (n * n)) - (i / (n * n))));
            Assert.Equal(expected, (int)d[i]);
        }

        static int Square(int v) => v * v;
    }

    [Fact]
    public void A_density_is_extended_and_softened()
    {
        const int n = 20;
        var voxels = new float[n * n * n];
        voxels[(((10 * n) + 10) * n) + 10] = 5;
        var mask = SolventMasks.FromDensity(new DensityMap(n, 1.5, voxels), 4, 3, 6, One);
        float At(int x, int y) => mask.Voxels[(((10 * n) + y) * n) + x];
        Assert.Equal(1, At(12, 10));
        Assert.Equal(0.5, At(14, 10), 5);
        Assert.Equal(0, At(16, 10), 5);
        Assert.Equal(0.5 + (0.5 * Math.Cos(Math.PI * ((1.5 * Math.Sqrt(8)) - 3) / 6)), At(12, 12), 5);
        Assert.Throws<InvalidInputException>(() => SolventMasks.FromDensity(new DensityMap(n, 1.5, voxels), 6, 3, 6, One));
    }

    [Fact]
    public void Atoms_are_extended_and_softened()
    {
        const int n = 24;
        (double X, double Y, double Z)[] atoms = [(3, -4.5, 6), (3, 4.5, 6), (900, 0, 0)];
        var mask = SolventMasks.FromAtoms(n, 1.5, atoms, 4, 5, One);
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            double x = ((i % n) - 12) * 1.5, y = ((i / n % n) - 12) * 1.5, z = ((i / n / n) - 12) * 1.5;
            var d = atoms.Min(a => Math.Sqrt(Math.Pow(a.X - x, 2) + Math.Pow(a.Y - y, 2) + Math.Pow(a.Z - z, 2)));
            var expected = d <= 4 ? 1 : d >= 9 ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * (d - 4) / 5));
            Assert.Equal(expected, mask.Voxels[i], 5);
        }

        Assert.Throws<InvalidInputException>(() => SolventMasks.FromAtoms(n, 1.5, [(900, 0, 0)], 4, 5, One));
    }

    [Fact]
    public void Masks_combine_voxel_by_voxel()
    {
        SolventMask a = SolventMasks.Sphere(16, 2, 8, 6), b = SolventMasks.FromAtoms(16, 2, [(8, 0, 0)], 4, 6, One);
        var (and, or, without) = (SolventMasks.Intersect(a, b), SolventMasks.Unite(a, b), SolventMasks.Subtract(a, b));
        for (var i = 0; i < a.Voxels.Length; i++)
        {
            Assert.Equal(Math.Min(a.Voxels[i], b.Voxels[i]), and.Voxels[i]);
            Assert.Equal(Math.Max(a.Voxels[i], b.Voxels[i]), or.Voxels[i]);
            Assert.Equal(Math.Min(a.Voxels[i], 1 - b.Voxels[i]), without.Voxels[i]);
        }

        Assert.Throws<InvalidInputException>(() => SolventMasks.Subtract(b, SolventMasks.Sphere(16, 2, 100, 0)));
        Assert.Throws<InvalidInputException>(() => SolventMasks.Unite(a, SolventMasks.Sphere(18, 2, 8, 6)));
    }

    [Fact]
    public void Half_maps_alone_give_a_mask_around_the_structure()
    {
        // A ball of density with a small far blob that must be dropped, in noise as strong as the density.
        const int n = 48;
        float[] truth = new float[n * n * n];
        for (var i = 0; i < truth.Length; i++)
        {
            int x = (i % n) - 20, y = (i / n % n) - 24, z = (i / (n * n)) - 26;
            var blob = Math.Sqrt(Math.Pow((i % n) - 38, 2) + Math.Pow((i / n % n) - 24, 2) + Math.Pow((i / (n * n)) - 24, 2)) < 2.5;
            truth[i] = Math.Sqrt((x * x) + (y * y) + (z * z)) < 9 || blob ? 1 : 0;
        }

        HalfMap Half(int seed, int half) => new(n, 3, FourierShellCorrelationTests.Noise(n, seed).Voxels.Zip(truth, (e, t) => e + t).ToArray(), half);
        HalfMap a = Half(1, 1), b = Half(2, 2);
        var mask = SolventMasks.FromHalfMaps(a, b, compute: One);
        Assert.Equal(1, mask.Voxels[(((26 * n) + 24) * n) + 20], 5);
        Assert.Equal(1, mask.Voxels[(((26 * n) + 24) * n) + 12], 5);
        Assert.Equal(0, mask.Voxels[(((24 * n) + 24) * n) + 38], 5);
        Assert.Equal(0, mask.Voxels[(((26 * n) + 40) * n) + 40], 5);
        var part = mask.Voxels.Average();
        // The ball of 9 voxels is 0.028 of the box, with extension and half the edge 0.08, and a voxel more as the unmasked maps agree to less than 15 A only.
        Assert.InRange(part, 0.028, 0.12);
        Assert.Equal(mask.Voxels, SolventMasks.FromHalfMaps(a, b, compute: new ComputeOptions { Threads = 2 }).Voxels);
    }

    [Fact]
    public void A_low_pass_keeps_coarse_waves_and_removes_fine_ones()
    {
        const int n = 32;
        float[] coarse = Wave(3), fine = Wave(12), edge = Wave(8);
        float[] sum = coarse.Zip(fine, (a, b) => a + b).Zip(edge, (a, b) => a + b).ToArray();
        var filtered = MapFilters.LowPass(new DensityMap(n, 2, sum), 2.0 * n / 8, 4, One);
        for (var i = 0; i < sum.Length; i++)
        {
            // Half-way down at the resolution itself.
            Assert.Equal(coarse[i] + (0.5 * edge[i]), filtered.Voxels[i], 1e-4);
        }

        var shells = Enumerable.Range(0, 17).Select(s => s == 12 ? 2.0 : 0).ToArray();
        var kept = MapFilters.ByShell(new DensityMap(n, 2, sum), shells, One);
        Assert.Equal(2 * fine[5], kept.Voxels[5], 1e-4);
        var power = RadialProfiles.ShellPower(new DensityMap(n, 2, coarse), null, One);
        Assert.Equal(3, Array.IndexOf(power, power.Max()));

        static float[] Wave(int k) => Enumerable.Range(0, n * n * n).Select(i => (float)Math.Cos(2 * Math.PI * k * (i % n) / n)).ToArray();
    }
}
