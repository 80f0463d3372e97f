namespace Gmm.Cli;

/// <summary>Finds what a misspelt word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The nearest of some words, if it is near enough: one letter wrong, missing, too many or exchanged with its neighbour in three.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="words">What there is.</param>
    /// <returns>The word; null if none is near.</returns>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        var (best, distance) = words.Select(w => (w, Distance(word, w))).DefaultIfEmpty((string.Empty, int.MaxValue)).MinBy(p => p.Item2);
        return distance <= Math.Max(1, word.TrimStart('-').Length / 3) ? best : null;
    }

    /// <summary>Edits that make one word of another (optimal string alignment: insert, delete, change, exchange neighbours).</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
