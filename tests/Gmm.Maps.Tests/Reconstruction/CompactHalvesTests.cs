using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

public class CompactHalvesTests
{
    private static readonly AnalyticModel Model = RandomGaussians.Make(7, 20, 2.0);

    [Theory]
    [InlineData(32, 1.5, 0.0, 2e-6)]
    [InlineData(33, 1.5, 0.0, 2e-6)] // an odd box
    [InlineData(32, 1.0, 0.0, 3e-4)] // the first plane has no room for two of the map; undoing the kernel raises rounding at the box's edge a hundredfold
    [InlineData(32, 3.0, 0.0, 2e-6)] // all planes have room
    [InlineData(32, 1.5, 7.0, 2e-6)] // sums that end before Nyquist
    public void Maps_made_in_the_memory_of_float32_sums_are_those_of_float64_sums(int n, double padding, double resolution, double rounding)
    {
        var compute = new ComputeOptions { Threads = 2 };
        var source = PreparedParticles.Of(Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = n }], 700, 3), new ImageOptions(), compute);
        var reconstructor = new FourierReconstructor { PaddingFactor = padding };
        var options = new ReconstructionOptions { MaxResolution = resolution > 0 ? resolution : null };
        var expected = reconstructor.ReconstructHalves(new(source), options, compute);
        var halves = new CompactHalves(reconstructor, new(source), options, compute);
        // The second half is summed in the memory that the first half's map was made in.
        AssertAlmost(expected.Half1, halves.Make(1, null, CancellationToken.None), rounding);
        AssertAlmost(expected.Half2, halves.Make(2, null, CancellationToken.None), rounding);
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        // More images than a chunk and a batch.
        var source = PreparedParticles.Of(
            Model.Images([new OpticsGroup { PixelSize = 2, ImageSize = 24 }], 1500, 9), new ImageOptions(), new ComputeOptions { Threads = 2 });
        float[] Map(int threads) => new CompactHalves(
            new FourierReconstructor(), new(source), new ReconstructionOptions(), new ComputeOptions { Threads = threads })
            .Make(2, null, CancellationToken.None).Voxels;
        var one = Map(1);
        Assert.Equal(one, Map(2));
        Assert.Equal(one, Map(40));
    }

    [Fact]
    public void Only_sums_that_are_used_once_and_here_can_be_compact()
    {
        Assert.True(CompactHalves.Can(new FourierReconstructor(), SymmetryGroup.None));
        Assert.True(CompactHalves.Can(new FourierReconstructor(), SymmetryGroup.Parse("C3")));
        // Its two-fold axes turn the grid onto itself, which takes a second grid.
        Assert.False(CompactHalves.Can(new FourierReconstructor(), SymmetryGroup.Parse("D2")));
    }

    private static void AssertAlmost(DensityMap expected, DensityMap map, double rounding)
    {
        Assert.Equal((expected.Size, expected.PixelSize), (map.Size, map.PixelSize));
        double off = 0, square = 0;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            off += Math.Pow(map.Voxels[i] - expected.Voxels[i], 2);
            square += Math.Pow(expected.Voxels[i], 2);
        }

        // A few batches in float32 round by 6e-8 each; a plane in the wrong place is off by the whole.
        Assert.True(Math.Sqrt(off / square) < rounding, $"relative difference {Math.Sqrt(off / square)}");
    }
}
