using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement.Tests;

public class GivenFitTests
{
    [Fact]
    public void A_map_that_is_given_is_fitted_once_for_both_halves_and_all_iterations()
    {
        var builder = new Counting();
        var group = new OpticsGroup { Id = 1, Name = "g", ImageSize = 16, PixelSize = 2 };
        var fits = new ModelFits(new RefinementOptions { ModelBuilder = builder }, new ComputeOptions(), group);
        var mask = new SolventMask(16, 2, [.. Enumerable.Repeat(1f, 16 * 16 * 16)]);
        var reference = new GivenReference(new DensityMap(16, 2, new float[16 * 16 * 16]), 8);
        var first = fits.FitGiven(reference, new FitArea(mask, false, 8), 1, null, CancellationToken.None);
        Assert.Same(first[0], first[1]);
        Assert.Same(first[0], fits.FitGiven(reference, new FitArea(mask, false, 8), 2, null, CancellationToken.None)[1]);
        Assert.Equal(1, builder.Count);
        // To another resolution it is another model.
        fits.FitGiven(reference, new FitArea(mask, false, 6), 3, null, CancellationToken.None);
        Assert.Equal(2, builder.Count);
    }

    private sealed class Counting : IModelBuilder
    {
        public int Count { get; private set; }

        public string Name => "counting";

        public FitResult Build(
            DensityMap halfMap, SolventMask? mask, ModelBuildOptions build, ComputeOptions? options = null, IProgress<FitProgress>? progress = null,
            CancellationToken cancellationToken = default)
        {
            Count++;
            return new FitResult(new GaussianModel([0], [0], [0], [1], [2], halfMap.Size, halfMap.PixelSize), 1, [1], 0, 0, 0, 0);
        }
    }
}
