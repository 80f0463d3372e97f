using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Latent points of all particles of a half: the encoder's, then Gauss-Newton steps on score - |z|^2 / 2, the logarithm of the posterior under a
/// standard normal prior. The inverse of the matrix at the end is the covariance of the point.
/// </summary>
internal static class LatentRefiner
{
    private const int Chunk = 512;

    /// <summary>Refines.</summary>
    /// <param name="autoencoder">The trained autoencoder.</param>
    /// <param name="cache">The half's particles.</param>
    /// <param name="steps">Steps tried at most.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="latents">Receives a point for each particle of the source that is of the half.</param>
    /// <param name="sigmas">Receives the points' standard deviations.</param>
    /// <param name="done">Called with the number finished.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static void Refine(
        Autoencoder autoencoder,
        MotionCache cache,
        int steps,
        ComputeOptions compute,
        float[][] latents,
        float[][] sigmas,
        Action<int>? done,
        CancellationToken cancellationToken)
    {
        var d = autoencoder.LatentDimension;
        var features = new float[cache.FeatureCount];
        var tape = new DecoderTape();
        var decoders = cache.Neutrals.Decoders(autoencoder);
        for (var first = 0; first < cache.Indices.Length; first += Chunk)
        {
            var count = Math.Min(Chunk, cache.Indices.Length - first);
            for (var i = 0; i < count; i++)
            {
                cache.ReadFeatures(first + i, features);
                latents[cache.Indices[first + i]] = autoencoder.Encoder.Encode(features, 1, tape)[..d];
            }

            cache.ForEach(count, compute, (i, workers) =>
            {
                var index = cache.Indices[first + i];
                var worker = cache.Load(first + i, workers);
                sigmas[index] = Refine(decoders[cache.Neutrals.FoldOf[first + i]], worker, latents[index], steps);
            }, cancellationToken);
            done?.Invoke(first + count);
        }
    }

    /// <summary>Climbs from a point, which is changed; gives the standard deviations.</summary>
    private static float[] Refine(IDeformationDecoder decoder, MotionWorker worker, float[] latent, int steps)
    {
        var d = latent.Length;
        double[] gradient = new double[d], information = new double[d * d], covariance = new double[d * d];
        var climb = new LatentClimb(decoder, worker, latent);
        DampedClimb.Run(ref climb, steps, DampingSchedule.WhenNeeded, gradient, information, new double[DampedClimb.MemoryFor(d)]);
        var sigma = new float[d];
        var inverted = Cholesky.TryInvert(d, information, covariance);
        for (var k = 0; k < d; k++)
        {
            // The prior alone if the images say nothing at all.
            sigma[k] = inverted ? (float)Math.Sqrt(covariance[(k * d) + k]) : 1;
        }

        return sigma;
    }
}
