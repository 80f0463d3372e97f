using Gmm.Core;

namespace Gmm.Maps.Tests;

/// <summary>Resampling in Fourier space, against waves whose values between voxels are known.</summary>
public class FourierResizeTests
{
    [Theory]
    [InlineData(24, 16)]
    [InlineData(24, 15)]
    [InlineData(21, 16)]
    [InlineData(16, 24)]
    [InlineData(15, 22)]
    public void A_wave_that_both_grids_hold_keeps_its_values_everywhere(int from, int to)
    {
        var (before, after) = (Wave(from), Wave(to));
        var resized = FourierResize.To(before, to, new ComputeOptions());
        Assert.Equal(before.BoxLength, resized.BoxLength, 1e-9);
        Assert.All(resized.Voxels.Zip(after.Voxels), p => Assert.Equal(p.Second, p.First, 1e-5));
    }

    [Fact]
    public void What_the_coarser_grid_cannot_hold_is_dropped_and_not_folded()
    {
        const int N = 24;
        var fine = new float[N * N * N];
        for (var i = 0; i < fine.Length; i++)
        {
            fine[i] = 3 + (float)Math.Cos(2 * Math.PI * 10 * (i % N) / N);
        }

        Assert.All(FourierResize.To(new DensityMap(N, 1, fine), 12, new ComputeOptions()).Voxels, v => Assert.Equal(3, v, 1e-5));
    }

    /// <summary>A constant and waves along all axes, of a box of 48 angstrom.</summary>
    private static DensityMap Wave(int n)
    {
        var voxels = new float[n * n * n];
        for (var i = 0; i < voxels.Length; i++)
        {
            var (x, y, z) = (i % n / (double)n, i / n % n / (double)n, i / n / n / (double)n);
            voxels[i] = (float)(0.7 + Math.Sin(2 * Math.PI * ((3 * x) - (5 * y) + (2 * z))) + (0.5 * Math.Cos(2 * Math.PI * 6 * z)));
        }

        return new DensityMap(n, 48.0 / n, voxels);
    }
}
