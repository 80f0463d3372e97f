using System.Globalization;
using Gmm.Core;

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
        double[] copy = [.. values];
        return FromNumbers(label, copy.Length, i => copy[i], decimals);
    }

    /// <summary>The same of numbers that are asked for row by row, when the text of the row is wanted.</summary>
    /// <param name="label">The label, without its underscore.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="value">The number of a row, from 0; the same one each time.</param>
    /// <param name="decimals">Decimals to write.</param>
    internal static StarColumn FromNumbers(string label, int count, Func<int, double> value, int decimals = 6)
    {
        var format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        return new StarColumn(label, new MappedList<string>(count, i => value(i).ToString(format, CultureInfo.InvariantCulture)));
    }

    /// <summary>A column of whole numbers.</summary>
    /// <param name="label">The label, without its underscore.</param>
    /// <param name="values">One number for each row.</param>
    /// <returns>The column.</returns>
    public static StarColumn FromIntegers(string label, IReadOnlyList<int> values)
    {
        int[] copy = [.. values];
        return FromIntegers(label, copy.Length, i => copy[i]);
    }

    /// <summary>The same of numbers that are asked for row by row.</summary>
    /// <param name="label">The label, without its underscore.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="value">The number of a row, from 0; the same one each time.</param>
    internal static StarColumn FromIntegers(string label, int count, Func<int, int> value) =>
        new(label, new MappedList<string>(count, i => value(i).ToString(CultureInfo.InvariantCulture)));
}
