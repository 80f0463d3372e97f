using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gmm.IO;

/// <summary>The name of a part in a record, an object in JSON (<see cref="PartJson"/>).</summary>
internal sealed class PartNameText : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonNode.Parse(ref reader) is JsonObject node && PartJson.Text(node) is { } name
            ? name : throw new JsonException("A part is an object of a name and settings.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => PartJson.Of(value).WriteTo(writer);
}
