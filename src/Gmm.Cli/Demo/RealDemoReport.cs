using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of demo --real.</summary>
internal sealed record RealDemoReport(
    bool Simulated,
    int Particles,
    string Symmetry,
    RealStage Start,
    [property: JsonPropertyName("start_4deg")] RealStage Start4,
    RealStage Published,
    RealStage Refined,
    [property: JsonPropertyName("refined_from_4deg")] RealStage From4,
    [property: JsonPropertyName("refined_from_published")] RealStage FromPublished,
    Gmm.Refinement.Verdict? Verdict,
    [property: JsonPropertyName("refinement_s")] double RefinementSeconds,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("peak_rss_mb")] double PeakRssMegabyte,
    string[] Files);
