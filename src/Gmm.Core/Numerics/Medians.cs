using System.Numerics;

namespace Gmm.Core;

/// <summary>
/// The middle of values and their spread about it, which a few wild ones do not move. Of an even number the upper of the two in the middle counts.
/// </summary>
internal static class Medians
{
    /// <summary>The median of values, none of them NaN, at least one.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] copy = [.. values];
        return Ranked(copy, copy.Length / 2);
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

    /// <summary>The value that a place would have if the values were sorted (Hoare's selection): they are parted about a pivot until it is found.</summary>
    private static double Ranked(Span<double> values, int rank)
    {
        // Pivots of the median of three halve what is left on average; a row made against them is sorted instead.
        var rounds = 4 * BitOperations.Log2((uint)values.Length + 1);
        for (; values.Length > 16 && rounds > 0; rounds--)
        {
            var (first, middle, last) = (values[0], values[values.Length / 2], values[^1]);
            var pivot = Math.Max(Math.Min(first, middle), Math.Min(Math.Max(first, middle), last));
            var (i, j) = (0, values.Length - 1);
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            // Those up to j are the pivot at most, those from i on at least; what lies between is the pivot.
            if (rank <= j)
            {
                values = values[..(j + 1)];
            }
            else if (rank >= i)
            {
                values = values[i..];
                rank -= i;
            }
            else
            {
                return pivot;
            }
        }

        values.Sort();
        return values[rank];
    }
}
