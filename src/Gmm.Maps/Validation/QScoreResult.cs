namespace Gmm.Maps;

/// <summary>Q-scores of a model in a map.</summary>
/// <param name="AtomScores">
/// One for each atom of the model, -1 to 1; NaN for atoms that have none: hydrogens, and atoms outside the map.
/// </param>
/// <param name="Residues">The residues in the model's order.</param>
/// <param name="Chains">The chains in the model's order.</param>
/// <param name="Mean">Mean over all scored atoms.</param>
/// <param name="ScoredAtoms">Number of scored atoms.</param>
/// <param name="AtomsOutside">Number of atoms, hydrogens not counted, that have no score because they lie outside the map.</param>
public sealed record QScoreResult(
    IReadOnlyList<double> AtomScores,
    IReadOnlyList<ResidueQScore> Residues,
    IReadOnlyList<ChainQScore> Chains,
    double Mean,
    int ScoredAtoms,
    int AtomsOutside);
