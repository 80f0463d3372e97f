using System.Text.Json.Serialization.Metadata;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>What a verb gives back: text for people, or one JSON object for programs.</summary>
/// <param name="Text">Lines for standard output without --json.</param>
/// <param name="ToJson">The JSON object.</param>
internal sealed record VerbResult(IReadOnlyList<string> Text, Func<string> ToJson)
{
    /// <summary>The exit code of a call that came to its end.</summary>
    public int ExitCode { get; init; } = ExitCodes.Success;

    /// <summary>Makes a result whose JSON is a record's.</summary>
    public static VerbResult Of<T>(T value, JsonTypeInfo<T> type, params IReadOnlyList<string> text) =>
        new(text, () => RecordFile.ToText(value, type));
}
