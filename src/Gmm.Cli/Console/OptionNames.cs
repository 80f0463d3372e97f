using System.Text.RegularExpressions;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>The library's checks name their property; the user gave an option.</summary>
internal static partial class OptionNames
{
    /// <summary>Properties whose option is not called as they are.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["ParticleCount"] = "--particles",
        ["BoxSize"] = "--box",
        ["AstigmatismSd"] = "--astigmatism",
        ["VoltageKilovolt"] = "--voltage",
        ["SphericalAberrationMillimetre"] = "--cs",
        ["RandomPhasesBeyond"] = "--randomise-phases-beyond",
        ["Size"] = "--box",
        ["LatentDimension"] = "--latent",
        ["StartLatents"] = "--start-latents",
        ["CoarsestResolution"] = "--minres",
    };

    /// <summary>What RunFolder says may be done with a folder that holds a run.</summary>
    private const string Choices = "resume it, allow overwriting, or choose another folder";

    /// <summary>An error with the verb's option in the place of a property.</summary>
    /// <param name="error">The error.</param>
    /// <param name="verb">The verb.</param>
    /// <returns>Message and place.</returns>
    public static ErrorPlace Place(InvalidInputException error, VerbCommand verb)
    {
        // The place is a set of options then ("simulation"), not a file, whose fields may have such names too.
        if (error.Field is not { } field || error.File is not { } set || set.AsSpan().ContainsAny('.', '/', '\\') || error.Row is not null
            || !Property().IsMatch(field) || !error.Message.StartsWith($"{set}, {field}: ", StringComparison.Ordinal))
        {
            var resume = verb.Options.Any(o => o.Name == "--resume") ? "go on with it (--resume), " : string.Empty;
            var message = error.Message.Replace(Choices, resume + "replace it (--overwrite), or choose another folder", StringComparison.Ordinal);

            // What is wrong with an option's value has the option in the place of a file.
            return error.File is { } place && (place.StartsWith('-') || place.StartsWith('<'))
                ? new(message, null, null, place)
                : new(message, error.File, error.Row, error.Field);
        }

        var words = Capital().Replace(field, m => (m.Index > 0 ? "-" : string.Empty) + m.Value.ToLowerInvariant());
        var option = Others.GetValueOrDefault(field, "--" + words);
        var (where, name) = verb.Options.Any(o => o.Name == option) ? (option, option) : ($"{set}, {words.Replace('-', ' ')}", words.Replace('-', ' '));
        return new($"{where}: {error.Message[$"{set}, {field}: ".Length..].Replace(field, name, StringComparison.Ordinal)}", null, null, name);
    }

    [GeneratedRegex("^[A-Z][a-z]*([A-Z][a-z]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Property();

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Capital();
}
