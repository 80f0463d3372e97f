namespace Gmm.Refinement;

/// <summary>
/// The share of a half map's model that is signal, by frequency, from the resolution limit alone: an SSNR that falls exponentially
/// with k^2 and gives FSC = 0.143 at the limit.
/// </summary>
/// <remarks>
/// The curve of the FSC itself is not used, because it would carry more than a scalar between the halves. The exponential is the fall-off
/// that a B factor gives signal against white noise (Rosenthal and Henderson 2003); its low-resolution anchor, an FSC of 0.99 at
/// 20 angstrom, only matters where every ring is well determined.
/// </remarks>
internal static class SsnrModel
{
    private const double AnchorFrequency = 1.0 / 20;
    private static readonly double AnchorLog = Math.Log(0.99 / 0.01);
    private static readonly double LimitLog = Math.Log(0.143 / 0.857);

    /// <summary>
    /// Weight of the reference in rings 0..radius: sqrt(FSC), the correlation of a half map with the truth. A Wiener filter of the map
    /// itself would weigh it by FSC; the fitted Gaussians have lost part of the map's noise, and measured pose errors are least
    /// between the two (docs/notes/benchmarks.md).
    /// </summary>
    public static double[] ReferenceWeight(double limit, double boxLength, int radius) => Array.ConvertAll(Fsc(limit, boxLength, radius), Math.Sqrt);

    /// <summary>FSC = SSNR / (1 + SSNR) of rings 0..radius.</summary>
    public static double[] Fsc(double limit, double boxLength, int radius)
    {
        var k0 = Math.Max(1 / limit, 1.5 * AnchorFrequency);
        var slope = (AnchorLog - LimitLog) / ((k0 * k0) - (AnchorFrequency * AnchorFrequency));
        var fsc = new double[radius + 1];
        for (var q = 0; q <= radius; q++)
        {
            var k = q / boxLength;
            var log = AnchorLog - (slope * ((k * k) - (AnchorFrequency * AnchorFrequency)));
            fsc[q] = 1 / (1 + Math.Exp(-log));
        }

        return fsc;
    }
}
