using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Gauss-Newton steps on the logarithm of the posterior, damped only while they fail. The inverse of the matrix at the end is the covariance of the point
/// (docs/heterogeneity.md, What it does, 7).
/// </summary>
/// <param name="steps">Steps tried at most; 0 keeps the encoder's point, and gives its uncertainty.</param>
/// <exception cref="ArgumentOutOfRangeException">A negative number of steps.</exception>
public sealed class GaussNewtonRefiner(int steps = 2) : ILatentRefiner
{
    private readonly int _steps = steps >= 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps));

    /// <inheritdoc/>
    public string Name => FormattableString.Invariant($"gauss-newton(steps {_steps})");

    /// <inheritdoc/>
    public void Refine(ILatentPosterior posterior, Span<float> latent, Span<float> sigma)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        var d = posterior.Dimension;
        double[] gradient = new double[d], information = new double[d * d];
        var kept = latent.ToArray();
        var climb = new LatentClimb(posterior, kept);
        DampedClimb.Run(ref climb, _steps, DampingSchedule.WhenNeeded, gradient, information, new double[DampedClimb.MemoryFor(d)]);
        kept.CopyTo(latent);
        Deviations(information, sigma);
    }

    /// <summary>Refines the points of many particles, whose posteriors are evaluated together.</summary>
    internal void Refine(IBatchPosterior posterior, float[][] latents, float[][] sigmas)
    {
        var d = posterior.Dimension;
        double[][] Rows(int length) => [.. latents.Select(_ => new double[length])];
        var (gradients, matrices) = (Rows(d), Rows(d * d));
        LatentClimb[] climbs = [.. latents.Select(l => new LatentClimb(null, l))];
        DampedClimb.RunAll(climbs, _steps, DampingSchedule.WhenNeeded, gradients, matrices, (which, slopes, found) =>
            posterior.Evaluate(which, [.. which.Select(i => climbs[i].Candidate)], slopes, found));
        for (var i = 0; i < latents.Length; i++)
        {
            Deviations(matrices[i], sigmas[i]);
        }
    }

    private static void Deviations(ReadOnlySpan<double> information, Span<float> sigma)
    {
        var d = sigma.Length;
        var covariance = new double[d * d];
        var inverted = Cholesky.TryInvert(d, information, covariance);
        for (var k = 0; k < d; k++)
        {
            // The prior alone if the images say nothing at all.
            sigma[k] = inverted ? (float)Math.Sqrt(covariance[(k * d) + k]) : 1;
        }
    }
}
