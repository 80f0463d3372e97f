using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>The header of an autoencoder's file.</summary>
internal sealed record AutoencoderHeader : IRecord
{
    public required int Version { get; init; }

    public required string Model { get; init; }

    public required int Half { get; init; }

    public required int LatentDimension { get; init; }

    [JsonPropertyName("resolution_A")]
    public required double Resolution { get; init; }

    public required string Decoder { get; init; }

    public required string Encoder { get; init; }

    public required int Anchors { get; init; }

    [JsonPropertyName("anchor_width_A")]
    public required double AnchorWidth { get; init; }

    public required int Gaussians { get; init; }

    public required int Features { get; init; }

    /// <summary>Lengths of the blocks of weights.</summary>
    public required int[] Weights { get; init; }

    public required bool UsesNetworks { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["version"].Version(Version, AutoencoderFile.FormatVersion);
        check["half"].Within(Half, 1, 2);
        check["latent_dimension"].Within(LatentDimension, 1, LatentLimits.Dimension);
        check["resolution_A"].Positive(Resolution);
        check["anchors"].Within(Anchors, 1, LatentLimits.Anchors);
        check["anchor_width_A"].Positive(AnchorWidth);
        check["gaussians"].Positive(Gaussians);
        check["features"].Positive(Features);
        check["weights"].Require(Array.TrueForAll(Weights, w => w >= 0), "has a block of negative length");
    }
}
