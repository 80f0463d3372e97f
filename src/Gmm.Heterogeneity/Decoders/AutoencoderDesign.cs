using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>What decides the shape of an autoencoder; part of its file's header.</summary>
internal sealed record AutoencoderDesign : IRecord
{
    [JsonPropertyName("half")]
    public required int Half { get; init; }

    [JsonPropertyName("latent_dimension")]
    public required int LatentDimension { get; init; }

    [JsonPropertyName("decoder")]
    public required DecoderKind Decoder { get; init; }

    [JsonPropertyName("amplitudes")]
    public required bool Amplitudes { get; init; }

    [JsonPropertyName("resolution_A")]
    public required double Resolution { get; init; }

    [JsonPropertyName("encoder_hidden")]
    public required int[] EncoderHidden { get; init; }

    [JsonPropertyName("decoder_hidden")]
    public required int[] DecoderHidden { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["half"].Within(Half, 1, 2);
        check["latent_dimension"].Within(LatentDimension, 1, HeterogeneityOptions.GreatestDimension);
        check["decoder"].Require(Enum.IsDefined(Decoder), "is no decoder");
        check["resolution_A"].Positive(Resolution);
        check["encoder_hidden"].Require(Array.TrueForAll(EncoderHidden, w => w > 0), "has a layer without values");
        check["decoder_hidden"].Require(Array.TrueForAll(DecoderHidden, w => w > 0), "has a layer without values");
    }
}
