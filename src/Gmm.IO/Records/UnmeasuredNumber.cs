using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.IO;

/// <summary>A number that could not be measured: NaN here, null in JSON.</summary>
internal sealed class UnmeasuredNumber : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => double.NaN,
        JsonTokenType.Number => reader.GetDouble(),

        // Records of earlier versions.
        JsonTokenType.String when reader.GetString() is "NaN" or "Infinity" => double.NaN,
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
