namespace Gmm.Cli;

/// <summary>Q-scores in one map.</summary>
internal sealed record QScoreMapReport(
    string Map,
    double? MeanQ,
    int Atoms,
    int AtomsOutside,
    QScoreChainReport[] Chains);
