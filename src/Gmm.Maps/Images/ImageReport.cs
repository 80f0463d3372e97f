using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;
using static System.FormattableString;

namespace Gmm.Maps;

/// <summary>What was found in the images of a set, and what is done to them.</summary>
public sealed record ImageReport : IRecord
{
    /// <summary>Images measured.</summary>
    [JsonPropertyName("count")]
    public required int Images { get; init; }

    /// <summary>Images of one value, which are left out.</summary>
    public int Constant { get; init; }

    /// <summary>Where the first of them comes from; null if there is none.</summary>
    public string? FirstConstant { get; init; }

    /// <summary>Images whose background is taken off.</summary>
    public int BackgroundRemoved { get; init; }

    /// <summary>Images whose scale is changed.</summary>
    public int Rescaled { get; init; }

    /// <summary>Images of much more power in the middle than the others, which weigh less.</summary>
    public int UnlikeOthers { get; init; }

    /// <summary>Where the one of least weight comes from; null if there is none.</summary>
    public string? MostUnlike { get; init; }

    /// <summary>Images of one value outside a mask.</summary>
    public int Masked { get; init; }

    /// <summary>Images without a border to measure, which are left as they are.</summary>
    public int NoBorder { get; init; }

    /// <summary>Images of sets without noise at the border, whose scale is left as it is.</summary>
    public int NoNoise { get; init; }

    /// <summary>Whether the molecule is brighter than the solvent; null where that was not looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContrastEvidence? Contrast { get; init; }

    /// <summary>What was done, in a line; null where all images are as they should be.</summary>
    /// <returns>The line, or null.</returns>
    public string? Summary() => BackgroundRemoved + Rescaled == 0
        ? null
        : Invariant($"images: background taken off {BackgroundRemoved} of {Images}, scale set by the border in {Rescaled} (--normalize none leaves ")
            + "them as they are)";

    /// <summary>What a person should know, a sentence each.</summary>
    /// <returns>The sentences.</returns>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        void Add(bool condition, params FormattableString[] text)
        {
            if (condition)
            {
                warnings.Add(string.Concat(text.Select(Invariant)));
            }
        }

        Add(Constant > 0, $"{Constant} of {Images} images have one value in every pixel and are left out (gmmWeight 0), the first: {FirstConstant}");
        Add(
            UnlikeOthers > 0,
            $"{UnlikeOthers} of {Images} images have more than five times the power of the others in the middle (ice, gold, a hot pixel?) and weigh ",
            $"less (gmmWeight), least of all {MostUnlike}");
        Add(NoBorder > 0, $"{NoBorder} of {Images} images have no border to measure their background and scale in, and are left as they are");
        Add(
            Masked > 0 && Masked < Images - Constant,
            $"{Masked} of {Images} images are masked and the others are not: their scales are set apart from each other and may differ");
        if (Contrast?.Warning() is { } contrast)
        {
            warnings.Add(contrast);
        }

        return warnings;
    }

    void IRecord.Validate(RecordCheck check)
    {
        foreach (var (name, count) in new[]
        {
            ("constant", Constant), ("background_removed", BackgroundRemoved), ("rescaled", Rescaled), ("unlike_others", UnlikeOthers), ("masked", Masked),
            ("no_border", NoBorder), ("no_noise", NoNoise),
        })
        {
            check[name].Within(count, 0, Images);
        }

        check["contrast"].Maybe(Contrast);
    }

    /// <summary>Counts what is done to images, in their order.</summary>
    internal sealed class Counter(PreparedParticles particles)
    {
        private int _images;
        private int _constant;
        private int _background;
        private int _rescaled;
        private int _unlike;
        private int _masked;
        private int _noBorder;
        private int _noNoise;
        private int _firstConstant = -1;
        private (int Index, float Weight) _least = (-1, 1);

        public void Add(int index, in ImageFigures figures, in ImageChange change, bool hasNoNoise)
        {
            _images++;
            _background += change.TakesBackground ? 1 : 0;
            _rescaled += change.Factor != 1 ? 1 : 0;
            _masked += figures.Kind == ImageKind.Masked ? 1 : 0;
            _noBorder += figures.Kind == ImageKind.NoBorder ? 1 : 0;
            _noNoise += hasNoNoise ? 1 : 0;
            if (figures.Kind == ImageKind.Constant)
            {
                _constant++;
                _firstConstant = _firstConstant < 0 ? index : _firstConstant;
            }
            else if (change.Weight < 1)
            {
                _unlike++;
                _least = change.Weight < _least.Weight ? (index, change.Weight) : _least;
            }
        }

        public ImageReport Report() => new()
        {
            Images = _images,
            Constant = _constant,
            FirstConstant = _firstConstant < 0 ? null : particles.Describe(_firstConstant),
            BackgroundRemoved = _background,
            Rescaled = _rescaled,
            UnlikeOthers = _unlike,
            MostUnlike = _least.Index < 0 ? null : particles.Describe(_least.Index),
            Masked = _masked,
            NoBorder = _noBorder,
            NoNoise = _noNoise,
        };
    }
}
