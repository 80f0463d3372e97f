namespace Gmm.Gpu;

/// <summary>Sine and cosine in float64, which cards' own instructions have in float32 only.</summary>
internal static class DeviceTrigonometry
{
    // Pi / 2 in two parts: the first has so few bits that its products with small whole numbers are exact.
    private const double QuarterHigh = 1.5707963267341256;
    private const double QuarterLow = 6.077100506506192e-11;

    /// <summary>
    /// Sine and cosine: the angle less its nearest number of quarters, then the series to the powers 17 and 16, whose next terms are under 2e-16 there.
    /// </summary>
    /// <param name="angle">Radians.</param>
    /// <param name="sine">The sine.</param>
    /// <param name="cosine">The cosine.</param>
    public static void SinCos(double angle, out double sine, out double cosine)
    {
        var quarters = Math.Floor((angle / (QuarterHigh + QuarterLow)) + 0.5);
        var x = angle - (quarters * QuarterHigh) - (quarters * QuarterLow);
        double x2 = x * x, s = 1, c = 1;
        for (var k = 16; k >= 2; k -= 2)
        {
            s = 1 - (s * x2 / (k * (k + 1)));
            c = 1 - (c * x2 / (k * (k - 1)));
        }

        s *= x;
        var quadrant = quarters - (4 * Math.Floor(0.25 * quarters));
        sine = quadrant < 0.5 ? s : quadrant < 1.5 ? c : quadrant < 2.5 ? -s : -c;
        cosine = quadrant < 0.5 ? c : quadrant < 1.5 ? -s : quadrant < 2.5 ? -c : s;
    }
}
