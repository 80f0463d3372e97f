using System.Text.Json;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>Files of autoencoders (.gmmae): one line of text, a JSON header and a block of float32 (docs/heterogeneity.md, Files).</summary>
/// <remarks>
/// "GMMAE 1\n"; the header's length in bytes, 32 bits, little-endian; the header, UTF-8; then float32, little-endian: x, y and z of the
/// anchors, the focus mask at each Gaussian, mean and inverse standard deviation of the features, and the weights of encoder linear, encoder
/// network, decoder linear, decoder network, each layer by layer: the matrix, a row per output, then the biases (decoder linear has none).
/// The header has a fingerprint of the model; a file of another model or version is refused.
/// </remarks>
public static class AutoencoderFile
{
    /// <summary>Version of the format written.</summary>
    public const int FormatVersion = 1;

    private static readonly FloatBlockFile File = new("GMMAE", FormatVersion, "autoencoder file");

    /// <summary>Writes an autoencoder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="InvalidInputException">The file exists and must not be replaced, or cannot be written.</exception>
    public static void Write(string path, Autoencoder autoencoder, bool overwrite = false)
    {
        var header = new AutoencoderHeader
        {
            Version = FormatVersion,
            Model = RunFingerprint.Of(autoencoder.Model),
            Design = autoencoder.Design,
            Anchors = autoencoder.Anchors.Count,
            AnchorWidth = autoencoder.Anchors.Width,
            Gaussians = autoencoder.Model.Count,
            Features = autoencoder.Encoder.FeatureCount,
            UsesNetworks = autoencoder.UsesNetworks,
        };
        var text = JsonSerializer.SerializeToUtf8Bytes(header, HeterogeneityJson.Default.AutoencoderHeader);
        File.Write(path, text, Blocks(autoencoder), overwrite);
    }

    /// <summary>Reads an autoencoder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model it was trained with.</param>
    /// <returns>The autoencoder.</returns>
    /// <exception cref="InvalidInputException">No such file, of another version or model, or damaged.</exception>
    public static Autoencoder Read(string path, GaussianModel model)
    {
        var (text, blocks) = File.Read(path);
        var header = RecordFile.Parse(text, HeterogeneityJson.Default.AutoencoderHeader, path, "the header of an autoencoder");
        if (header.Gaussians != model.Count || header.Model != RunFingerprint.Of(model))
        {
            throw new InvalidInputException("belongs to another model than the one given: train again, or give the model it was trained with", path, null, "model");
        }

        FloatBlockFile.Need(path, blocks, Values(header));
        var anchors = new AnchorSet(new float[header.Anchors], new float[header.Anchors], new float[header.Anchors], header.AnchorWidth);
        var start = blocks.AsSpan();
        float[] mask = new float[header.Gaussians], mean = new float[header.Features], sd = new float[header.Features];
        foreach (var block in new[] { anchors.X, anchors.Y, anchors.Z, mask, mean, sd })
        {
            start = FloatBlockFile.Take(path, start, block);
        }

        var result = Autoencoder.Create(model, header.Design, anchors, mask, mean, sd);
        var features = MotionCache.Features(result.Features);
        new RecordCheck(path, "features").Require(header.Features == features, $"is {header.Features}; {header.Anchors} anchors have {features}");
        result.UsesNetworks = header.UsesNetworks;
        foreach (var part in result.Parts)
        {
            start = FloatBlockFile.Take(path, start, part.Parameters);
        }

        result.Trained.CheckReach(path);
        return result;
    }

    /// <summary>How many values follow a header.</summary>
    private static Int128 Values(AutoencoderHeader header)
    {
        var (design, d) = (header.Design, header.Design.LatentDimension);
        var controls = Autoencoder.ControlCount(design, header.Anchors, header.Gaussians);
        return (3 * (Int128)header.Anchors) + header.Gaussians + (2 * (Int128)header.Features)
            + DenseNetwork.ParameterCount([header.Features, 2 * d], biases: true) + DenseNetwork.ParameterCount([header.Features, .. design.EncoderHidden, 2 * d], biases: true)
            + DenseNetwork.ParameterCount([d, controls], biases: false) + DenseNetwork.ParameterCount([d, .. design.DecoderHidden, controls], biases: true);
    }

    private static float[][] Blocks(Autoencoder a) =>
        [a.Anchors.X, a.Anchors.Y, a.Anchors.Z, a.Mask, a.Encoder.Mean, a.Encoder.InverseSd, .. a.Parts.Select(p => p.Parameters)];
}
