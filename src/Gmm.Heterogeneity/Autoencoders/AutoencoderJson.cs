using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>Source-generated JSON of autoencoders' files.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(AutoencoderHeader))]
internal sealed partial class AutoencoderJson : JsonSerializerContext;
