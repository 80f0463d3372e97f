using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>The atomic model in the result of landscape.</summary>
internal sealed record MorphReport(
    int Atoms,
    [property: JsonPropertyName("atoms_far_from_gaussians")] int Far,
    [property: JsonPropertyName("reach_A")] double Reach,
    [property: JsonPropertyName("first_to_last_rms_A")] double FirstToLast,
    [property: JsonPropertyName("halves_differ_rms_A")] double HalvesDiffer,
    ResidueReport Longest,
    ResidueReport? Residue);
