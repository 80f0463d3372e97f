using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>A part of a job in its settings: its name and every setting of it (<see cref="PartJson"/>). Only written, to be compared.</summary>
internal sealed class PartName<T> : JsonConverter<T>
    where T : IPart
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A part cannot be made of its name.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => PartJson.Of(value.Name).WriteTo(writer);
}
