namespace Gmm.Core;

/// <summary>The scorers that are ready, and how one of your own is put among them.</summary>
/// <remarks>
/// <example>
/// <code>
/// var options = new RefinementOptions { Scorer = Scorers.Of("mine", isLogLikelihood: true, context => new MyScorer(context.Disc, context.NoisePower)) };
/// </code>
/// </example>
/// </remarks>
public static class Scorers
{
    /// <summary>The published first ring: 25 angstrom (EMAN2 <c>e2gmm_refine_iter --minres</c>).</summary>
    private const double PublishedCoarsest = 25;

    /// <summary>The default: the whitened, CTF- and SSNR-weighted correlation (<see cref="WhitenedCorrelationScorer"/>).</summary>
    public static IScorerFactory Whitened { get; } = Of(
        "whitened", true, c => new WhitenedCorrelationScorer(c.Disc, c.NoisePower, c.ReferenceWeight, c.ReferenceScale));

    /// <summary>The published one: the mean Fourier ring correlation from 25 angstrom on (<see cref="FourierRingCorrelationScorer"/>).</summary>
    public static IScorerFactory RingCorrelation { get; } = Of(
        "frc", false, c => new FourierRingCorrelationScorer(c.Disc, Math.Max(1, Math.Min(c.Disc.RingOfResolution(PublishedCoarsest), c.Disc.Radius))));

    /// <summary>A scorer of your own.</summary>
    /// <param name="name">What it is and every setting of it that changes a result, on one line.</param>
    /// <param name="isLogLikelihood">Whether its objective is a log-likelihood.</param>
    /// <param name="create">Makes it.</param>
    /// <returns>A factory.</returns>
    public static IScorerFactory Of(string name, bool isLogLikelihood, Func<ScoringContext, IPoseScorer> create) => new Factory(name, isLogLikelihood, create);

    private sealed class Factory(string name, bool isLogLikelihood, Func<ScoringContext, IPoseScorer> create) : IScorerFactory
    {
        public string Name => name;

        public bool IsLogLikelihood => isLogLikelihood;

        public IPoseScorer Create(ScoringContext context) => create(context);
    }
}
