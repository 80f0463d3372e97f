using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Fits the models of the half maps, each to its own.</summary>
internal sealed class ModelFits(RefinementOptions options, ComputeOptions compute, OpticsGroup images)
{
    /// <summary>Side of a box, voxels, from which the halves' models are fitted one after the other.</summary>
    private const int LargeBox = 200;

    private (FitArea Area, FitResult Fit)? _given;

    /// <summary>Fits both.</summary>
    /// <param name="maps">The half maps.</param>
    /// <param name="area">Where, and to what resolution.</param>
    /// <param name="iteration">The iteration, for the progress.</param>
    /// <param name="progress">Told of the first half's fit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The fits of half 1 and half 2.</returns>
    public FitResult[] Fit(HalfMapPair maps, FitArea area, int iteration, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        // The halves share no data, so they are fitted side by side, unless the box is so large that the memory of two fits counts; the
        // result is the same.
        var atOnce = maps.Half1.Size < LargeBox ? Math.Min(2, compute.Threads) : 1;
        var mask = WorkingGrid.Of(maps.Half1).Resample(area.Mask, compute);
        var fits = new FitResult[2];
        Guarded.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, h =>
            fits[h] = FitOne(
                h == 0 ? maps.Half1 : maps.Half2, h, mask, area, Math.Max(1, compute.Threads / atOnce), h == 0 ? Reporter(iteration, progress) : null,
                cancellationToken));
        return fits;
    }

    /// <summary>Fits a map that is given in the place of both: one model, and the same again for as long as it is to be shown so fine.</summary>
    /// <param name="reference">The map.</param>
    /// <param name="area">Where, and to what resolution.</param>
    /// <param name="iteration">The iteration, for the progress.</param>
    /// <param name="progress">Told of the fit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The fit, of half 1 and of half 2.</returns>
    public FitResult[] FitGiven(
        GivenReference reference, FitArea area, int iteration, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        if (_given is not { } known || known.Area != area)
        {
            var map = reference.AsHalf();
            var mask = WorkingGrid.Of(map).Resample(area.Mask, compute);
            _given = known = (area, FitOne(map, 0, mask, area, compute.Threads, Reporter(iteration, progress), cancellationToken));
        }

        return [known.Fit, known.Fit];
    }

    private Relay<FitProgress>? Reporter(int iteration, IProgress<RefinementProgress>? progress) => progress is null ? null : new Relay<FitProgress>(p =>
        progress.Report(new RefinementProgress(iteration, options.Iterations, RefinementStage.FittingModels, p.Iteration, p.MaxIterations)));

    private FitResult FitOne(
        HalfMap map, int half, SolventMask mask, FitArea area, int threads, Relay<FitProgress>? report, CancellationToken cancellationToken)
    {
        var own = (compute with { Threads = threads, Seed = compute.Seed + half }).StoppedBy(cancellationToken);
        var fit = options.ModelBuilder.Build(map, mask, BuildOptions(area, half + 1, own), own, report, cancellationToken);
        var model = PartChecks.Model(options.ModelBuilder, fit?.Model, map);
        // Whatever the voxels of the map, it is a model of what the images show.
        return fit! with { Model = model.OnGrid(images.ImageSize, images.PixelSize) };
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
