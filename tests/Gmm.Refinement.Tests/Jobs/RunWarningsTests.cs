using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement.Tests;

public sealed class RunWarningsTests
{
    [Theory]
    [InlineData(100, 0, 19.9, 0)]
    [InlineData(100, 20, 19.9, 0)]
    [InlineData(100, 0, 20.1, 1)]
    [InlineData(100, 21, 1.0, 1)]
    [InlineData(100, 100, 50.0, 2)]
    [InlineData(100, 0, double.NaN, 0)]
    public void Poses_that_the_images_do_not_determine_are_said(int particles, int unrefined, double sigma, int expected)
    {
        string[] found = [.. RunWarnings.OfPoses("patch01", particles, unrefined, sigma)];
        Assert.Equal(expected, found.Length);
        Assert.All(found, w => Assert.StartsWith("patch01: ", w, StringComparison.Ordinal));
        Assert.Equal(sigma > 20, found.Any(w => w.Contains("keep the poses you had", StringComparison.Ordinal)));
        Assert.Equal(unrefined > 20, found.Any(w => w.Contains($"{unrefined} of {particles} particles", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(5000, 5000, false)]
    [InlineData(20, 20, false)]
    [InlineData(19, 400, true)]
    [InlineData(3, 4, true)]
    public void A_molecule_of_a_handful_of_Gaussians_is_said(int half1, int half2, bool expected)
    {
        var map = new HalfMap(16, 0.14, new float[16 * 16 * 16], 1);
        map.Voxels[0] = 1;
        var other = new HalfMap(16, 0.14, [.. map.Voxels], 2);
        var mask = SolventMasks.Sphere(16, 0.14, 0.8, 0.3);
        var state = new RefinementState
        {
            Iteration = 1,
            Particles = [],
            Maps = new HalfMapPair(map, other, 1, 1),
            Mask = mask,
            Fsc = FourierShellCorrelation.PhaseRandomised(map, other, mask, new ComputeOptions()),
            Limit = 0.5,
            PreviousLimit = 0.6,
            Statistics = new IterationStatistics { Gaussians = new(half1, half2) },
        };
        var found = RunWarnings.OfModels(state);
        Assert.Equal(expected, found.Any());
        Assert.All(found, w => Assert.Contains("in voxels of 0.14 A", w, StringComparison.Ordinal));
        Assert.Empty(RunWarnings.OfModels(state with { Statistics = null }));

        // 372 Gaussians at 112 A: what refine estimated for the spike of 440 kDa with pixels of 14 in place of 1.4 A; 40 at 112 A are a virus of 33 MDa.
        var huge = RunWarnings.OfModels(state with { PreviousLimit = 112, Statistics = new IterationStatistics { Gaussians = new(372, 380) } });
        Assert.Contains("305 megadaltons", Assert.Single(huge), StringComparison.Ordinal);
        Assert.Empty(RunWarnings.OfModels(state with { PreviousLimit = 112, Statistics = new IterationStatistics { Gaussians = new(40, 40) } }));
    }
}
