using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(BuildReport))]
[JsonSerializable(typeof(ProjectReport))]
[JsonSerializable(typeof(MolmapReport))]
internal sealed partial class ModelReports : JsonSerializerContext;
