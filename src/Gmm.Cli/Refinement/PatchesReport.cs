using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of patches and bodies.</summary>
/// <param name="Patches">The patches or bodies.</param>
/// <param name="CompositeResolution">Where the FSC of the composite falls below 0.143; null where there is no resolution.</param>
/// <param name="ConsensusResolution">The same of the consensus.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="PeakRssMegabyte">Peak resident memory of the process.</param>
/// <param name="Verdict">Whether the result is better than what it started from.</param>
/// <param name="Files">The files written.</param>
/// <param name="Warnings">What a person should know, a sentence each.</param>
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
