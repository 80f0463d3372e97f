using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

public class WorkingGridTests
{
    [Theory]
    [InlineData(160, 1.4, 3.7, 160)] // a small box
    [InlineData(400, 0.7, 4.0, 200)] // 280 A: 1.4 x 70 shells are 98
    [InlineData(512, 0.7, 4.0, 256)] // 358.4 A: 125.4
    [InlineData(512, 0.7, 12.0, 216)] // no coarser than 3.5 A
    [InlineData(512, 0.7, 2.0, 512)] // fine maps of fine images
    [InlineData(360, 1.2, 3.0, 360)]
    public void Maps_have_the_voxels_that_their_resolution_needs(int box, double pixel, double resolution, int expected)
    {
        var images = new OpticsGroup { ImageSize = box, PixelSize = pixel };
        var grid = new WorkingGrids(images, new RefinementOptions { StartResolution = resolution }).First;
        Assert.Equal(expected, grid.Size);
        Assert.Equal(images.BoxLength, grid.Size * grid.PixelSize, 1e-9);
        Assert.True(grid.Size == box || grid.Size / (2 * images.BoxLength) >= 1.4 / Math.Max(resolution, 1.4 * 3.5));
    }

    [Theory]
    [InlineData(5.0, null)] // 72 of 108 shells
    [InlineData(3.5, 288)] // 102 of 108: made again to 1.4 times the last shell
    public void Maps_whose_curve_does_not_end_inside_them_are_made_again(double resolution, int? expected)
    {
        var grids = new WorkingGrids(new OpticsGroup { ImageSize = 512, PixelSize = 0.7 }, new RefinementOptions());
        var grid = grids.First;
        Assert.Equal(216, grid.Size);
        var curve = new FscCurve(grid.Size, grid.PixelSize, [.. Enumerable.Range(0, (grid.Size / 2) + 1).Select(s => s <= 358.4 / resolution ? 1.0 : 0)]);
        var signal = new SignalTest(9, 1, SignalTest.Least);
        var fsc = new CorrectedFsc(curve, curve, curve, curve, 5, signal, signal);
        Assert.Equal(expected, grids.Finer(grid, fsc) is { } finer ? finer.Size >= 1.4 * grid.Size ? 288 : 0 : null);
        Assert.Null(grids.Finer(grids.Full, fsc));
    }

    [Fact]
    public void A_mask_is_sampled_where_the_voxels_are()
    {
        // Linear in each coordinate, so that values between voxels are known; odd and even boxes have their centres at different voxels.
        foreach (var (from, to) in new[] { (64, 40), (40, 64), (45, 24), (24, 45) })
        {
            static float At(double x, double y, double z) => (float)(0.5 + (0.004 * x) - (0.002 * y) + (0.001 * z));
            var mask = new SolventMask(from, 90.0 / from, Fill(from, At));
            var sampled = new WorkingGrid(to, 90.0 / to).Resample(mask, new ComputeOptions { Threads = 2 });
            var exact = Fill(to, At);
            for (var i = 0; i < exact.Length; i++)
            {
                // Beyond the last voxel the value stands still.
                var inside = new[] { i % to, i / to % to, i / (to * to) }.All(v => Math.Abs(v - (to / 2)) * 90.0 / to <= ((from / 2) - 1) * 90.0 / from);
                Assert.True(!inside || Math.Abs(exact[i] - sampled.Voxels[i]) < 1e-6, $"{from} to {to}, voxel {i}: {sampled.Voxels[i]} for {exact[i]}");
            }
        }

        static float[] Fill(int n, Func<double, double, double, float> at)
        {
            var pixel = 90.0 / n;
            return [.. Enumerable.Range(0, n * n * n).Select(i => at(
                ((i % n) - (n / 2)) * pixel, ((i / n % n) - (n / 2)) * pixel, ((i / (n * n)) - (n / 2)) * pixel))];
        }
    }

    [Fact]
    public void Iterations_on_fewer_voxels_end_with_the_maps_of_all()
    {
        var group = new OpticsGroup { ImageSize = 80, PixelSize = 1.5 };
        var source = PoseTestData.Particles(80, 2, 51, PoseTestData.Ball(60, 32, 17, 80, 1.5), [group]);
        var options = JobTestData.Options with { Iterations = 1, Mask = SolventMasks.Sphere(80, 1.5, 44, 8), MaxResolution = null, StartResolution = 9 };
        var compute = new ComputeOptions { Threads = 2 };
        RefinementLoop full = new(source, options, compute), fewer = new(source, options, compute)
        {
            Grids = new WorkingGrids(group, options) { LargeBox = 64, Coarsest = 5.5 },
        };
        RefinementState a = full.Start(), b = fewer.Start();
        Assert.Equal(80, a.Maps.Half1.Size);
        Assert.InRange(b.Maps.Half1.Size, 40, 64);
        Assert.Same(a.Maps, full.FullMaps(a));
        Assert.Equal(80, b.Mask.Size);

        // The same coefficients up to the resolution, but for the noise beyond the coarser Nyquist that the edge of the mask (8 A) brings there.
        var difference = Difference(a.Maps.Half1, b.Maps.Half1, a.Mask, a.Resolution!.Value);
        Assert.True(difference < 0.04, $"{difference} to {a.Resolution} A in {b.Maps.Half1.Size} voxels");
        Assert.Equal(a.Resolution!.Value, b.Resolution!.Value, 0.05);

        // At one set of poses the maps on all voxels are the same but for the rounding of their sums.
        var again = fewer.FullMaps(b);
        Assert.Equal((a.Maps.Count1, a.Maps.Count2), (again.Count1, again.Count2));
        Assert.InRange(Difference(a.Maps.Half1, again.Half1, a.Mask, 3), 0, 2e-6);
        Assert.InRange(Difference(a.Maps.Half2, again.Half2, a.Mask, 3), 0, 2e-6);

        (a, b) = (full.Next(a), fewer.Next(b));
        Assert.InRange(b.Maps.Half1.Size, 40, 64);
        Assert.Equal((80, 1.5), (b.Models!.Value.Half1.BoxSize, b.Models!.Value.Half1.PixelSize));
        Assert.Equal(a.Resolution!.Value, b.Resolution!.Value, 0.15);
        var (ea, eb) = (PoseErrors.Compare(source.Particles, a.Poses), PoseErrors.Compare(source.Particles, b.Poses));
        Assert.Equal(ea.RotationMedian, eb.RotationMedian, 0.15 * ea.RotationMedian);
        Assert.Equal(80, fewer.FullMaps(b).Half2.Size);
    }

    private static double Difference(DensityMap a, DensityMap b, SolventMask mask, double resolution)
    {
        var ball = FourierBall.ForResolution(b.Size, b.PixelSize, resolution);
        float[] Masked(DensityMap map)
        {
            var own = new WorkingGrid(map.Size, map.PixelSize).Resample(mask, new ComputeOptions());
            return [.. map.Voxels.Zip(own.Voxels, (v, m) => v * m)];
        }

        float[] ar = new float[ball.Count], ai = new float[ball.Count], br = new float[ball.Count], bi = new float[ball.Count];
        new BallTransform(a.Size, ball).Forward(Masked(a), ar, ai);
        new BallTransform(b.Size, ball).Forward(Masked(b), br, bi);
        double difference = 0, power = 0;
        for (var i = 0; i < ball.Count; i++)
        {
            difference += Math.Pow(ar[i] - br[i], 2) + Math.Pow(ai[i] - bi[i], 2);
            power += ((double)ar[i] * ar[i]) + ((double)ai[i] * ai[i]);
        }

        return Math.Sqrt(difference / power);
    }
}
