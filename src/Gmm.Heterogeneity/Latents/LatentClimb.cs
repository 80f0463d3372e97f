using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// A particle's latent point as the problem of a <see cref="DampedClimb"/>: its log-likelihood under the deformed model and the standard normal prior, the
/// logarithm of the posterior.
/// </summary>
/// <param name="decoder">Deforms the model.</param>
/// <param name="worker">Holds the particle.</param>
/// <param name="latent">The start; in the end the point kept.</param>
internal struct LatentClimb(IDeformationDecoder decoder, MotionWorker worker, float[] latent) : IClimbProblem
{
    /// <summary>Farthest a step goes in each coordinate, in standard deviations of the prior.</summary>
    private const double LongestStep = 2;

    private readonly float[] _candidate = [.. latent];

    /// <summary>Every step is tried: there are few.</summary>
    public readonly double Tolerance => double.NegativeInfinity;

    public readonly double Evaluate(Span<double> gradient, Span<double> gaussNewton)
    {
        var objective = worker.Score(decoder, _candidate, gradient, gaussNewton);
        for (var k = 0; k < _candidate.Length; k++)
        {
            ReadOnlySpan<double> one = [1], z = [_candidate[k]];
            objective += QuadraticPrior.Add(one, z, k, gradient, gaussNewton);
        }

        return objective;
    }

    public readonly void Accept() => _candidate.CopyTo(latent, 0);

    public readonly void Limit(Span<double> step)
    {
        foreach (ref var s in step)
        {
            s = Math.Clamp(s, -LongestStep, LongestStep);
        }
    }

    public readonly void Move(ReadOnlySpan<double> step)
    {
        for (var k = 0; k < step.Length; k++)
        {
            _candidate[k] = (float)(latent[k] + step[k]);
        }
    }
}
