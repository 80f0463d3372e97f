using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of landscape.</summary>
/// <param name="Particles">Number of particles.</param>
/// <param name="MotionFound">Whether the held-out particles of both halves show motion.</param>
/// <param name="Halves">For each half.</param>
/// <param name="Points">The points of the trajectory.</param>
/// <param name="AgreementMask">The mask in which halves were compared, or what it was made of; null without maps.</param>
/// <param name="Morph">The atomic model; null without one.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record LandscapeReport(
    int Particles,
    bool MotionFound,
    HalfPair<LandscapeHalf> Halves,
    LandscapePoint[] Points,
    string? AgreementMask,
    MorphReport? Morph,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
