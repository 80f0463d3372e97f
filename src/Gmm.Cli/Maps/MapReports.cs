using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)])]
[JsonSerializable(typeof(FscReport))]
[JsonSerializable(typeof(ReconstructReport))]
[JsonSerializable(typeof(PartialSumsReport))]
[JsonSerializable(typeof(QScoreReport))]
[JsonSerializable(typeof(MaskReport))]
[JsonSerializable(typeof(PostprocessReport))]
[JsonSerializable(typeof(LocalresReport))]
internal sealed partial class MapReports : JsonSerializerContext;
