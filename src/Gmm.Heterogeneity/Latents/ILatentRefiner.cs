using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Refines every particle's latent point after the encoder: what <see cref="HeterogeneityOptions.LatentRefiner"/> takes. Safe on many threads.
/// </summary>
public interface ILatentRefiner : IPart
{
    /// <summary>Refines the point of one particle.</summary>
    /// <param name="posterior">The particle's posterior.</param>
    /// <param name="latent">The encoder's point, which becomes the refined one.</param>
    /// <param name="sigma">Receives the standard deviation of each coordinate.</param>
    void Refine(ILatentPosterior posterior, Span<float> latent, Span<float> sigma);
}
