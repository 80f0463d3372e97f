using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(RefineReport))]
[JsonSerializable(typeof(PatchesReport))]
[JsonSerializable(typeof(CompositeReport))]
internal sealed partial class RefinementReports : JsonSerializerContext;
