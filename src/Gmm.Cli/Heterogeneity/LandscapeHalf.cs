using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>One half in the result of landscape.</summary>
internal sealed record LandscapeHalf(
    int Half,
    int Particles,
    [property: JsonPropertyName("component_rms_A")] double[] ComponentRms,
    double[] ComponentShare,
    [property: JsonPropertyName("match_to_half1")] double[]? Match,
    int[]? ClusterSizes);
