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

    /// <summary>The angle of a point with y of at least 0, from 0 to pi: Math.Atan2 to 1e-15.</summary>
    /// <param name="y">Its y.</param>
    /// <param name="x">Its x.</param>
    public static double Angle(double y, double x)
    {
        var size = Math.Abs(x);
        // Of the two the smaller over the larger; where that is over tan(pi / 8), an eighth of a turn is taken off.
        var ratio = y > size ? size / y : size > 0 ? y / size : 0;
        var isLarge = ratio > 0.41421356237309503;
        var t = isLarge ? (ratio - 1) / (ratio + 1) : ratio;
        var angle = Arctangent(t) + (isLarge ? 0.5 * (QuarterHigh + QuarterLow) : 0);
        angle = y > size ? QuarterHigh + QuarterLow - angle : angle;
        return x < 0 ? (2 * (QuarterHigh + QuarterLow)) - angle : angle;
    }

    /// <summary>t - t^3/3 + t^5/5 - ... between tan of -pi/8 and pi/8, by the rational function of Cephes (S. L. Moshier, 1989), to 2e-16.</summary>
    private static double Arctangent(double t)
    {
        var z = t * t;
        var p = (z * -0.8750608600031904) - 16.157537187333652;
        p = (p * z) - 75.00855792314705;
        p = (p * z) - 122.88666844901361;
        p = (p * z) - 64.85021904942025;
        var q = z + 24.858464901423062;
        q = (q * z) + 165.02700983169885;
        q = (q * z) + 432.88106049129027;
        q = (q * z) + 485.3903996359137;
        q = (q * z) + 194.5506571482614;
        return t + (t * z * p / q);
    }
}
