namespace Gmm.Core;

/// <summary>
/// The products of whitened data D with a reference G (&lt;D, G&gt;, &lt;G, G&gt;, &lt;D, D&gt;) that the likelihood with the best amplitude is made of:
/// of an image, or added up over images that share the amplitude.
/// </summary>
/// <param name="DataReference">&lt;D, G&gt;.</param>
/// <param name="Reference">&lt;G, G&gt;.</param>
/// <param name="Data">&lt;D, D&gt;.</param>
internal readonly record struct WhitenedProducts(double DataReference, double Reference, double Data)
{
    /// <summary>The gain in log-likelihood over no signal, the correlation and the amplitude.</summary>
    public PoseScore Score => !(Reference > 0) || !(Data > 0)
        ? new PoseScore(0, 0, 0)
        // Signed, so that an image of the opposite contrast is a bad fit and not a good one.
        : new PoseScore(0.5 * DataReference * Math.Abs(DataReference) / Reference, DataReference / Math.Sqrt(Reference * Data), DataReference / Reference);

    /// <summary>Products of two sets of data together.</summary>
    public static WhitenedProducts operator +(in WhitenedProducts a, in WhitenedProducts b) =>
        new(a.DataReference + b.DataReference, a.Reference + b.Reference, a.Data + b.Data);

    /// <summary>Products of data that count as often as the weight says.</summary>
    public static WhitenedProducts operator *(double weight, in WhitenedProducts a) => new(weight * a.DataReference, weight * a.Reference, weight * a.Data);

    /// <summary>The score with its derivatives.</summary>
    /// <param name="gradient">&lt;D, dG&gt; of each parameter; becomes the gradient.</param>
    /// <param name="withReference">&lt;G, dG&gt; of each parameter.</param>
    /// <param name="gaussNewton">&lt;dG, dG'&gt;, the lower triangle row by row; becomes the Gauss-Newton matrix, all of it.</param>
    /// <returns>The score.</returns>
    public PoseScore Differentiate(Span<double> gradient, ReadOnlySpan<double> withReference, Span<double> gaussNewton)
    {
        var score = Score;
        if (score.Correlation == 0)
        {
            gradient.Clear();
            gaussNewton.Clear();
            return score;
        }

        // d(rho |rho| / 2) = |scale| <D - scale G, dG>; the information drops what a change of amplitude would explain (projection on G).
        int n = gradient.Length;
        var scale = score.Scale;
        for (var p = 0; p < n; p++)
        {
            gradient[p] = Math.Abs(scale) * (gradient[p] - (scale * withReference[p]));
            for (var q = 0; q <= p; q++)
            {
                var v = scale * scale * (gaussNewton[(p * n) + q] - (withReference[p] * withReference[q] / Reference));
                (gaussNewton[(p * n) + q], gaussNewton[(q * n) + p]) = (v, v);
            }
        }

        return score;
    }
}
