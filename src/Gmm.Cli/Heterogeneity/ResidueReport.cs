using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>How far a residue goes.</summary>
internal sealed record ResidueReport(
    string Residue,
    string Name,
    [property: JsonPropertyName("path_A")] double Path,
    [property: JsonPropertyName("end_to_end_A")] double EndToEnd,
    [property: JsonPropertyName("most_A")] double Most);
