using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class PatchPartitionTests
{
    private const int Box = 48;
    private const double Pixel = 2.5;

    private static readonly SolventMask Solvent = SolventMasks.Sphere(Box, Pixel, 56, 4);

    [Fact]
    public void Separate_blobs_are_found_and_covered()
    {
        (double X, double Y, double Z)[] blobs = [(25, 0, -20), (-25, 5, -20), (0, 25, 20), (0, -25, 20)];
        var patches = PatchPartition.Make(Blobs(blobs, 1), Blobs(blobs, 2), Solvent, new PatchPartitionOptions { Count = 4 });
        Assert.Equal(["patch01", "patch02", "patch03", "patch04"], patches.Select(p => p.Name));
        foreach (var (x, y, z) in blobs)
        {
            var nearest = patches.MinBy(p => Distance(p, x, y, z))!;
            Assert.True(Distance(nearest, x, y, z) < 2);
        }

        foreach (var model in new[] { Blobs(blobs, 1), Blobs(blobs, 2) })
        {
            for (var j = 0; j < model.Count; j++)
            {
                // Every Gaussian lies where some mask is 1, up to the interpolation at a sphere's rim.
                Assert.True(patches.Max(p => new MaskSampler(p.Mask).At(model.X[j], model.Y[j], model.Z[j])) > 0.9);
            }
        }
    }

    [Fact]
    public void The_result_depends_on_both_halves_alike_and_on_the_seed_alone()
    {
        GaussianModel a = PoseTestData.Ball(300, 45, 5, Box, Pixel), b = PoseTestData.Ball(300, 45, 6, Box, Pixel);
        var options = new PatchPartitionOptions { Count = 5 };
        var first = PatchPartition.Make(a, b, Solvent, options, new ComputeOptions { Threads = 1, Seed = 4 });
        var again = PatchPartition.Make(a, b, Solvent, options, new ComputeOptions { Threads = 2, Seed = 4 });
        Assert.Equal(first.Select(p => (p.X, p.Y, p.Z)), again.Select(p => (p.X, p.Y, p.Z)));
        Assert.Equal(first[3].Mask.Voxels, again[3].Mask.Voxels);

        // Moving half 2's Gaussians moves the patches as much as moving half 1's does.
        var shifted = new GaussianModel([.. b.X.ToArray().Select(x => x + 4)], b.Y, b.Z, b.Amplitudes, b.Widths, Box, Pixel);
        var other = PatchPartition.Make(a, shifted, Solvent, new PatchPartitionOptions { Count = 1 });
        var plain = PatchPartition.Make(a, b, Solvent, new PatchPartitionOptions { Count = 1 });
        Assert.Equal(2, other[0].X - plain[0].X, 1e-3);
    }

    [Property]
    public Property Patches_follow_a_symmetry() =>
        Prop.ForAll(Gen.Elements("C2", "C3", "D2", "T").ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (name, seed) =>
        {
            var group = SymmetryGroup.Parse(name);
            var model = PoseTestData.Ball(400, 45, seed, Box, Pixel);
            var patches = PatchPartition.Make(
                model, model, Solvent, new PatchPartitionOptions { Count = 2 * group.Order, Symmetry = group, LeastGaussians = 2 });
            for (var orbit = 0; orbit < 2; orbit++)
            {
                var first = patches[orbit * group.Order];
                for (var g = 0; g < group.Order; g++)
                {
                    var (x, y, z) = group.Operators[g].Apply(first.X, first.Y, first.Z);
                    Assert.True(Distance(patches[(orbit * group.Order) + g], x, y, z) < 1e-6);
                }
            }
        });

    [Fact]
    public void Tight_masks_follow_the_cluster()
    {
        // Two rods side by side: the sphere around one covers much of the other, the tight mask does not.
        var rods = Rods();
        var spheres = PatchPartition.Make(rods, rods, Solvent, new PatchPartitionOptions { Count = 2 });
        var tight = PatchPartition.Make(rods, rods, Solvent, new PatchPartitionOptions { Count = 2, Tight = true });
        for (var k = 0; k < 2; k++)
        {
            Assert.True(tight[k].Mask.Voxels.Sum() < 0.6 * spheres[k].Mask.Voxels.Sum());
            var sampler = new MaskSampler(tight[k].Mask);
            var own = Math.Sign(tight[k].X);
            Assert.True(sampler.At(24 * own, 0, 0) > 0.95);
            Assert.True(sampler.At(24 * own, 0, 25) > 0.95);
            Assert.True(sampler.At(-24 * own, 0, 0) < 0.3);
        }
    }

    [Fact]
    public void More_patches_than_the_Gaussians_can_fill_are_an_error()
    {
        var few = PoseTestData.Ball(40, 30, 8, Box, Pixel);
        var many = PoseTestData.Ball(400, 30, 9, Box, Pixel);
        var error = Assert.Throws<InvalidInputException>(() => PatchPartition.Make(many, few, Solvent, new PatchPartitionOptions { Count = 8 }));
        Assert.Contains("8 patches are more than the 40 Gaussians of half 2 can fill", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidInputException>(
            () => PatchPartition.Make(many, many, Solvent, new PatchPartitionOptions { Count = 8, Symmetry = SymmetryGroup.Parse("C3") }));
        Assert.Contains("8 is not a multiple", error.Message, StringComparison.Ordinal);

        // 32 Gaussians on four points fill four patches, not five.
        var points = Blobs([(20, 0, 0), (-20, 0, 0), (0, 20, 0), (0, -20, 0)], 3, 10, 1e-3);
        error = Assert.Throws<InvalidInputException>(() => PatchPartition.Make(points, points, Solvent, new PatchPartitionOptions { Count = 5 }));
        Assert.Contains("cannot fill 5 patches", error.Message, StringComparison.Ordinal);
    }

    private static double Distance(Patch p, double x, double y, double z) =>
        Math.Sqrt(Math.Pow(p.X - x, 2) + Math.Pow(p.Y - y, 2) + Math.Pow(p.Z - z, 2));

    private static GaussianModel Blobs((double X, double Y, double Z)[] centres, int seed, int each = 60, double spread = 5)
    {
        var random = new Random(seed);
        var points = centres.SelectMany(c => Enumerable.Range(0, each).Select(_ => (
            X: c.X + (spread * Draw.Normal(random)), Y: c.Y + (spread * Draw.Normal(random)),
            Z: c.Z + (spread * Draw.Normal(random))))).ToArray();
        return OfPoints([.. points.Select(p => (p.X, p.Y, p.Z))]);
    }

    private static GaussianModel Rods() => OfPoints([.. new[] { -24.0, 24 }.SelectMany(x => Enumerable.Range(0, 60).Select(i => (x, 0.0, i - 30.0)))]);

    private static GaussianModel OfPoints((double X, double Y, double Z)[] points)
    {
        float[] ones = [.. points.Select(_ => 100f)], widths = [.. points.Select(_ => 3f)];
        return new GaussianModel(
            [.. points.Select(p => (float)p.X)], [.. points.Select(p => (float)p.Y)], [.. points.Select(p => (float)p.Z)], ones, widths, Box, Pixel);
    }
}
