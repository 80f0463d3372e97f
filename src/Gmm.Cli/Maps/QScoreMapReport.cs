namespace Gmm.Cli;

/// <summary>Q-scores in one map.</summary>
/// <param name="Map">The map file.</param>
/// <param name="MeanQ">Mean Q-score of the atoms; null where there is none.</param>
/// <param name="Atoms">Number of atoms.</param>
/// <param name="AtomsOutside">Atoms outside the map, which are not counted.</param>
/// <param name="Chains">The scores chain by chain.</param>
internal sealed record QScoreMapReport(
    string Map,
    double? MeanQ,
    int Atoms,
    int AtomsOutside,
    QScoreChainReport[] Chains);
