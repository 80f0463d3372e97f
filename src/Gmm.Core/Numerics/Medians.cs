namespace Gmm.Core;

/// <summary>
/// The middle of values and their spread about it, which a few wild ones do not move. Of an even number the upper of the two in the middle counts.
/// </summary>
internal static class Medians
{
    /// <summary>The median of values, none of them NaN, at least one.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The median of those values that are finite; NaN where none is.</summary>
    public static double OfFinite(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? double.NaN : Of(finite);
    }

    /// <summary>A number, or null where it is none: as a record has it.</summary>
    public static double? FiniteOrNull(double value) => double.IsFinite(value) ? value : null;

    /// <summary>The standard deviation that normal values of the same median distance from the middle have.</summary>
    public static double Spread(IReadOnlyList<double> values)
    {
        var middle = Of(values);
        return 1.4826 * Of(values.Select(v => Math.Abs(v - middle)));
    }
}
