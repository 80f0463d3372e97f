using System.Text.Json.Serialization;

namespace Gmm.Heterogeneity;

/// <summary>How well two half maps agree inside the mask.</summary>
/// <param name="Resolution">Where the FSC falls below 0.143; null where there is no resolution.</param>
/// <param name="MeanFsc">Mean FSC.</param>
internal sealed record MapAgreement(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    double MeanFsc);
