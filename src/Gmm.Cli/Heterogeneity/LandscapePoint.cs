using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One point of the trajectory.</summary>
internal sealed record LandscapePoint(
    int Point,
    [property: JsonPropertyName("scores_half1_A")] double[] Scores1,
    [property: JsonPropertyName("scores_half2_A")] double[] Scores2,
    int Particles,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    [property: JsonPropertyName("agreement")] LandscapeAgreement? Agreement = null);
