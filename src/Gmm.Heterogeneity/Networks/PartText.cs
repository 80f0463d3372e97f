using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Names of parts with their settings: "anchors(amplitudes, hidden 32 64)".</summary>
internal static class PartText
{
    /// <summary>Makes a name; settings that are null are left out.</summary>
    public static string Of(string word, params ReadOnlySpan<string?> settings) => $"{word}({string.Join(", ", settings.ToArray().Where(s => s is not null))})";

    /// <summary>Takes a name apart; null if it is not of the form.</summary>
    public static (string Word, string[] Settings)? Parse(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && name[^1] == ')' ? (name[..open], name[(open + 1)..^1].Split(", ")) : null;
    }

    /// <summary>Requires a name that is one line of text, as records and messages hold it.</summary>
    /// <exception cref="InvalidInputException">It is empty, long, or has control characters.</exception>
    public static void Require(string name, string part)
    {
        if (!PartChecks.IsName(name))
        {
            throw new InvalidInputException($"the {part}'s name must be one line of 1 to 200 characters", "heterogeneity");
        }
    }
}
