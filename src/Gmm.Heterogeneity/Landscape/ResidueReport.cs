using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>How far a residue goes.</summary>
/// <param name="Residue">Chain and number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">Length of its way along the points.</param>
/// <param name="EndToEnd">Distance of its ends.</param>
/// <param name="Most">Largest distance from the first point.</param>
internal sealed record ResidueReport(
    string Residue,
    string Name,
    [property: JsonPropertyName("path_A")] double Path,
    [property: JsonPropertyName("end_to_end_A")] double EndToEnd,
    [property: JsonPropertyName("most_A")] double Most);
