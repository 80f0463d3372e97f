using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>Source-generated JSON of an analysis's options; only written, to compare.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)])]
[JsonSerializable(typeof(HeterogeneityOptions))]
internal sealed partial class HeterogeneitySettingsJson : JsonSerializerContext;
