using Gmm.Maps;

namespace Gmm.Heterogeneity;

/// <summary>What a heterogeneity analysis found.</summary>
/// <param name="Half1">The autoencoder of half 1.</param>
/// <param name="Half2">The autoencoder of half 2.</param>
/// <param name="Latents">The latent point of each particle of the source, refined, in its own half's latent space.</param>
/// <param name="Training">How training went, half by half.</param>
public sealed record HeterogeneityResult(Autoencoder Half1, Autoencoder Half2, LatentTable Latents, IReadOnlyList<HalfTraining> Training)
{
    /// <summary>What was found in the images, and done to them.</summary>
    public ImageReport? Images { get; init; }

    /// <summary>Whether both halves show motion on particles held out of training.</summary>
    public bool MotionFound => Training.All(t => t.MotionFound);

    /// <summary>The mean held-out gain of the halves, log-likelihood per particle.</summary>
    public double HeldOutGain => Training.Average(t => t.HeldOutGain);
}
