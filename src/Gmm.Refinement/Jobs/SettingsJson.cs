using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Source-generated JSON of the jobs' options; only written, to compare.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)])]
[JsonSerializable(typeof(RefinementOptions))]
[JsonSerializable(typeof(FocusOptions))]
[JsonSerializable(typeof(PatchOptions))]
internal sealed partial class SettingsJson : JsonSerializerContext;
