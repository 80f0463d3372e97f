namespace Gmm.Heterogeneity;

/// <summary>
/// The logarithm of the posterior of one particle's latent point: the score of the model deformed by it, less |z|^2 / 2 of the standard normal prior.
/// It serves one thread at a time.
/// </summary>
public interface ILatentPosterior
{
    /// <summary>Latent coordinates d.</summary>
    int Dimension { get; }

    /// <summary>Evaluates it.</summary>
    /// <param name="latent">The point, d values.</param>
    /// <param name="gradient">Receives the derivatives, d values.</param>
    /// <param name="information">Receives the Gauss-Newton approximation of minus the second derivatives, d x d values, symmetric and positive.</param>
    /// <returns>The value, in units of log-likelihood; negative infinity where a Gaussian would leave the box, with derivatives of no use.</returns>
    double Evaluate(ReadOnlySpan<float> latent, Span<double> gradient, Span<double> information);
}
