using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>A chain's mean Q-score.</summary>
internal sealed record QScoreChainReport(
    [property: JsonPropertyName("chain")] string Chain,
    [property: JsonPropertyName("mean_q")] double? MeanQ,
    [property: JsonPropertyName("atoms")] int Atoms);

/// <summary>Q-scores in one map.</summary>
internal sealed record QScoreMapReport(
    [property: JsonPropertyName("map")] string Map,
    [property: JsonPropertyName("mean_q")] double? MeanQ,
    [property: JsonPropertyName("atoms")] int Atoms,
    [property: JsonPropertyName("atoms_outside")] int AtomsOutside,
    [property: JsonPropertyName("chains")] QScoreChainReport[] Chains);

/// <summary>Result of qscore; the first numbers are the first map's.</summary>
internal sealed record QScoreReport(
    [property: JsonPropertyName("mean_q")] double? MeanQ,
    [property: JsonPropertyName("atoms")] int Atoms,
    [property: JsonPropertyName("atoms_outside")] int AtomsOutside,
    [property: JsonPropertyName("maps")] QScoreMapReport[] Maps,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    [property: JsonPropertyName("files")] string[] Files);
