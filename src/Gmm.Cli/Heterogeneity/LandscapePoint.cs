using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>One point of the trajectory.</summary>
internal sealed record LandscapePoint(
    int Point,
    [property: JsonPropertyName("scores_A")] HalfPair<double[]> Scores,
    int Particles,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    LandscapeAgreement? Agreement = null);
