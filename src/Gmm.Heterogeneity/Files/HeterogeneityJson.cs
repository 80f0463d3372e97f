using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>Source-generated JSON of the heterogeneity analysis's files.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(HeterogeneityRecord))]
internal sealed partial class HeterogeneityJson : JsonSerializerContext;
