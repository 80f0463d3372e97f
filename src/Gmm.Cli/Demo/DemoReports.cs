using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(RealDemoReport))]
internal sealed partial class DemoReports : JsonSerializerContext;
