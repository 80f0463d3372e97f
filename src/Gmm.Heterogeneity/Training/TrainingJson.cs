using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>Source-generated JSON of the states of training.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TrainingStateHeader))]
internal sealed partial class TrainingJson : JsonSerializerContext;
