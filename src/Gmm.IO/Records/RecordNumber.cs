using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.IO;

/// <summary>
/// A number of a record. One that is not finite, which JSON cannot hold, is written as null, so that the record of a long run is there even if a figure
/// of it is none; it is refused when it is read, unless it may be missing (<see cref="UnmeasuredNumber"/>).
/// </summary>
internal class RecordNumber : JsonConverter<double>
{
    /// <summary>Null is read here too, so that the complaint is that it is no number.</summary>
    public sealed override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw new JsonException();

    public sealed override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
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
