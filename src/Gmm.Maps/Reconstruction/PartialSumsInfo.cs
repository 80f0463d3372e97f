using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>What a file of partial sums says about itself (its JSON header; docs/formats.md).</summary>
public sealed record PartialSumsInfo : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Side of the map, voxels.</summary>
    [JsonPropertyName("box")]
    public required int BoxSize { get; init; }

    /// <summary>Angstrom per voxel of the map.</summary>
    [JsonPropertyName("pixel_size_A")]
    public required double PixelSize { get; init; }

    /// <summary>Side of the Fourier grid over the side of the map, as asked for.</summary>
    [JsonPropertyName("padding")]
    public required double PaddingFactor { get; init; }

    /// <summary>Side of the Fourier grid.</summary>
    public required int GridSize { get; init; }

    /// <summary>Finest resolution, angstrom; 0 for Nyquist.</summary>
    [JsonPropertyName("max_resolution_A")]
    public required double MaxResolution { get; init; }

    /// <summary>The last Fourier shell that is filled.</summary>
    public required int LastShell { get; init; }

    /// <summary>Name of the point group whose cosets were inserted.</summary>
    public required string Symmetry { get; init; }

    /// <summary>Whether the map's corners are to be faded.</summary>
    public required bool MaskCorners { get; init; }

    /// <summary>Sign of the Ewald sphere's curvature, 0 for none.</summary>
    public int EwaldSign { get; init; }

    /// <summary>Which part of the particles, from 1.</summary>
    public required int Part { get; init; }

    /// <summary>Number of parts of the whole.</summary>
    public required int Parts { get; init; }

    /// <summary>Particles of half 1 in this part.</summary>
    [JsonPropertyName("half1")]
    public required int Count1 { get; init; }

    /// <summary>Particles of half 2 in this part.</summary>
    [JsonPropertyName("half2")]
    public required int Count2 { get; init; }

    /// <summary>Hash of the whole particle list (poses, CTFs, halves, optics) and weights: parts of one whole have the same.</summary>
    public required string ParticlesHash { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["format_version"].Version(FormatVersion, PartialSumsFile.Version);
        check["box"].Within(BoxSize, 4, ReconstructionGrid.LargestBox);
        check["pixel_size_A"].Positive(PixelSize);
        check["padding"].Within(PaddingFactor, 1, 4);
        check["grid_size"].Within(GridSize, 4, 8 * ReconstructionGrid.LargestBox);
        check["max_resolution_A"].NotNegative(MaxResolution);
        check["last_shell"].Within(LastShell, 1, ReconstructionGrid.LargestBox);
        check["ewald_sign"].Within(EwaldSign, -1, 1);
        check["part"].Within(Part, 1, Parts);
        check["half1"].NotNegative(Count1);
        check["half2"].NotNegative(Count2);
        try
        {
            _ = SymmetryGroup.Parse(Symmetry);
        }
        catch (InvalidInputException e)
        {
            throw check["symmetry"].Error(e.Message);
        }
    }

    /// <summary>The first setting in which two files differ, other than the part; null if they belong together.</summary>
    internal string? DifferenceFrom(PartialSumsInfo other)
    {
        (string Name, object Mine, object Theirs)[] settings =
        [
            ("box", BoxSize, other.BoxSize), ("pixel size", PixelSize, other.PixelSize), ("padding", PaddingFactor, other.PaddingFactor),
            ("grid size", GridSize, other.GridSize),
            ("maximum resolution", MaxResolution, other.MaxResolution), ("last shell", LastShell, other.LastShell), ("symmetry", Symmetry, other.Symmetry),
            ("Ewald sphere", EwaldSign, other.EwaldSign), ("masking of corners", MaskCorners, other.MaskCorners), ("number of parts", Parts, other.Parts),
            ("particle list or weights", ParticlesHash, other.ParticlesHash),
        ];
        foreach (var (name, mine, theirs) in settings)
        {
            if (!mine.Equals(theirs))
            {
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} {mine} and {theirs}");
            }
        }

        return null;
    }
}

/// <summary>Source-generated JSON of the header.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(RecordNumber)], RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PartialSumsInfo))]
internal sealed partial class PartialSumsJson : JsonSerializerContext;
