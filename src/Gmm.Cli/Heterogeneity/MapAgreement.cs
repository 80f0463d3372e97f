using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>How well two half maps agree inside the mask.</summary>
internal sealed record MapAgreement(
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    double MeanFsc);
