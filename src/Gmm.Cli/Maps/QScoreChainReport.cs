using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>A chain's mean Q-score.</summary>
internal sealed record QScoreChainReport(
    string Chain,
    [property: JsonPropertyName("mean_q")] double? MeanQ,
    int Atoms);
