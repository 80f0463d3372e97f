using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Latent points of all particles of a half: the encoder's, then refined one by one.</summary>
internal static class LatentRefinement
{
    private const int Chunk = 512;

    /// <summary>Refines.</summary>
    /// <param name="autoencoder">The trained autoencoder.</param>
    /// <param name="cache">The half's particles.</param>
    /// <param name="batches">Scores many particles at once; null where each is scored on a thread.</param>
    /// <param name="refiner">How.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="latents">Receives a point for each particle of the source that is of the half.</param>
    /// <param name="sigmas">Receives the points' standard deviations.</param>
    /// <param name="done">Called with the number finished.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static void Refine(
        Autoencoder autoencoder,
        MotionCache cache,
        BatchScores? batches,
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

            int[] members = [.. Enumerable.Range(first, count)], indices = [.. members.Select(n => cache.Indices[n])];
            foreach (var index in indices)
            {
                sigmas[index] = new float[d];
            }

            if (batches is not null)
            {
                RefineTogether(
                    new BatchPosterior(batches, decoders, members), refiner, [.. indices.Select(i => latents[i])], [.. indices.Select(i => sigmas[i])]);
            }
            else
            {
                cache.ForEach(count, compute, (i, workers) => refiner.Refine(
                    new Posterior(decoders[cache.Neutrals.FoldOf[first + i]], cache.Load(first + i, workers)), latents[indices[i]], sigmas[indices[i]]),
                    cancellationToken);
            }

            if (Array.Exists(
                indices, i => !Array.TrueForAll(latents[i], float.IsFinite) || !Array.TrueForAll(sigmas[i], s => float.IsFinite(s) && s > 0)))
            {
                throw PartChecks.Wrong(refiner, "latent refiner", "a latent point or a standard deviation that is none");
            }

            done?.Invoke(first + count);
        }
    }

    /// <summary>Gmm's own refiner steps with all particles at once; another gets them one by one, from the same scores.</summary>
    private static void RefineTogether(BatchPosterior posterior, ILatentRefiner refiner, float[][] latents, float[][] sigmas)
    {
        if (refiner is GaussNewtonRefiner together)
        {
            together.Refine(posterior, latents, sigmas);
            return;
        }

        for (var i = 0; i < latents.Length; i++)
        {
            refiner.Refine(posterior.Of(i), latents[i], sigmas[i]);
        }
    }

    /// <summary>The posterior of the particle that a worker has loaded.</summary>
    private sealed class Posterior(IDeformationDecoder decoder, MotionWorker worker) : ILatentPosterior
    {
        public int Dimension => decoder.LatentDimension;

        public double Evaluate(ReadOnlySpan<float> latent, Span<double> gradient, Span<double> information)
        {
            var value = worker.Score(decoder, latent, gradient, information);
            return value + BatchPosterior.AddPrior(latent, gradient, information);
        }
    }
}
