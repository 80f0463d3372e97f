using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Half sets for a file that has none: whole tubes, tilt series or micrographs to one half, so that what shares pixels is not in both.</summary>
/// <remarks>
/// Helical segments overlap, so a tube belongs to one half (RELION does the same, Experiment::divideParticlesInRandomHalves), and so do all tilt images of one
/// particle. Groups go, the largest first, to the half that has fewer particles; groups of one size in the order of a hash of their names. So the
/// result depends on the set alone: not on the order of its rows, and on no seed.
/// </remarks>
internal sealed record HalfAssignment(int[] Halves, string Text)
{
    /// <summary>
    /// Fewer micrographs, or a smaller share of the smaller half, and rows are taken in turn: a half of one or two micrographs has one or two defoci.
    /// </summary>
    private const int LeastMicrographs = 10;
    private const double LeastShare = 0.4;

    /// <summary>Whether the column holds nothing: RELION's 0 in every row.</summary>
    public static bool IsUnset(StarTable table)
    {
        for (var row = 0; row < table.RowCount; row++)
        {
            if (table.GetText(row, Labels.Half) is not ("0" or "0.000000"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Assigns halves.</summary>
    public static HalfAssignment Make(StarTable table)
    {
        var micrographs = table.Contains(Labels.Micrograph) ? table.GetColumn(Labels.Micrograph) : null;
        if (table.Contains(Labels.Tube))
        {
            var tubes = table.GetColumn(Labels.Tube);
            string[] names = [.. tubes.Select((t, i) => $"{micrographs?[i]} tube {t}")];
            return ByGroup(names, Labels.Tube, 2, 0) ?? InTurn(
                table.RowCount,
                $"odd rows are half 1, even rows half 2, although all are of one tube ({Labels.Tube}): segments overlap, so that the halves share "
                    + "pixels and their FSC is too good");
        }

        if (micrographs is not null && TiltSeries(table, micrographs) is { } particles)
        {
            return ByGroup(particles, Labels.GroupName, 2, 0) ?? InTurn(table.RowCount, "odd rows are half 1, even rows half 2");
        }

        if (micrographs is null)
        {
            return InTurn(table.RowCount, "odd rows are half 1, even rows half 2 (in tilt series let all images of a particle be in one half instead)");
        }

        var count = micrographs.Distinct(StringComparer.Ordinal).Count();
        return ByGroup(micrographs, Labels.Micrograph, LeastMicrographs, LeastShare) ?? InTurn(
            table.RowCount,
            string.Create(
                CultureInfo.InvariantCulture,
                $"odd rows are half 1, even rows half 2, since {count} micrographs cannot be divided evenly enough (in tilt series let all images of "
                    + $"a particle be in one half instead)"));
    }

    /// <summary>The particles' names where the file is one of tilt images: groups (rlnGroupName) that have an image from each of several micrographs.</summary>
    private static string[]? TiltSeries(StarTable table, string[] micrographs)
    {
        if (!table.Contains(Labels.GroupName))
        {
            return null;
        }

        var groups = table.GetColumn(Labels.GroupName);
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < groups.Length; i++)
        {
            if (!seen.Add((groups[i], micrographs[i])))
            {
                return null;
            }
        }

        return groups.Distinct(StringComparer.Ordinal).Count() <= groups.Length / 2 ? groups : null;
    }

    private static HalfAssignment InTurn(int count, string text) => new([.. Enumerable.Range(0, count).Select(i => 1 + (i % 2))], text);

    /// <summary>Null if there are too few groups, or the halves would be too unequal.</summary>
    private static HalfAssignment? ByGroup(string[] names, string label, int least, double share)
    {
        var groups = names.GroupBy(n => n, StringComparer.Ordinal).Select(g => (Name: g.Key, Count: g.Count())).ToArray();
        if (groups.Length < least)
        {
            return null;
        }

        var halfOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var counts = new int[3];
        foreach (var group in groups.OrderByDescending(g => g.Count).ThenBy(g => Hash(g.Name)).ThenBy(g => g.Name, StringComparer.Ordinal))
        {
            var half = counts[1] <= counts[2] ? 1 : 2;
            halfOf.Add(group.Name, half);
            counts[half] += group.Count;
        }

        return Math.Min(counts[1], counts[2]) < share * names.Length
            ? null
            : new HalfAssignment(
                [.. names.Select(n => halfOf[n])],
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"halves are made by {label}, {groups.Length} in all: {counts[1]} particles in half 1, {counts[2]} in half 2"));
    }

    /// <summary>FNV-1a, 64 bits, then mixed: names that differ in their last digit must not come out in order.</summary>
    private static ulong Hash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        hash = unchecked((hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL);
        return hash ^ (hash >> 33);
    }
}
