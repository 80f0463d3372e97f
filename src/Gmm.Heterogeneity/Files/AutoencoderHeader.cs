using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>The header of an autoencoder's file.</summary>
internal sealed record AutoencoderHeader : IRecord
{
    [JsonPropertyName("version")]
    public required int Version { get; init; }

    [JsonPropertyName("model")]
    public required string Model { get; init; }

    [JsonPropertyName("design")]
    public required AutoencoderDesign Design { get; init; }

    [JsonPropertyName("anchors")]
    public required int Anchors { get; init; }

    [JsonPropertyName("anchor_width_A")]
    public required double AnchorWidth { get; init; }

    [JsonPropertyName("gaussians")]
    public required int Gaussians { get; init; }

    [JsonPropertyName("features")]
    public required int Features { get; init; }

    [JsonPropertyName("uses_networks")]
    public required bool UsesNetworks { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["version"].Version(Version, AutoencoderFile.FormatVersion);
        check["design"].Maybe(Design);
        check["anchors"].Within(Anchors, 1, HeterogeneityOptions.GreatestAnchors);
        check["anchor_width_A"].Positive(AnchorWidth);
        check["gaussians"].Positive(Gaussians);
        check["features"].Positive(Features);
    }
}
