using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>Files of autoencoders (.gmmae): one line of text, a JSON header and a block of float32 (docs/heterogeneity.md, Files).</summary>
/// <remarks>
/// "GMMAE 2\n"; the header's length in bytes, 32 bits, little-endian; the header, UTF-8; then float32, little-endian: x, y and z of the
/// anchors, the focus mask at each Gaussian, mean and inverse standard deviation of the features, and the blocks of weights, the encoder's and then
/// the decoder's. The parts of this library have a linear block and a network's, layer by layer: the matrix, a row per output, then the biases (the
/// decoder's linear block has none). The header names the parts and has a fingerprint of the model; a file of another model or version is refused.
/// </remarks>
public static class AutoencoderFile
{
    /// <summary>Version of the format written.</summary>
    public const int FormatVersion = 2;

    private static readonly FloatBlockFile File = new("GMMAE", FormatVersion, "autoencoder file");

    /// <summary>Writes an autoencoder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="InvalidInputException">The file exists and must not be replaced, or cannot be written.</exception>
    public static void Write(string path, Autoencoder autoencoder, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(autoencoder);
        var header = new AutoencoderHeader
        {
            Version = FormatVersion,
            Model = RunFingerprint.Of(autoencoder.Model),
            Half = autoencoder.Half,
            LatentDimension = autoencoder.LatentDimension,
            Resolution = autoencoder.Resolution,
            Decoder = autoencoder.DecoderName,
            Encoder = autoencoder.EncoderName,
            Anchors = autoencoder.Anchors.Count,
            AnchorWidth = autoencoder.Anchors.Width,
            Gaussians = autoencoder.Model.Count,
            Features = autoencoder.FeatureCount,
            Weights = [.. autoencoder.Weights.Select(w => w.Values.Length)],
            UsesNetworks = autoencoder.UsesNetworks,
        };
        var text = RecordFile.ToBytes(header, AutoencoderJson.Default.AutoencoderHeader);
        File.Write(path, text, Blocks(autoencoder), overwrite);
    }

    /// <summary>Reads an autoencoder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model it was trained with.</param>
    /// <param name="decoder">Makes its decoder, where that is none of this library's; of <see cref="Decoders"/> none needs to be given.</param>
    /// <param name="encoder">Makes its encoder, where that is none of this library's.</param>
    /// <returns>The autoencoder.</returns>
    /// <exception cref="InvalidInputException">No such file, of another version, model, decoder or encoder, or damaged.</exception>
    public static Autoencoder Read(string path, GaussianModel model, IDecoderFactory? decoder = null, IEncoderFactory? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (text, blocks) = File.Read(path);
        var header = RecordFile.Parse(text, AutoencoderJson.Default.AutoencoderHeader, path, "the header of an autoencoder");
        if (header.Gaussians != model.Count || header.Model != RunFingerprint.Of(model))
        {
            throw new InvalidInputException(
                "belongs to another model than the one given: train again, or give the model it was trained with", path, null, "model");
        }

        var fixedValues = (3 * (Int128)header.Anchors) + header.Gaussians + (2 * (Int128)header.Features);
        FloatBlockFile.Need(path, blocks, header.Weights.Aggregate(fixedValues, (sum, w) => sum + w));
        var design = new AutoencoderDesign
        {
            Half = header.Half,
            LatentDimension = header.LatentDimension,
            Resolution = header.Resolution,
            Decoder = Part(path, "decoder", header.Decoder, decoder?.Name == header.Decoder ? decoder : Decoders.Find(header.Decoder), decoder?.Name),
            Encoder = Part(path, "encoder", header.Encoder, encoder?.Name == header.Encoder ? encoder : Encoders.Find(header.Encoder), encoder?.Name),
        };
        var check = new RecordCheck(path, string.Empty);
        check["latent_dimension"].Require(
            header.LatentDimension <= design.Decoder.MostCoordinates,
            $"is {header.LatentDimension}; the decoder {header.Decoder} has {design.Decoder.MostCoordinates} at most");
        var features = AnchorFeatures.Count(header.Anchors, design.Decoder.ChangesAmplitudes);
        check["features"].Require(header.Features == features, $"is {header.Features}; {header.Anchors} anchors have {features}");
        var anchors = new AnchorSet(new float[header.Anchors], new float[header.Anchors], new float[header.Anchors], header.AnchorWidth);
        var start = blocks.AsSpan();
        float[] mask = new float[header.Gaussians], mean = new float[header.Features], sd = new float[header.Features];
        foreach (var block in new[] { anchors.X, anchors.Y, anchors.Z, mask, mean, sd })
        {
            start = FloatBlockFile.Take(path, start, block);
        }

        var result = Autoencoder.Create(model, design, anchors, mask, mean, sd);
        check["weights"].Count(header.Weights.Length, result.Weights.Count);
        result.UsesNetworks = header.UsesNetworks;
        for (var b = 0; b < result.Weights.Count; b++)
        {
            var values = result.Weights[b].Values;
            check["weights"][b].Require(
                header.Weights[b] == values.Length, $"is {header.Weights[b]}; the block \"{result.Weights[b].Name}\" has {values.Length} values");
            start = FloatBlockFile.Take(path, start, values);
        }

        DeformationReach.Check(result.Decoder, model, path);
        return result;
    }

    /// <summary>The part that a file names.</summary>
    private static T Part<T>(string path, string what, string name, T? found, string? given)
        where T : class => found ?? throw new InvalidInputException(
            given is null
                ? $"was made with the {what} \"{name}\", which is none of this library's: its factory must be given to read the file"
                : $"was made with the {what} \"{name}\", not with the one given, \"{given}\"",
            path, null, what);

    private static IEnumerable<float[]> Blocks(Autoencoder a) =>
        [a.Anchors.X, a.Anchors.Y, a.Anchors.Z, a.Mask, a.FeatureMean.ToArray(), a.FeatureInverseSd.ToArray(), .. a.Weights.Select(w => w.Values)];
}
