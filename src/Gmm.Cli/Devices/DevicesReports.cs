using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)])]
[JsonSerializable(typeof(DevicesReport))]
internal sealed partial class DevicesReports : JsonSerializerContext;
