using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>
/// The command line of a run as its record has it ("call": verb, arguments, and the options that were given), and the way back: --options takes those
/// of an earlier run, and what stands on the command line wins.
/// </summary>
internal static class RecordedCall
{
    private const string Name = "--options";

    /// <summary>What says where, how and how fast, and not what is computed: it is not repeated.</summary>
    private static readonly string[] s_notKept = ["--out", "--overwrite", "--resume", "--json", "--verbose", "--quiet", "--threads", "--help", "--cluster",
        "--workers", "--cluster-settings", Name];

    /// <summary>The record of a verb that writes no file of its own for it.</summary>
    public const string Kept = "what --json printed, kept in a file";

    /// <summary>The option of verbs that can repeat a run.</summary>
    /// <param name="record">What their record is.</param>
    public static Option<string?> Option(string record) => Declare.Text(
        Name, "RECORD.json", $"Repeats a run: takes particles and options from the record of an earlier one ({record}); what is given here wins.");

    /// <summary>The command line of a call, for the record of its run. Files have their full paths.</summary>
    public static JsonObject Of(VerbCall call)
    {
        var command = call.Parsed.CommandResult.Command;
        var options = new JsonObject();
        foreach (var option in command.Options.Where(o => !s_notKept.Contains(o.Name)))
        {
            if (call.Parsed.GetResult(option) is { Implicit: false } result)
            {
                options[option.Name[2..]] = Value(option, result.Tokens);
            }
        }

        // Results depend on the seed, given or not.
        options["seed"] = call.Compute.Seed;
        return new JsonObject
        {
            ["verb"] = command.Name,
            ["arguments"] = new JsonArray(
                [
                    .. command.Arguments.SelectMany(a => call.Parsed.GetResult(a)?.Tokens ?? [])
                        .Select(t => JsonValue.Create(Path.Exists(t.Value) ? Path.GetFullPath(t.Value) : t.Value)),
                ]),
            ["options"] = options,
        };
    }

    /// <summary>A command line with what --options stands for.</summary>
    /// <param name="parsed">The command line as it was given.</param>
    /// <param name="args">Its words.</param>
    /// <param name="note">What was taken from the record, for people; null without --options.</param>
    /// <exception cref="InvalidInputException">The record cannot be read, is of another verb, or names options that there are not.</exception>
    public static IReadOnlyList<string> Expand(ParseResult parsed, IReadOnlyList<string> args, out string? note)
    {
        note = null;
        if (parsed.CommandResult.Command is not VerbCommand verb || verb.Options.OfType<Option<string?>>().FirstOrDefault(o => o.Name == Name) is not { } own
            || parsed.GetResult(own) is not { Tokens.Count: > 0 } given)
        {
            return args;
        }

        var path = given.Tokens[^1].Value;
        var call = Read(path, verb);
        var (words, differences) = (new List<string>(args), new List<string>());
        foreach (var (name, value) in call["options"]!.AsObject())
        {
            var option = verb.Options.FirstOrDefault(o => o.Name == "--" + name) ?? throw Unknown(path, name, verb);
            var kept = Words(option, value);
            if (parsed.GetResult(option) is { Implicit: false } here)
            {
                var mine = Value(option, here.Tokens);
                if (!JsonNode.DeepEquals(mine, value))
                {
                    differences.Add($"{option.Name} {mine?.ToJsonString()} in place of {value?.ToJsonString() ?? "null"}");
                }
            }
            else
            {
                words.AddRange(kept);
            }
        }

        if (!verb.Arguments.Any(a => parsed.GetResult(a) is { Tokens.Count: > 0 }))
        {
            words.InsertRange(1, call["arguments"]!.AsArray().Select(a => a!.GetValue<string>()));
        }

        note = $"options of {path}: {ShellCommand.Of(words)}" + (differences.Count == 0 ? string.Empty : $"; here {string.Join(", ", differences)}");
        return words;
    }

    private static JsonObject Read(string path, VerbCommand verb)
    {
        try
        {
            var call = (JsonNode.Parse(InputFile.ReadBytes(path, RecordFile.MaximumBytes)) as JsonObject)?["call"] as JsonObject
                ?? throw new InvalidInputException("has no command line to repeat (\"call\"): it is no record of a run of gmm, or of an earlier version", path);
            if (call["verb"] is not JsonValue name || call["options"] is not JsonObject || call["arguments"] is not JsonArray list
                || !list.All(a => a?.GetValueKind() == JsonValueKind.String))
            {
                throw new InvalidInputException("needs a verb, a list of arguments and an object of options", path, null, "call");
            }

            return name.ToString() == verb.Name
                ? call
                : throw new InvalidInputException($"is of gmm {name}, not of gmm {verb.Name}", path, null, "call.verb");
        }
        catch (JsonException e)
        {
            throw RecordFile.Unusable(e, path, "the record of a run");
        }
    }

    private static InvalidInputException Unknown(string path, string name, VerbCommand verb)
    {
        var near = Spelling.Nearest(name, verb.Options.Select(o => o.Name.TrimStart('-')));
        return new InvalidInputException(
            $"is no option of gmm {verb.Name}" + (near is null ? string.Empty : $"; did you mean {near}?"), path, null, "call.options." + name);
    }

    private static JsonNode? Value(Option option, IReadOnlyList<Token> tokens)
    {
        if (option.ValueType == typeof(bool))
        {
            return tokens.Count == 0 || !string.Equals(tokens[0].Value, "false", StringComparison.OrdinalIgnoreCase);
        }

        JsonNode? One(string text) =>
            option.ValueType == typeof(string) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                ? JsonValue.Create(FullPath(text))
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
                : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));
        return option.Arity.MaximumNumberOfValues > 1 ? new JsonArray([.. tokens.Select(t => One(t.Value))]) : One(tokens[^1].Value);
    }

    private static IEnumerable<string> Words(Option option, JsonNode? value) => value switch
    {
        JsonArray list => list.SelectMany(v => Words(option, v)),
        JsonValue flag when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False => flag.GetValue<bool>() ? [option.Name] : [],
        JsonValue one => [option.Name, one.ToString()],
        _ => [],
    };

    /// <summary>A file by its full path, so that the record can be used from any folder; other words as they are.</summary>
    private static string FullPath(string word) =>
        (word.Contains('.', StringComparison.Ordinal) || word.Contains('/', StringComparison.Ordinal)) && Path.Exists(word) ? Path.GetFullPath(word) : word;
}
