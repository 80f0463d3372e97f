using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The prior's part of expectation maximisation: the prior of the latent points is the standard normal, so the mean of z z^T + covariance over the
/// particles should be the identity. Where it is not, the latent space is scaled until it is, and the motion per latent unit with it; the
/// deformations that particles get stay the same.
/// </summary>
/// <remarks>Adam alone gets there slowly: until it does, the prior holds every particle too near the neutral state, and motion comes out too small.</remarks>
/// <param name="d">Latent coordinates.</param>
internal sealed class LatentScale(int d)
{
    /// <summary>Least and greatest change of variance in one step: the moments are of the weights of a whole epoch, not of its end.</summary>
    private const double Least = 0.5;
    private const double Greatest = 2.25;

    private readonly double[] _moments = new double[d * d];
    private long _count;

    /// <summary>Adds a particle's latent distribution.</summary>
    /// <param name="mean">Its mean.</param>
    /// <param name="logSd">Logarithms of its standard deviations.</param>
    public void Add(ReadOnlySpan<float> mean, ReadOnlySpan<float> logSd)
    {
        for (var k = 0; k < d; k++)
        {
            for (var l = 0; l < d; l++)
            {
                _moments[(k * d) + l] += (double)mean[k] * mean[l];
            }

            _moments[(k * d) + k] += Math.Exp(2 * logSd[k]);
        }

        _count++;
    }

    /// <summary>Scales an autoencoder's latent space, so that what was added would have had the identity as its moments.</summary>
    /// <param name="target">The autoencoder.</param>
    public void Apply(Autoencoder target)
    {
        if (_count == 0)
        {
            return;
        }

        var (values, vectors) = SymmetricEigen.Decompose(Array.ConvertAll(_moments, m => m / _count), d);
        double[] root = new double[d * d], inverse = new double[d * d];
        for (var v = 0; v < d; v++)
        {
            var sd = Math.Sqrt(Math.Clamp(values[v], Least, Greatest));
            for (var i = 0; i < d * d; i++)
            {
                var product = vectors[(v * d) + (i / d)] * vectors[(v * d) + (i % d)];
                (root[i], inverse[i]) = (root[i] + (sd * product), inverse[i] + (product / sd));
            }
        }

        target.Decoder.Transform(root);
        var logSd = new double[d];
        for (var k = 0; k < d; k++)
        {
            logSd[k] = Math.Log(inverse[(k * d) + k]);
        }

        target.Encoder.Transform(inverse, logSd);
    }
}
