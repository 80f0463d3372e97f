using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>The atomic model in the result of landscape.</summary>
/// <param name="Atoms">Number of atoms.</param>
/// <param name="Far">Atoms far from every Gaussian.</param>
/// <param name="Reach">Distance beyond which an atom is far.</param>
/// <param name="FirstToLast">Root mean square distance of the atoms from the first point to the last.</param>
/// <param name="HalvesDiffer">Root mean square difference of the halves' motions.</param>
/// <param name="Longest">The residue that goes farthest.</param>
/// <param name="Residue">The residue asked for; null without one.</param>
internal sealed record MorphReport(
    int Atoms,
    [property: JsonPropertyName("atoms_far_from_gaussians")] int Far,
    [property: JsonPropertyName("reach_A")] double Reach,
    [property: JsonPropertyName("first_to_last_rms_A")] double FirstToLast,
    [property: JsonPropertyName("halves_differ_rms_A")] double HalvesDiffer,
    ResidueReport Longest,
    ResidueReport? Residue);
