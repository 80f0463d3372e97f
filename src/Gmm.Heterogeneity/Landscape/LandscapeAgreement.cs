using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>
/// How well the halves' maps agree at a point, and, as a yardstick, half 1's with half 2's of another point, which shows another conformation.
/// </summary>
/// <param name="Halves">The halves at the point.</param>
/// <param name="OtherPoint">The other point, from 1.</param>
/// <param name="WithOther">Half 1's map with half 2's of the other point.</param>
internal sealed record LandscapeAgreement(
    MapAgreement Halves,
    int OtherPoint,
    [property: JsonPropertyName("with_other_point")] MapAgreement WithOther);
