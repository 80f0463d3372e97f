namespace Gmm.Maps;

/// <summary>
/// Points spread evenly over the unit sphere on a spiral (Rakhmanov, Saff and Zhou, Math. Res. Lett. 1 (1994) 647-662), which is what MapQ uses too:
/// the same points give the same scores.
/// </summary>
internal static class SpherePoints
{
    /// <summary>Makes the points, from the south pole to the north pole.</summary>
    /// <param name="count">At least 2.</param>
    /// <returns>X, Y, Z of each.</returns>
    public static (double X, double Y, double Z)[] Spiral(int count)
    {
        var points = new (double, double, double)[count];
        double azimuth = 0;
        for (var k = 0; k < count; k++)
        {
            var h = -1 + (2.0 * k / (count - 1));
            var across = Math.Sqrt(Math.Max(0, 1 - (h * h)));
            azimuth = k == 0 || k == count - 1 ? 0 : (azimuth + (3.6 / (Math.Sqrt(count) * across))) % (2 * Math.PI);
            points[k] = (across * Math.Cos(azimuth), across * Math.Sin(azimuth), h);
        }

        return points;
    }
}
