using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

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

    private const int MaximumHeader = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "GMMAE 1\n"u8;

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
        AtomicOutput.Write(path, overwrite, stream =>
        {
            stream.Write(Magic);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            stream.Write(length);
            stream.Write(text);
            foreach (var block in Blocks(autoencoder))
            {
                stream.Write(MemoryMarshal.AsBytes(block.AsSpan()));
            }
        });
    }

    /// <summary>Reads an autoencoder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model it was trained with.</param>
    /// <returns>The autoencoder.</returns>
    /// <exception cref="InvalidInputException">No such file, of another version or model, or damaged.</exception>
    public static Autoencoder Read(string path, GaussianModel model)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read: {e.Message}", path, null, null, e);
        }

        var header = ReadHeader(path, bytes, out var offset);
        if (header.Gaussians != model.Count || header.Model != RunFingerprint.Of(model))
        {
            throw new InvalidInputException("belongs to another model than the one given: train again, or give the model it was trained with", path, null, "model");
        }

        var anchors = new AnchorSet(new float[header.Anchors], new float[header.Anchors], new float[header.Anchors], header.AnchorWidth);
        var start = bytes.AsSpan(offset);
        float[] mask = new float[header.Gaussians], mean = new float[header.Features], sd = new float[header.Features];
        foreach (var block in new[] { anchors.X, anchors.Y, anchors.Z, mask, mean, sd })
        {
            start = Take(path, start, block);
        }

        var result = Autoencoder.Create(model, header.Design, anchors, mask, mean, sd);
        result.UsesNetworks = header.UsesNetworks;
        foreach (var part in result.Parts)
        {
            start = Take(path, start, part.Parameters);
        }

        return start.IsEmpty ? result : throw new InvalidInputException($"has {start.Length} bytes more than its header says", path);
    }

    private static float[][] Blocks(Autoencoder a) =>
        [a.Anchors.X, a.Anchors.Y, a.Anchors.Z, a.Mask, a.Encoder.Mean, a.Encoder.InverseSd, .. a.Parts.Select(p => p.Parameters)];

    private static Span<byte> Take(string path, Span<byte> bytes, float[] values)
    {
        var length = 4 * values.Length;
        if (bytes.Length < length)
        {
            throw new InvalidInputException("ends before its weights do", path);
        }

        MemoryMarshal.Cast<byte, float>(bytes[..length]).CopyTo(values);
        return Array.TrueForAll(values, float.IsFinite)
            ? bytes[length..]
            : throw new InvalidInputException("has a weight that is not finite", path);
    }

    private static AutoencoderHeader ReadHeader(string path, byte[] bytes, out int offset)
    {
        offset = Magic.Length + 4;
        if (bytes.Length < offset || !bytes.AsSpan().StartsWith("GMMAE "u8))
        {
            throw new InvalidInputException("is no autoencoder file: it does not start with GMMAE", path);
        }

        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw new InvalidInputException($"has another version than {FormatVersion}, which this program reads", path);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (length is <= 0 or > MaximumHeader || length > bytes.Length - offset)
        {
            throw new InvalidInputException("has a damaged header", path);
        }

        try
        {
            var header = JsonSerializer.Deserialize(bytes.AsSpan(offset, length), HeterogeneityJson.Default.AutoencoderHeader);
            offset += length;
            return header is { Version: FormatVersion, Anchors: > 0, Gaussians: > 0, Features: > 0, Design.LatentDimension: > 0 } && header.AnchorWidth > 0
                ? header
                : throw new InvalidInputException($"has another version than {FormatVersion}, or a damaged header", path);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"has a damaged header: {e.Message.ReplaceLineEndings(" ")}", path, null, null, e);
        }
    }
}
