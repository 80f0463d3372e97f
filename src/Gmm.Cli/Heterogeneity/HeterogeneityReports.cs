using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(HeterogeneityReport))]
[JsonSerializable(typeof(ToPoseReport))]
[JsonSerializable(typeof(LandscapeReport))]
internal sealed partial class HeterogeneityReports : JsonSerializerContext;
