using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// What one pass over the images found of each (<see cref="PreparedParticles.Measure"/>), kept with a run to the last bit, so that neither a resumed run
/// nor a worker of it reads every image again: for each image its kind (int32) and six float32.
/// </summary>
internal static class ImageFiguresFile
{
    /// <summary>To be raised whenever other things are measured, or the same ones otherwise.</summary>
    private const int Version = 2;
    private const int Numbers = 6;

    private static ReadOnlySpan<byte> Kind => "GMMFIGS1"u8;

    /// <summary>Which images figures are of: the particles with the places of their images, and what the stacks hold.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="stacks">Stamps of their stacks.</param>
    public static string KeyOf(IParticleSource source, IReadOnlyList<FileStamp> stacks) =>
        string.Join(' ', RunFingerprint.Of(source), RunFingerprint.Of([.. stacks.Select(s => s.Hash)]));

    /// <summary>Writes figures.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="figures">Of every image.</param>
    /// <param name="key">Which images they are of.</param>
    public static void Write(string path, ImageFigures[] figures, string key) => HashedOutput.Write(
        path, Kind, new ImageFiguresInfo { FormatVersion = Version, Images = figures.Length, Key = key }, ImageFiguresJson.Default.ImageFiguresInfo,
        overwrite: true, output =>
        {
            output.Put<int>([.. figures.Select(f => (int)f.Kind)]);
            foreach (var f in figures)
            {
                output.Put<float>([f.Mean, f.SlopeX, f.SlopeY, f.Deviation, f.InsideDeviation, f.Fill]);
            }
        });

    /// <summary>Reads figures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">Images.</param>
    /// <param name="key">Which images they must be of.</param>
    /// <exception cref="InvalidInputException">It cannot be read, is damaged, or of other images.</exception>
    public static ImageFigures[] Read(string path, int count, string key)
    {
        using var file = HashedFile<ImageFiguresInfo>.Open(path, Kind, ImageFiguresJson.Default.ImageFiguresInfo, "a file of figures of images (.gmmfig)");
        var info = file.Header;
        new RecordCheck(path, "format_version").Version(info.FormatVersion, Version);
        if (info.Images != count || info.Key != key)
        {
            throw new InvalidInputException("is of other images", path, null, info.Images != count ? "images" : "key");
        }

        file.RequireContent((Int128)count * (sizeof(int) + (Numbers * sizeof(float))));
        var (kinds, numbers, figures) = (new int[count], new float[Numbers * count], new ImageFigures[count]);
        file.Fill<int>(kinds);
        file.Fill<float>(numbers);
        file.RequireHash();
        for (var i = 0; i < count; i++)
        {
            var kind = (ImageKind)kinds[i];
            var n = numbers.AsSpan(Numbers * i, Numbers);
            if (!Enum.IsDefined(kind) || !System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(n))
            {
                throw new InvalidInputException("holds what no image has", path, i + 1);
            }

            figures[i] = new ImageFigures(kind, n[0], n[1], n[2], n[3], n[4], n[5]);
        }

        return figures;
    }
}

/// <summary>What a file of figures says about itself.</summary>
internal sealed record ImageFiguresInfo : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Which images they are.</summary>
    public required string Key { get; init; }

    void IRecord.Validate(RecordCheck check) => check["images"].NotNegative(Images);
}

/// <summary>Source-generated JSON of the header.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ImageFiguresInfo))]
internal sealed partial class ImageFiguresJson : JsonSerializerContext;
