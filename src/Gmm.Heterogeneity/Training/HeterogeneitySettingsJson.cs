using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>Source-generated JSON of an analysis's options; only written, to compare.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(HeterogeneityOptions))]
internal sealed partial class HeterogeneitySettingsJson : JsonSerializerContext;
