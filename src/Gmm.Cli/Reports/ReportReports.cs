using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ReportReport))]
internal sealed partial class ReportReports : JsonSerializerContext;
