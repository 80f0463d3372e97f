using System.Globalization;

namespace Gmm.Heterogeneity;

/// <summary>The widths of a network's hidden layers, as the names of parts say them: "hidden 32 64".</summary>
internal static class HiddenLayers
{
    private const string Word = "hidden";

    /// <summary>Bounds, so that a name from a file cannot ask for more memory than there is.</summary>
    private const int MostLayers = 4;
    private const int Widest = 1024;

    /// <summary>Whether there are layers, and all of a width that is allowed.</summary>
    public static bool AreValid(IReadOnlyList<int> widths) => widths.Count is > 0 and <= MostLayers && widths.All(w => w is > 0 and <= Widest);

    /// <summary>Checks widths that a program gives.</summary>
    /// <exception cref="ArgumentException">None, too many, or one out of range.</exception>
    public static IReadOnlyList<int> Checked(IReadOnlyList<int> widths) => AreValid(widths)
        ? [.. widths]
        : throw new ArgumentException($"A network has 1 to {MostLayers} hidden layers of 1 to {Widest} values.", nameof(widths));

    /// <summary>The widths as text.</summary>
    public static string Text(IReadOnlyList<int> widths) => string.Create(CultureInfo.InvariantCulture, $"{Word} {string.Join(' ', widths)}");

    /// <summary>Reads what <see cref="Text"/> wrote; null if it is something else.</summary>
    public static int[]? Parse(string text)
    {
        var words = text.Split(' ');
        var widths = new int[words.Length - 1];
        for (var i = 0; i < widths.Length; i++)
        {
            if (!int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out widths[i]))
            {
                return null;
            }
        }

        return words[0] == Word && AreValid(widths) && Text(widths) == text ? widths : null;
    }
}
