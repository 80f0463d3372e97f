using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>The header of an autoencoder's file.</summary>
internal sealed record AutoencoderHeader : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>Hash of the neutral model.</summary>
    public required string Model { get; init; }

    /// <summary>The half, 1 or 2.</summary>
    public required int Half { get; init; }

    /// <summary>Latent coordinates.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Finest resolution compared, angstrom.</summary>
    [JsonPropertyName("resolution_A")]
    public required double Resolution { get; init; }

    /// <summary>Name of the decoder, with all its settings.</summary>
    public required string Decoder { get; init; }

    /// <summary>Name of the encoder, with all its settings.</summary>
    public required string Encoder { get; init; }

    /// <summary>Number of anchors.</summary>
    public required int Anchors { get; init; }

    /// <summary>Width of an anchor, angstrom.</summary>
    [JsonPropertyName("anchor_width_A")]
    public required double AnchorWidth { get; init; }

    /// <summary>Gaussians of the model.</summary>
    public required int Gaussians { get; init; }

    /// <summary>Features that the encoder sees.</summary>
    public required int Features { get; init; }

    /// <summary>Lengths of the blocks of weights.</summary>
    public required int[] Weights { get; init; }

    /// <summary>Whether the weights have networks.</summary>
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
