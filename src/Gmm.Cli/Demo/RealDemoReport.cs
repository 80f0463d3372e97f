using System.Text.Json.Serialization;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Result of demo --real.</summary>
/// <param name="Simulated">Whether the images are simulated.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="Symmetry">Point group.</param>
/// <param name="Start">At the poses 8 degrees off.</param>
/// <param name="Start4">At the poses 4 degrees off.</param>
/// <param name="Published">At the published poses.</param>
/// <param name="Refined">Refined from 8 degrees off.</param>
/// <param name="From4">Refined from 4 degrees off.</param>
/// <param name="FromPublished">Refined from the published poses.</param>
/// <param name="Verdict">Whether the result is better than what it started from.</param>
/// <param name="RefinementSeconds">Wall time of the refinement from 8 degrees off.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="PeakRssMegabyte">Peak resident memory of the process.</param>
/// <param name="Files">The files written.</param>
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
