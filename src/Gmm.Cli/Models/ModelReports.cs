using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)])]
[JsonSerializable(typeof(BuildReport))]
[JsonSerializable(typeof(ProjectReport))]
[JsonSerializable(typeof(MolmapReport))]
internal sealed partial class ModelReports : JsonSerializerContext;
