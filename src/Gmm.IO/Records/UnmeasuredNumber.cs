using System.Text.Json;

namespace Gmm.IO;

/// <summary>A number that could not be measured: NaN here, null in JSON.</summary>
internal sealed class UnmeasuredNumber : RecordNumber
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : base.Read(ref reader, typeToConvert, options);
}
