using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gmm.IO;

/// <summary>
/// The name of a part as JSON: "anchors(amplitudes, hidden 32 64)" is {"name": "anchors", "settings": {"amplitudes": true, "hidden": [32, 64]}}. A name
/// that is not of this form is "name" as a whole, without settings.
/// </summary>
internal static class PartJson
{
    private const string NameMember = "name";
    private const string SettingsMember = "settings";
    private const string Between = ", ";

    /// <summary>A name as an object.</summary>
    public static JsonObject Of(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && name[^1] == ')')
        {
            var settings = new JsonObject();
            var node = new JsonObject { [NameMember] = name[..open], [SettingsMember] = settings };
            foreach (var setting in name[(open + 1)..^1].Split(Between))
            {
                var words = setting.Split(' ');
                settings[words[0]] = words.Length switch
                {
                    1 => true,
                    2 => Value(words[1]),
                    _ => new JsonArray([.. words[1..].Select(Value)]),
                };
            }

            // What would not come back as it was is left as it is.
            if (Text(node) == name)
            {
                return node;
            }
        }

        return new JsonObject { [NameMember] = name, [SettingsMember] = new JsonObject() };
    }

    /// <summary>The name that an object was made of; null if it is another object.</summary>
    public static string? Text(JsonObject node) => node is { Count: 2 } && node[NameMember] is JsonValue word && word.GetValueKind() == JsonValueKind.String
        && node[SettingsMember] is JsonObject settings
            ? word.ToString() + (settings.Count == 0 ? string.Empty : $"({string.Join(Between, settings.Select(Text))})")
            : null;

    private static string Text(KeyValuePair<string, JsonNode?> setting) => setting.Value switch
    {
        JsonArray list => $"{setting.Key} {string.Join(' ', list)}",
        JsonValue flag when flag.GetValueKind() == JsonValueKind.True => setting.Key,
        _ => $"{setting.Key} {setting.Value}",
    };

    /// <summary>A number with the digits it has, or text.</summary>
    private static JsonNode? Value(string word)
    {
        try
        {
            return word.Length > 0 && (char.IsAsciiDigit(word[0]) || word[0] == '-') ? JsonNode.Parse(word) : JsonValue.Create(word);
        }
        catch (JsonException)
        {
            return JsonValue.Create(word);
        }
    }
}
