using System.Globalization;

namespace Gmm.Reports;

/// <summary>Numbers that people like to read, where the ticks of the plotting library are not asked: edges of bins, scale bars, resolutions.</summary>
internal static class RoundNumbers
{
    /// <summary>The step, 1, 2 or 5 times a power of ten, that cuts a range into at most about <paramref name="target"/> pieces.</summary>
    public static double Step(double range, int target)
    {
        var rough = range / target;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var digit = rough / power;
        return power * (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10);
    }

    /// <summary>
    /// Ticks for an axis of spatial frequency (1/angstrom) labelled by resolution (angstrom): round numbers first, about
    /// <paramref name="target"/> of them, never closer than two thirds of a target's share of the axis.
    /// </summary>
    public static IReadOnlyList<(double Position, string Label)> Resolutions(double maximumFrequency, int target)
    {
        double[][] roundness = [[10, 5, 3, 2, 1], [20, 4], [6, 7, 2.5, 1.5, 50, 100], [3.5, 8, 15, 1.2, 30], [2.2, 1.8, 4.5, 2.8, 3.2, 0.8, 40, 200]];
        var gap = maximumFrequency / (target * 1.5);
        var chosen = new List<double>();
        foreach (var resolution in roundness.SelectMany(r => r))
        {
            var k = 1 / resolution;
            if (k <= maximumFrequency * (1 + 1e-9) && k >= gap * 0.4 && chosen.TrueForAll(c => Math.Abs(c - k) >= gap))
            {
                chosen.Add(k);
            }
        }

        return [.. chosen.Order().Select(k => (k, (1 / k).ToString("0.#", CultureInfo.InvariantCulture)))];
    }
}
