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
        double[] gradient = new double[d], information = new double[d * d], nextGradient = new double[d], nextInformation = new double[d * d];
        var posterior = Evaluate(decoder, worker, latent, gradient, information);
        double damping = 0;
        for (var tried = 0; tried < steps; tried++)
        {
            double[] step = [.. gradient], matrix = [.. information];
            for (var k = 0; k < d; k++)
            {
                matrix[(k * d) + k] *= 1 + damping;
            }

            if (!PositiveSystem.TrySolve(matrix, step, d))
            {
                break;
            }

            float[] candidate = [.. latent.Select((z, k) => (float)(z + Math.Clamp(step[k], -2, 2)))];
            var value = Evaluate(decoder, worker, candidate, nextGradient, nextInformation);
            if (value > posterior)
            {
                candidate.CopyTo(latent, 0);
                posterior = value;
                (gradient, nextGradient) = (nextGradient, gradient);
                (information, nextInformation) = (nextInformation, information);
                damping = 0;
            }
            else
            {
                damping = Math.Max(2, 5 * damping);
            }
        }

        var covariance = new double[d * d];
        var sigma = new float[d];
        var inverted = PositiveSystem.TryInvert(information, covariance, d);
        for (var k = 0; k < d; k++)
        {
            // The prior alone if the images say nothing at all.
            sigma[k] = inverted ? (float)Math.Sqrt(covariance[(k * d) + k]) : 1;
        }

        return sigma;
    }

    private static double Evaluate(IDeformationDecoder decoder, MotionWorker worker, float[] latent, double[] gradient, double[] information)
    {
        var value = worker.Score(decoder, latent, gradient, information);
        for (var k = 0; k < latent.Length; k++)
        {
            value -= 0.5 * latent[k] * latent[k];
            gradient[k] -= latent[k];
            information[(k * latent.Length) + k] += 1;
        }

        return value;
    }
}
