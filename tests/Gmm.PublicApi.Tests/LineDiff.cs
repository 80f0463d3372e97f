namespace Gmm.PublicApi.Tests;

/// <summary>The difference of two texts, by lines: the longest common subsequence stays, the rest is marked - or +.</summary>
internal static class LineDiff
{
    /// <summary>Lists changed lines, each under the unindented line (a type) that it belongs to.</summary>
    public static string Show(string before, string after)
    {
        var (a, b) = (before.Split('\n'), after.Split('\n'));
        var common = CommonLengths(a, b);
        var shown = new List<string>();
        string? heading = null;
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                heading = a[i].Length > 0 && a[i][0] != ' ' ? "  " + a[i] : heading;
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var removed = j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]);
            var line = removed ? "- " + a[i++] : "+ " + b[j++];
            if (line.StartsWith("- ", StringComparison.Ordinal) || line.Length > 2)
            {
                if (heading is not null && line.Length > 2 && line[2] == ' ')
                {
                    shown.Add(heading);
                }

                heading = null;
                shown.Add(line);
            }
        }

        return string.Join('\n', shown);
    }

    private static int[,] CommonLengths(string[] a, string[] b)
    {
        var length = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                length[i, j] = a[i] == b[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        return length;
    }
}
