using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Latent points of all particles of a half: the encoder's, then refined one by one.</summary>
internal static class LatentRefinement
{
    private const int Chunk = 512;

    /// <summary>Refines.</summary>
    /// <param name="autoencoder">The trained autoencoder.</param>
    /// <param name="cache">The half's particles.</param>
    /// <param name="refiner">How.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="latents">Receives a point for each particle of the source that is of the half.</param>
    /// <param name="sigmas">Receives the points' standard deviations.</param>
    /// <param name="done">Called with the number finished.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static void Refine(
        Autoencoder autoencoder,
        MotionCache cache,
        ILatentRefiner refiner,
        ComputeOptions compute,
        float[][] latents,
        float[][] sigmas,
        Action<int>? done,
        CancellationToken cancellationToken)
    {
        var d = autoencoder.LatentDimension;
        var features = new float[cache.FeatureCount];
        var pass = autoencoder.Encoder.CreatePass();
        var decoders = cache.Neutrals.Decoders(autoencoder);
        for (var first = 0; first < cache.Indices.Length; first += Chunk)
        {
            var count = Math.Min(Chunk, cache.Indices.Length - first);
            for (var i = 0; i < count; i++)
            {
                cache.ReadFeatures(first + i, features);
                latents[cache.Indices[first + i]] = pass.Forward(features, 1)[..d];
            }

            cache.ForEach(count, compute, (i, workers) =>
            {
                var index = cache.Indices[first + i];
                var worker = cache.Load(first + i, workers);
                refiner.Refine(new Posterior(decoders[cache.Neutrals.FoldOf[first + i]], worker), latents[index], sigmas[index] = new float[d]);
                if (!Array.TrueForAll(latents[index], float.IsFinite) || !Array.TrueForAll(sigmas[index], s => float.IsFinite(s) && s > 0))
                {
                    throw PartChecks.Wrong(refiner, "latent refiner", "a latent point or a standard deviation that is none");
                }
            }, cancellationToken);
            done?.Invoke(first + count);
        }
    }

    /// <summary>The posterior of the particle that a worker has loaded.</summary>
    private sealed class Posterior(IDeformationDecoder decoder, MotionWorker worker) : ILatentPosterior
    {
        public int Dimension => decoder.LatentDimension;

        public double Evaluate(ReadOnlySpan<float> latent, Span<double> gradient, Span<double> information)
        {
            var value = worker.Score(decoder, latent, gradient, information);
            for (var k = 0; k < latent.Length; k++)
            {
                ReadOnlySpan<double> one = [1], z = [latent[k]];
                value += QuadraticPrior.Add(one, z, k, gradient, information);
            }

            return value;
        }
    }
}
