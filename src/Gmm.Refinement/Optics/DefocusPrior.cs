namespace Gmm.Refinement;

/// <summary>What is known of a particle's defocus beforehand: a normal distribution of each coordinate.</summary>
/// <param name="Mean">The middle.</param>
/// <param name="Sigma">Standard deviations.</param>
internal readonly record struct DefocusPrior(Defocus Mean, Defocus Sigma)
{
    /// <summary>Inverse variance of a coordinate.</summary>
    public double Information(int coordinate) => 1 / (Sigma[coordinate] * Sigma[coordinate]);
}
