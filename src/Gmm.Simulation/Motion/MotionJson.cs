using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>Reads motion files, without reflection; a name that is not known is an error, since it would otherwise be ignored in silence.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowTrailingCommas = true,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MotionFile))]
internal sealed partial class MotionJson : JsonSerializerContext;
