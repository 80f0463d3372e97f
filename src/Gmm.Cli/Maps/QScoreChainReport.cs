namespace Gmm.Cli;

/// <summary>A chain's mean Q-score.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="MeanQ">Mean Q-score of the atoms; null where there is none.</param>
/// <param name="Atoms">Number of atoms.</param>
internal sealed record QScoreChainReport(
    string Chain,
    double? MeanQ,
    int Atoms);
