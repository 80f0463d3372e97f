using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>Source-generated JSON of the jobs' options; only written, to compare.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RefinementOptions))]
[JsonSerializable(typeof(FocusOptions))]
[JsonSerializable(typeof(PatchOptions))]
internal sealed partial class SettingsJson : JsonSerializerContext;
