namespace Gmm.Maps;

/// <summary>A straight line through a Guinier plot: the logarithm of the mean amplitude against the squared frequency.</summary>
/// <param name="Slope">Square angstrom; negative where amplitudes fall.</param>
/// <param name="Intercept">Logarithm at frequency 0.</param>
/// <param name="Correlation">Correlation coefficient of the points, 1 for points that rise exactly on a line.</param>
/// <param name="From">Coarse end of the fit, angstrom.</param>
/// <param name="To">Fine end of the fit, angstrom.</param>
public sealed record GuinierFit(double Slope, double Intercept, double Correlation, double From, double To)
{
    /// <summary>The B factor that makes the line level, 4 times the slope (Rosenthal and Henderson 2003); negative sharpens, as in RELION.</summary>
    public double BFactor => 4 * Slope;

    /// <summary>Fits the finite points of a range by least squares.</summary>
    /// <returns>The fit, or null if fewer than three points lie in the range.</returns>
    internal static GuinierFit? Of(double[] squaredFrequency, double[] logAmplitude, double from, double to)
    {
        double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
        for (var i = 0; i < squaredFrequency.Length; i++)
        {
            var (p, q) = (squaredFrequency[i], logAmplitude[i]);
            if (!double.IsFinite(q) || p < (1 - 1e-9) / (from * from) || p > (1 + 1e-9) / (to * to))
            {
                continue;
            }

            (n, x, y, xx, xy, yy) = (n + 1, x + p, y + q, xx + (p * p), xy + (p * q), yy + (q * q));
        }

        if (n < 3)
        {
            return null;
        }

        double sxx = xx - (x * x / n), sxy = xy - (x * y / n), syy = yy - (y * y / n);
        var slope = sxy / sxx;
        return new GuinierFit(slope, (y - (slope * x)) / n, syy > 0 ? sxy / Math.Sqrt(sxx * syy) : 0, from, to);
    }
}
