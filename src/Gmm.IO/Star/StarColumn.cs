using System.Globalization;

namespace Gmm.IO;

/// <summary>A column to add to a STAR table.</summary>
/// <param name="Label">The label, without its underscore.</param>
/// <param name="Values">One text for each row.</param>
public sealed record StarColumn(string Label, IReadOnlyList<string> Values)
{
    /// <summary>A column of numbers with a fixed number of decimals.</summary>
    /// <param name="label">The label, without its underscore.</param>
    /// <param name="values">One number for each row.</param>
    /// <param name="decimals">Decimals to write.</param>
    /// <returns>The column.</returns>
    public static StarColumn FromNumbers(string label, IReadOnlyList<double> values, int decimals = 6)
    {
        var format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        return new StarColumn(label, [.. values.Select(v => v.ToString(format, CultureInfo.InvariantCulture))]);
    }

    /// <summary>A column of whole numbers.</summary>
    /// <param name="label">The label, without its underscore.</param>
    /// <param name="values">One number for each row.</param>
    /// <returns>The column.</returns>
    public static StarColumn FromIntegers(string label, IReadOnlyList<int> values) =>
        new(label, [.. values.Select(v => v.ToString(CultureInfo.InvariantCulture))]);
}
