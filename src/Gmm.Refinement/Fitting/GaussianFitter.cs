using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Fits the centres, amplitudes and widths of Gaussians to a map, in three-dimensional Fourier space over all directions.
/// </summary>
/// <remarks>
/// <para>The loss is the whitened least squares L = sum_q w_q sum_k |F - T|^2 / P_q: T the transform of mask * map, P_q the target's power in
/// shell q, w_q the shell's weight. Unlike the FSC it fixes the absolute scale, which a pose optimizer that weighs the model against noise needs. It
/// is minimised by limited-memory BFGS started from the diagonal of the Gauss-Newton matrix, so each amplitude, position and width moves
/// at its own scale. Dead Gaussians are put where density is missing.</para>
/// <para>The published program (EMAN2 e2gmm_refine_new --trainmodel) fits 2-D projections, by Adam at one learning rate that leaves amplitudes and
/// widths almost as they were.</para>
/// <example><code>
/// FitResult fit = GaussianFitter.Fit(halfMap, startModel, new FitOptions { Resolution = 4 }, mask);
/// Use(fit.Model, fit.MeanFsc);
/// </code></example>
/// </remarks>
internal static class GaussianFitter
{
    // A Gaussian below this share of the mean amplitude is dead.
    private const double DeadShare = 0.05;

    // With fewer dead ones than this, a fit that has settled is not taken up again.
    private const double WorthReseeding = 0.005;

    /// <summary>Fits a model.</summary>
    /// <param name="map">The target, usually an unfiltered half map.</param>
    /// <param name="start">The start model; the common scale of its amplitudes does not matter.</param>
    /// <param name="fit">The options.</param>
    /// <param name="mask">A solvent mask on the map's voxels: the target is mask * map. None: the map as it is.</param>
    /// <param name="options">Threads; all processors by default. The result does not depend on them.</param>
    /// <param name="progress">Called after each iteration.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <returns>The fitted model on the map's box.</returns>
    /// <exception cref="ArgumentException">Options outside their range.</exception>
    /// <exception cref="InvalidInputException">
    /// A mask on other voxels than the map, a start model of another box length, or a map without density (in the mask, near the start model).
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static FitResult Fit(
        DensityMap map,
        GaussianModel start,
        FitOptions fit,
        SolventMask? mask = null,
        ComputeOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = (options ?? new ComputeOptions()).StoppedBy(cancellationToken);
        options.Validate();
        fit.Validate();
        var target = FitTarget.Of(map, mask, fit.Resolution, fit.ShellFsc, options);
        return Fit(target, map, start, fit, t => new FitLoss(t, fit.Tolerance, options), progress, cancellationToken);
    }

    internal static FitResult Fit(
        FitTarget target,
        DensityMap map,
        GaussianModel start,
        FitOptions fit,
        Func<FitTarget, IFitLoss> createLoss,
        IProgress<FitProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (Math.Abs(start.BoxLength - map.BoxLength) > 0.01 * map.BoxLength)
        {
            throw new InvalidInputException($"the start model is of a box of {start.BoxLength:f1} angstrom, the map of {map.BoxLength:f1}");
        }

        var spacing = MeanSpacing(start);
        var minWidth = fit.MinWidth ?? fit.DefaultMinWidth;
        var maxWidth = Math.Max(minWidth, fit.MaxWidth ?? Math.Max(0.6 * fit.Resolution, 1.2 * spacing));
        using var run = new FitRun(start, fit, minWidth, maxWidth, createLoss, progress, cancellationToken);
        var radius = target.Ball.Radius;
        if (fit.CoarseToFine && radius >= 16)
        {
            var coarse = radius / 2;
            run.Stage(target.Within(coarse, fit.ShellFsc), fit.MaxIterations / 4);
            run.Reseed(DeadShare, spacing);
        }

        for (var round = 0; ; round++)
        {
            // While dead Gaussians may still be put elsewhere, a round takes its share of the iterations left.
            var rounds = fit.Reseeds + 1 - round;
            var left = fit.MaxIterations - run.Iterations;
            var settled = run.Stage(target, left / rounds);
            if (rounds == 1 || run.Iterations >= fit.MaxIterations || (settled && run.DeadShare(DeadShare) < WorthReseeding))
            {
                break;
            }

            run.Reseed(DeadShare, spacing);
        }

        return run.Result(map, start.Provenance);
    }

    private static double MeanSpacing(GaussianModel model)
    {
        var seeds = new Seeds(model.Count);
        model.X.CopyTo(seeds.X);
        model.Y.CopyTo(seeds.Y);
        model.Z.CopyTo(seeds.Z);
        return model.Count < 2 ? 1 : KMeansSeeder.NeighbourDistances(seeds).Average();
    }
}
