using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of to-pose.</summary>
/// <param name="Mode">How poses were found.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="Halves">For each half.</param>
/// <param name="ParticlesPerSecond">Particles per second.</param>
/// <param name="Resolution">Where the FSC of the half maps in the mask falls below 0.143; null without maps.</param>
/// <param name="Refinement">The refinement after it; null without one.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
/// <param name="Call">Verb, arguments and the options given: what --options repeats.</param>
internal sealed record ToPoseReport(
    string Mode,
    int Particles,
    HalfPair<ToPoseHalf> Halves,
    double ParticlesPerSecond,
    [property: JsonPropertyName("resolution_in_mask_A")] double? Resolution,
    RefineReport? Refinement,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    JsonObject Call);
