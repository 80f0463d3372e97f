namespace Gmm.Maps;

/// <summary>The Q-score of a residue.</summary>
/// <param name="Chain">Chain name (the authors').</param>
/// <param name="Number">Residue number (the authors').</param>
/// <param name="InsertionCode">Tells residues of one number apart; empty for none.</param>
/// <param name="Name">Residue name, such as "ALA".</param>
/// <param name="Q">Mean over its scored atoms; NaN if there is none.</param>
/// <param name="WindowQ">
/// Mean of <paramref name="Q"/> over this residue and as many before and after it in its chain's polymer as the window has. As in MapQ the
/// window is cut off at the chain's ends and passes over residues that the model lacks. Of a residue that is no part of a polymer,
/// <paramref name="Q"/> itself.
/// </param>
/// <param name="ScoredAtoms">Number of atoms in the mean.</param>
/// <param name="IsPolymer">Whether it is an amino acid, also a modified one, or a nucleotide.</param>
public sealed record ResidueQScore(
    string Chain, int Number, string InsertionCode, string Name, double Q, double WindowQ, int ScoredAtoms, bool IsPolymer);
