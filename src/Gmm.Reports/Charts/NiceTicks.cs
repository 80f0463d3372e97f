using System.Globalization;

namespace Gmm.Reports;

/// <summary>Tick positions that people like to read: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class NiceTicks
{
    /// <summary>The step that cuts a range into at most about <paramref name="target"/> pieces.</summary>
    public static double Step(double range, int target)
    {
        var rough = range / target;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var digit = rough / power;
        return power * (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10);
    }

    /// <summary>The multiples of a step inside [minimum, maximum].</summary>
    public static IReadOnlyList<(double Position, string Label)> Between(double minimum, double maximum, double step)
    {
        var (first, last) = ((long)Math.Ceiling((minimum / step) - 1e-6), (long)Math.Floor((maximum / step) + 1e-6));
        var ticks = new List<(double, string)>();
        for (var i = first; i <= last; i++)
        {
            ticks.Add((i * step, Label(i * step, step)));
        }

        return ticks;
    }

    /// <summary>A tick's label, with as many decimals as the step needs and a true minus sign.</summary>
    public static string Label(double value, double step)
    {
        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        var size = Math.Abs(value);
        var text = size >= 1e6 || decimals > 5
            ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
            : Math.Round(value, decimals).ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text.Replace('-', '−');
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
