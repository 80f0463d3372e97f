using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The JSON objects that --json prints, without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = false, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(SimulateReport))]
[JsonSerializable(typeof(FscReport))]
[JsonSerializable(typeof(ReconstructReport))]
[JsonSerializable(typeof(PartialSumsReport))]
[JsonSerializable(typeof(BuildReport))]
[JsonSerializable(typeof(ProjectReport))]
[JsonSerializable(typeof(QScoreReport))]
[JsonSerializable(typeof(MolmapReport))]
[JsonSerializable(typeof(MaskReport))]
[JsonSerializable(typeof(PostprocessReport))]
[JsonSerializable(typeof(LocalresReport))]
[JsonSerializable(typeof(HeterogeneityReport))]
[JsonSerializable(typeof(RefineReport))]
[JsonSerializable(typeof(PatchesReport))]
[JsonSerializable(typeof(CompositeReport))]
[JsonSerializable(typeof(ToPoseReport))]
[JsonSerializable(typeof(LandscapeReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(RealDemoReport))]
[JsonSerializable(typeof(ExperimentReport))]
internal sealed partial class CliJson : JsonSerializerContext;
