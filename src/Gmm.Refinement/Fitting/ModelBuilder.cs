using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Builds the Gaussian model of a half map: seeds, then the fit. What `gmm build` and each round of a refinement do.</summary>
/// <example><code>
/// FitResult built = new ModelBuilder().Build(halfMap, mask, new ModelBuildOptions { Resolution = 4 });
/// Console.WriteLine($"{built.Model.Count} Gaussians, mean FSC {built.MeanFsc:f3}");
/// </code></example>
public sealed class ModelBuilder : IModelBuilder
{
    private const int LargestSeedGrid = 256;
    private const double EnvelopeFactor = 2.5;

    private readonly Func<FitTarget, double, ComputeOptions, IFitLoss> _createLoss;

    /// <summary>Makes a builder that computes on the processor.</summary>
    public ModelBuilder() => (Name, _createLoss) = ("seeds and fit", (target, tolerance, options) => new FitLoss(target, tolerance, options));

    /// <summary>Makes a builder whose fit compares the Gaussians with the map in another way, or elsewhere; seeds and steps are the same.</summary>
    /// <param name="where">What that is, and every setting of it that changes a result, on one line.</param>
    /// <param name="createLoss">Makes the comparison with a target, to a relative error of the transforms; the fit disposes it.</param>
    public ModelBuilder(string where, Func<FitTarget, double, ComputeOptions, IFitLoss> createLoss)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(where);
        ArgumentNullException.ThrowIfNull(createLoss);
        (Name, _createLoss) = ($"seeds and fit on {where}", createLoss);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public FitResult Build(
        DensityMap halfMap,
        SolventMask? mask,
        ModelBuildOptions build,
        ComputeOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(halfMap);
        ArgumentNullException.ThrowIfNull(build);
        options = (options ?? new ComputeOptions()).StoppedBy(cancellationToken);
        options.Validate();
        var fit = (build.Fit ?? new FitOptions { Resolution = build.Resolution, CoarseToFine = build.Start is null && build.Seeds is not null }) with
        {
            Resolution = build.Resolution,
        };
        fit.Validate();
        // Weights by shell are of the whole box.
        var (map, inside) = fit.ShellFsc is null ? MaskedBox.Cut(halfMap, mask) : (halfMap, mask);
        var target = FitTarget.Of(map, inside, fit.Resolution, fit.ShellFsc, options);
        // A start of a box of another length keeps the ratio, by which the fitter refuses it.
        var start = build.Start?.OnGrid(map.Size, map.PixelSize * build.Start.BoxLength / halfMap.BoxLength);
        if (start is null)
        {
            var seeds = build.Seeds ?? FromDensity(target, build, options, cancellationToken);
            start = StartModel(seeds, map, fit);
        }

        var fitted = GaussianFitter.Fit(target, map, start, fit, t => _createLoss(t, fit.Tolerance, options), progress, cancellationToken);
        return fitted with { Model = fitted.Model.OnGrid(halfMap.Size, halfMap.PixelSize) };
    }

    /// <summary>Seeds from the target, filtered to the resolution and sampled three times finer than it.</summary>
    private static Seeds FromDensity(FitTarget target, ModelBuildOptions build, ComputeOptions options, CancellationToken cancellationToken)
    {
        var radius = target.Ball.Radius;
        var size = FftSizes.NextFastEven(Math.Max((2 * radius) + 2, Math.Min(3 * radius, LargestSeedGrid)));
        var map = Sample(target, size, options);
        var cloud = build.Threshold is { } threshold
            ? VoxelCloud.Above(map, threshold)
            : VoxelCloud.InEnvelope(map, Sample(target.Within(Math.Max(1, (int)(radius / EnvelopeFactor)), null), size, options));
        cancellationToken.ThrowIfCancellationRequested();
        var count = build.Gaussians ?? GaussianCountEstimator.Estimate(cloud, build.Resolution);
        return KMeansSeeder.Seed(cloud, count, options, cancellationToken: cancellationToken);
    }

    private static DensityMap Sample(FitTarget target, int size, ComputeOptions compute)
    {
        var voxels = new float[size * size * size];
        new BallTransform(size, target.Ball).Inverse(target.Re, target.Im, voxels, compute.Threads, compute.CancellationToken);
        return new DensityMap(size, target.Ball.BoxLength / size, voxels);
    }

    private static GaussianModel StartModel(Seeds seeds, DensityMap map, FitOptions fit)
    {
        // Half the distance of neighbours: the sum of Gaussians is then about flat between them.
        var spacing = seeds.Count < 2 ? fit.Resolution : KMeansSeeder.NeighbourDistances(seeds).Average();
        var width = Math.Max(fit.MinWidth ?? fit.DefaultMinWidth, 0.5 * spacing);
        var widths = new float[seeds.Count];
        Array.Fill(widths, (float)width);
        return new GaussianModel(
            seeds.X, seeds.Y, seeds.Z, seeds.Density, widths, map.Size, map.PixelSize, $"gmm build, {seeds.Count} seeds, {fit.Resolution:g4} A");
    }
}
