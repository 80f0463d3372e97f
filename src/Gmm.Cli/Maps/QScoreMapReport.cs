using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Q-scores in one map.</summary>
internal sealed record QScoreMapReport(
    string Map,
    [property: JsonPropertyName("mean_q")] double? MeanQ,
    int Atoms,
    int AtomsOutside,
    QScoreChainReport[] Chains);
