namespace Gmm.Maps;

/// <summary>The Q-score of a chain.</summary>
/// <param name="Chain">Chain name (the authors').</param>
/// <param name="Q">Mean over its scored atoms; NaN if there is none.</param>
/// <param name="ScoredAtoms">Number of atoms in the mean.</param>
public sealed record ChainQScore(string Chain, double Q, int ScoredAtoms);
