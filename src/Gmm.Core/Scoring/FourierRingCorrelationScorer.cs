namespace Gmm.Core;

/// <summary>
/// The mean Fourier ring correlation of the paper (Methods; EMAN2's loss): every ring counts alike, whatever signal it carries, and
/// the reference is not multiplied by the CTF; the image's phases are flipped where the CTF is negative.
/// </summary>
/// <remarks>
/// FRC_q = Re sum F conj(D) / (|F|_q |D|_q), the score its mean over rings firstRing..lastRing. Unchanged by any radial filter on either
/// image. Because FRC_q = 1 - |F/|F|_q - D/|D|_q|^2 / 2, its maximum is a least-squares problem in ring-normalised images, which gives the
/// Gauss-Newton matrix; each ring enters it with its own correlation, as a least-squares amplitude would.
/// </remarks>
public sealed class FourierRingCorrelationScorer : IPoseScorer
{
    /// <summary>Makes a scorer.</summary>
    /// <param name="disc">The coefficients to compare.</param>
    /// <param name="firstRing">First ring of the mean, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A first ring outside 1..Radius.</exception>
    public FourierRingCorrelationScorer(FourierDisc disc, int firstRing = 1)
    {
        ArgumentNullException.ThrowIfNull(disc);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRing, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRing, disc.Radius);
        Disc = disc;
        FirstRing = firstRing;
    }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <inheritdoc/>
    public bool IsLogLikelihood => false;

    /// <summary>First ring of the mean; the last is Disc.Radius.</summary>
    public int FirstRing { get; }

    /// <inheritdoc/>
    public IScoringImage CreateImage() => new RingCorrelationImage(this);
}
