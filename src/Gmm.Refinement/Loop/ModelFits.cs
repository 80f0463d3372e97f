using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Fits the models of the half maps, each to its own.</summary>
internal sealed class ModelFits(RefinementOptions options, ComputeOptions compute, OpticsGroup images)
{
    /// <summary>Side of a box, voxels, from which the halves' models are fitted one after the other.</summary>
    private const int LargeBox = 200;

    /// <summary>Fits both.</summary>
    /// <param name="maps">The half maps.</param>
    /// <param name="area">Where, and to what resolution.</param>
    /// <param name="iteration">The iteration, for the progress.</param>
    /// <param name="progress">Told of the first half's fit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The fits of half 1 and half 2.</returns>
    public FitResult[] Fit(HalfMapPair maps, FitArea area, int iteration, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var fits = new FitResult[2];
        var mask = WorkingGrid.Of(maps.Half1).Resample(area.Mask, compute);
        // The halves share no data, so they are fitted side by side, unless the box is so large that the memory of two fits counts; the
        // result is the same.
        var atOnce = maps.Half1.Size < LargeBox ? Math.Min(2, compute.Threads) : 1;
        var threads = Math.Max(1, compute.Threads / atOnce);
        Guarded.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, h =>
        {
            var map = h == 0 ? maps.Half1 : maps.Half2;
            var report = progress is null || h > 0 ? null : new Relay<FitProgress>(p =>
                progress.Report(new RefinementProgress(iteration, options.Iterations, RefinementStage.FittingModels, p.Iteration, p.MaxIterations)));
            var own = (compute with { Threads = threads, Seed = compute.Seed + h }).StoppedBy(cancellationToken);
            fits[h] = options.ModelBuilder.Build(map, mask, BuildOptions(area, h + 1, own), own, report, cancellationToken);
            var model = PartChecks.Model(options.ModelBuilder, fits[h]?.Model, map);
            // Whatever the voxels of the map, it is a model of what the images show.
            fits[h] = fits[h] with { Model = model.OnGrid(images.ImageSize, images.PixelSize) };
        });
        return fits;
    }

    /// <summary>
    /// Every iteration seeds its models anew: a model carried over from the last iteration fits its half map as well, but keeps some of the
    /// older map's noise and is farther from the truth (docs/notes/benchmarks.md); and the number of Gaussians follows the resolution.
    /// </summary>
    private ModelBuildOptions BuildOptions(FitArea area, int half, ComputeOptions own)
    {
        var count = area.IsRegion ? null : options.Gaussians;
        var build = new ModelBuildOptions { Resolution = area.Resolution, Gaussians = count };
        if (options.SeedModel is not { } atoms)
        {
            return build;
        }

        var seeded = area.IsRegion ? WidthMask.Inside(atoms, area.Mask) : atoms;
        return build with { Seeds = AtomicSeeder.Seed(seeded.X, seeded.Y, seeded.Z, area.Resolution, half, count, own) };
    }
}
