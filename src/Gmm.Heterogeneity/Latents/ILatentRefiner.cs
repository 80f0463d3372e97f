namespace Gmm.Heterogeneity;

/// <summary>Refines every particle's latent point after the encoder: what <see cref="HeterogeneityOptions.LatentRefiner"/> takes. Safe on many threads.</summary>
public interface ILatentRefiner
{
    /// <summary>What it is and every setting of it that changes a result, in one line; see <see cref="IDecoderFactory.Name"/>.</summary>
    string Name { get; }

    /// <summary>Refines the point of one particle.</summary>
    /// <param name="posterior">The particle's posterior.</param>
    /// <param name="latent">The encoder's point, which becomes the refined one.</param>
    /// <param name="sigma">Receives the standard deviation of each coordinate.</param>
    void Refine(ILatentPosterior posterior, Span<float> latent, Span<float> sigma);
}
