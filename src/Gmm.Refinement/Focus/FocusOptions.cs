namespace Gmm.Refinement;

/// <summary>How a model is focused on a region (paper, Methods; EMAN2 <c>e2gmm_refine_new --mask</c>).</summary>
public sealed record FocusOptions
{
    /// <summary>
    /// Level l of the width mask: a Gaussian's variance is divided by l + (1 - l) m, m the mask at its centre. 0.25 as published: outside, the
    /// variance is four times, the standard deviation twice as large.
    /// </summary>
    public double Level { get; init; } = 0.25;

    /// <summary>What becomes of the Gaussians outside.</summary>
    public FocusMode Mode { get; init; }

    /// <summary>
    /// In the width mode, a B factor (square angstrom) that Gaussians outside gain, in place of <see cref="Level"/>: their variance grows by
    /// (1 - m) B / (8 pi^2), whatever their own width; null for the published rule.
    /// </summary>
    public double? ExtraBFactor { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A level outside (0, 1], or an extra B factor that is negative or not finite.</exception>
    public void Validate()
    {
        if (!(Level > 0 && Level <= 1))
        {
            throw new ArgumentException($"The focus level must be above 0 and at most 1, not {Level}.");
        }

        if (ExtraBFactor is { } b && (!(b >= 0) || !double.IsFinite(b)))
        {
            throw new ArgumentException($"The extra B factor must be 0 or more, not {b}.");
        }
    }
}
