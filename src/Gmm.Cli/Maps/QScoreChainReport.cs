namespace Gmm.Cli;

/// <summary>A chain's mean Q-score.</summary>
internal sealed record QScoreChainReport(
    string Chain,
    double? MeanQ,
    int Atoms);
