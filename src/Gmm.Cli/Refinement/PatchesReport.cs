using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of patches and bodies.</summary>
internal sealed record PatchesReport(
    PatchReport[] Patches,
    [property: JsonPropertyName("composite_resolution_0143_A")] double? CompositeResolution,
    [property: JsonPropertyName("consensus_resolution_0143_A")] double? ConsensusResolution,
    int Particles,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    Gmm.Refinement.Verdict? Verdict,
    string[] Files,
    IReadOnlyList<string> Warnings);
