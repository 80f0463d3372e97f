namespace Gmm.PublicApi.Tests;

/// <summary>Where two texts of a public surface begin to differ.</summary>
internal static class FirstDifference
{
    // After so many lines the reader is better served by git diff.
    private const int MostLines = 12;

    /// <summary>The lines between the common beginning and the common end, the first of each side, under the type that they belong to.</summary>
    public static string Show(string before, string after)
    {
        var (a, b) = (before.Split('\n'), after.Split('\n'));
        var start = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        var end = a.Reverse().Zip(b.Reverse()).Take(Math.Min(a.Length, b.Length) - start).TakeWhile(p => p.First == p.Second).Count();
        var type = a.Take(start).LastOrDefault(l => l.StartsWith("    ", StringComparison.Ordinal) && l.Length > 5 && l[4] is not (' ' or '[' or '{' or '}'));
        var heading = $"First where it changes, line {start + 1}{(type is null ? "" : $", in `{type.Trim()}`")}:";
        return string.Join('\n', [heading, "", .. Lines("- ", a[start..^end]), .. Lines("+ ", b[start..^end])]);
    }

    private static IEnumerable<string> Lines(string mark, string[] lines) =>
        lines.Take(MostLines).Select(l => mark + l).Concat(lines.Length > MostLines ? [$"{mark}... and {lines.Length - MostLines} lines more"] : []);
}
