using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>What decides the shape of an autoencoder; part of its file's header.</summary>
internal sealed record AutoencoderDesign
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
}
