using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;
using static System.FormattableString;

namespace Gmm.Maps;

/// <summary>What images, and maps of them, say of the sign of their contrast: the molecule must be brighter than the solvent, as RELION's images are.</summary>
public sealed record ContrastEvidence : IRecord
{
    /// <summary>Standard errors beyond which the images speak clearly; below a third of it they say nothing.</summary>
    private const double Clear = 9;

    /// <summary>Images looked at.</summary>
    [JsonPropertyName("count")]
    public required int Images { get; init; }

    /// <summary>
    /// How much more than nothing of a bright ball in the middle, seen through each image's own CTF, is in the images: its mean over the mean's
    /// standard error. Positive for a bright molecule.
    /// </summary>
    public required double ImagesZ { get; init; }

    /// <summary>
    /// Third moment of the low-passed map's density, in units of its standard deviation: positive where few voxels are much brighter than the many, as
    /// of a molecule in solvent. Null where there is no map.
    /// </summary>
    public double? MapSkewness { get; init; }

    /// <summary>Correlation of the low-passed map with a model given; null where there is none.</summary>
    public double? ModelCorrelation { get; init; }

    /// <summary>Whether the images were inverted as they were read.</summary>
    public required bool Inverted { get; init; }

    /// <summary>
    /// Whether the contrast is the wrong way round beyond doubt: the images say so clearly and no map of them speaks against it, or a model given does.
    /// </summary>
    [JsonIgnore]
    public bool IsWrong => ModelCorrelation is { } c && Math.Abs(c) > 0.3 ? c < 0 : ImagesZ < -Clear && MapSkewness is null or < 0;

    /// <summary>Whether something speaks for the wrong contrast.</summary>
    [JsonIgnore]
    public bool IsDoubtful => IsWrong || ImagesZ < -Clear || (ImagesZ < -Clear / 3 && MapSkewness < 0);

    /// <summary>What a person should know; null where the contrast looks right.</summary>
    /// <returns>A sentence, or null.</returns>
    public string? Warning() => IsWrong ? "the contrast is inverted: " + Reason() : IsDoubtful ? "the contrast may be inverted: " + Reason() : null;

    /// <summary>Stops where the contrast is wrong.</summary>
    /// <param name="options">Whether that was to be kept.</param>
    /// <exception cref="InvalidInputException">It is wrong, and not to be kept.</exception>
    internal void Require(ImageOptions options)
    {
        if (IsWrong && !options.KeepContrast)
        {
            throw new InvalidInputException(Warning() + ", or --keep-contrast to go on");
        }
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["count"].NotNegative(Images);
        check["images_z"].Finite(ImagesZ);
        check["map_skewness"].Finite(MapSkewness ?? 0);
        check["model_correlation"].Within(ModelCorrelation ?? 0, -1.001, 1.001);
    }

    private string Reason()
    {
        var says = new List<string> { Invariant($"a bright ball in the middle is in the images with {ImagesZ:F0} standard errors") };
        if (MapSkewness is { } skewness)
        {
            says.Add(Invariant($"the map's density has a third moment of {skewness:F1}"));
        }

        if (ModelCorrelation is { } correlation)
        {
            says.Add(Invariant($"its correlation with the model is {correlation:F2}"));
        }

        return $"the molecule looks darker than the solvent ({string.Join(", ", says)}); "
            + $"{(Inverted ? "leave out --invert" : "use --invert")} to have it bright";
    }
}
