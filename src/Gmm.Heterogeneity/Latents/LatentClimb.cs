using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>A particle's latent point as the problem of a <see cref="DampedClimb"/>.</summary>
/// <param name="posterior">The particle's posterior; null where candidates are evaluated elsewhere.</param>
/// <param name="latent">The start; in the end the point kept.</param>
internal readonly struct LatentClimb(ILatentPosterior? posterior, float[] latent) : IClimbProblem
{
    /// <summary>Farthest a step goes in each coordinate, in standard deviations of the prior.</summary>
    private const double LongestStep = 2;

    private readonly float[] _candidate = [.. latent];

    /// <summary>The point that is tried.</summary>
    public float[] Candidate => _candidate;

    /// <summary>Every step is tried: there are few.</summary>
    public double Tolerance => double.NegativeInfinity;

    public double Evaluate(Span<double> gradient, Span<double> gaussNewton) =>
        posterior!.Evaluate(_candidate, gradient, gaussNewton);

    public void Accept() => _candidate.CopyTo(latent, 0);

    public void Limit(Span<double> step)
    {
        foreach (ref var s in step)
        {
            s = Math.Clamp(s, -LongestStep, LongestStep);
        }
    }

    public void Move(ReadOnlySpan<double> step)
    {
        for (var k = 0; k < step.Length; k++)
        {
            _candidate[k] = (float)(latent[k] + step[k]);
        }
    }
}
