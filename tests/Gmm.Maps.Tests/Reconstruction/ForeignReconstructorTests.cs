using Gmm.Core;
using Gmm.TestData;
using Xunit;

namespace Gmm.Maps.Tests;

/// <summary>What the interface makes of a reconstructor that can do one half only, beside the ready one that shares its sums.</summary>
public class ForeignReconstructorTests
{
    private static readonly ComputeOptions Two = new() { Threads = 2 };
    private static readonly ReconstructionOptions Options = new() { MaxResolution = 6 };
    private static readonly MemorySource Source = RandomGaussians.Make(9, 18, 2).Images(
        [new OpticsGroup { PixelSize = 2, ImageSize = 32, CtfState = CtfState.None }], 90, 31);

    [Fact]
    public void Both_halves_are_those_of_the_ready_one()
    {
        var told = new List<ReconstructionProgress>();
        IReconstructor foreign = new OneHalf();
        var maps = foreign.ReconstructHalves(new(Source), Options, Two, new Told(told.Add));
        var expected = new FourierReconstructor().ReconstructHalves(new(Source), Options, Two);
        Assert.Equal(expected.Half1.Voxels, maps.Half1.Voxels);
        Assert.Equal(expected.Half2.Voxels, maps.Half2.Voxels);
        Assert.Equal((expected.Count1, expected.Count2), (maps.Count1, maps.Count2));
        Assert.Equal(told.Order(Comparer<ReconstructionProgress>.Create((a, b) => a.Done - b.Done)), told);
        Assert.All(told, p => Assert.Equal(90, p.Total));
        Assert.Equal(90, told[^1].Done);
    }

    [Fact]
    public void Folds_made_one_by_one_are_those_that_share_their_sums()
    {
        int[] foldOf = [.. Enumerable.Range(0, 90).Select(i => i < 4 ? -1 : i / 2 % 3)];
        IReconstructor foreign = new OneHalf(), ready = new FourierReconstructor();
        var maps = foreign.ReconstructFolds(new(Source), 1, foldOf, 3, Options, Two);
        var expected = ready.ReconstructFolds(new(Source), 1, foldOf, 3, Options, Two);
        Assert.Equal((4, 4), (maps.Length, expected.Length));
        for (var m = 0; m < 4; m++)
        {
            // Float64 sums in another order, then float32.
            var largest = expected[m].Voxels.Max(Math.Abs);
            Assert.All(expected[m].Voxels.Zip(maps[m].Voxels), v => Assert.Equal(v.First, v.Second, 1e-6f * largest));
            Assert.Equal(1, maps[m].Half);
        }

        Assert.NotEqual(expected[0].Voxels, expected[1].Voxels);
        Assert.Single(ready.ReconstructFolds(new(Source), 2, new int[90], 1, Options, Two));
        Assert.Throws<ArgumentOutOfRangeException>(() => foreign.ReconstructFolds(new(Source), 1, [0], 1, Options, Two));
        Assert.Throws<ArgumentOutOfRangeException>(() => ready.ReconstructFolds(new(Source), 1, [0], 1, Options, Two));
    }

    [Fact]
    public void The_name_holds_every_setting()
    {
        Assert.Equal("fourier(padding 1.5)", new FourierReconstructor().Name);
        Assert.Equal("fourier(padding 2, corners kept)", new FourierReconstructor { PaddingFactor = 2, MaskCorners = false }.Name);
    }

    private sealed class OneHalf : IReconstructor
    {
        public string Name => "one half at a time";

        public HalfMap ReconstructHalf(
            ReconstructionInput input,
            int half,
            ReconstructionOptions options,
            ComputeOptions compute,
            IProgress<ReconstructionProgress>? progress = null,
            CancellationToken cancellationToken = default) =>
            new FourierReconstructor().ReconstructHalf(input, half, options, compute, progress, cancellationToken);
    }

    private sealed class Told(Action<ReconstructionProgress> report) : IProgress<ReconstructionProgress>
    {
        public void Report(ReconstructionProgress value) => report(value);
    }
}
