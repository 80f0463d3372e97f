using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The images of one optics group and one half together: whether they are normalised already, and what an image that is not is brought to.
/// </summary>
/// <remarks>
/// Offsets and slopes are in units of the image's own standard deviation. The thresholds of a group lie above what normalised real images show when they are
/// measured in another border than RELION's (beta-galactosidase, EMPIAR-10204: medians 0.02 and 0.03, spread of the logarithm of the scale 0.015), and below
/// what costs accuracy (docs/images.md). Those of a single image are wider, because a correction brings the noise of its own measurement in.
/// </remarks>
internal sealed class ImageGroup
{
    private const double GroupMean = 0.1;
    private const double GroupMeanSpread = 0.15;
    private const double GroupSlope = 0.25;
    private const double GroupScaleSpread = 0.1;
    private const double OwnMean = 0.3;
    private const double OwnSlope = 0.5;
    private const double OwnScale = 0.25;

    /// <summary>Power in the middle over that at the border, median of the group, from which the border holds signal more than noise.</summary>
    private const double NoiseFree = 6;

    /// <summary>In images without noise the border holds the ripples of the signal: only what is plainly none of it is taken off.</summary>
    private const double NoiseFreeMean = 0.75;

    /// <summary>Power in the middle over that at the border, relative to the group's median, from which an image is unlike the others.</summary>
    private const double Wild = 5;

    private readonly bool _normalise;
    private readonly double[] _deviation = new double[2];
    private readonly double[] _inside = new double[2];
    private readonly double _middle;

    private ImageGroup(bool normalise, IReadOnlyList<ImageFigures> images)
    {
        _normalise = normalise;
        ImageFigures[] measured = [.. images.Where(f => f.Kind is ImageKind.Ordinary or ImageKind.Masked)];
        Count = measured.Length;
        if (Count == 0)
        {
            return;
        }

        _middle = Medians.Of(measured.Select(Middle));
        HasNoNoise = _middle > NoiseFree;
        double[] means = [.. measured.Select(f => f.Mean / Unit(f))];
        var mean = Medians.Of(means);
        TakesMeans = HasNoNoise ? Math.Abs(mean) > NoiseFreeMean : Math.Abs(mean) > GroupMean || Medians.Spread(means) > GroupMeanSpread;
        TakesPlanes = !HasNoNoise && Medians.Of(measured.Select(f => f.Slope / Unit(f))) > GroupSlope;
        for (var kind = 0; kind < 2; kind++)
        {
            // Masked images are measured where their mask fades, so they have a median of their own.
            double[] logs = [.. measured.Where(f => (int)f.Kind == kind).Select(f => Math.Log(f.Deviation))];
            _deviation[kind] = logs.Length > 0 ? Math.Exp(Medians.Of(logs)) : 0;
            double[] inside = [.. measured.Where(f => (int)f.Kind == kind).Select(f => Math.Log(f.InsideDeviation))],
                ratio = [.. inside.Zip(logs, (a, b) => a - b)];
            _inside[kind] = logs.Length > 0 ? Math.Exp(Medians.Of(inside)) : 0;
            // A scale is one of the whole image: set equal by their borders, the middles become more alike, unless the border holds something else.
            Scales |= !HasNoNoise && logs.Length > 1 && Medians.Spread(logs) > GroupScaleSpread && Medians.Spread(ratio) < Medians.Spread(inside);
        }
    }

    /// <summary>Images measured.</summary>
    public int Count { get; }

    /// <summary>Whether the borders hold signal more than noise, so that they tell no scale.</summary>
    public bool HasNoNoise { get; }

    /// <summary>Whether every image loses its background's mean.</summary>
    public bool TakesMeans { get; }

    /// <summary>Whether every image loses a plane.</summary>
    public bool TakesPlanes { get; }

    /// <summary>Whether every image is brought to the group's median scale.</summary>
    public bool Scales { get; }

    /// <summary>What all images of the group are multiplied by, to have the scale of the first group of the same pixel size and box.</summary>
    public double ToReference { get; private set; } = 1;

    /// <summary>The groups by optics group and half.</summary>
    /// <param name="particles">The particles, for their groups.</param>
    /// <param name="sample">Particles of each group and half, one half after the other.</param>
    /// <param name="figures">Figures of every particle in the sample.</param>
    public static ImageGroup[,] Make(PreparedParticles particles, int[][] sample, ImageFigures[] figures)
    {
        var optics = particles.OpticsGroups;
        var groups = new ImageGroup[optics.Count, 2];
        for (var g = 0; g < optics.Count; g++)
        {
            for (var h = 0; h < 2; h++)
            {
                groups[g, h] = new ImageGroup(particles.Options.Normalise, [.. sample[(2 * g) + h].Select(i => figures[i])]);
                var (size, pixel) = (optics[g].ImageSize, optics[g].PixelSize);
                var reference = Enumerable.Range(0, g)
                    .FirstOrDefault(r => optics[r].ImageSize == size && optics[r].PixelSize == pixel && groups[r, h].Count > 0, -1);
                if (reference >= 0)
                {
                    groups[g, h].Follow(groups[reference, h]);
                }
            }
        }

        return groups;
    }

    /// <summary>What is done to an image of this group.</summary>
    public ImageChange Decide(in ImageFigures f)
    {
        if (f.Kind == ImageKind.Constant)
        {
            return ImageChange.None with { Weight = 0 };
        }

        if (!_normalise || f.Kind == ImageKind.NoBorder)
        {
            return ImageChange.None;
        }

        var unit = Unit(f);
        var plane = TakesPlanes || f.Slope > (HasNoNoise ? 2 * NoiseFreeMean : OwnSlope) * unit;
        var mean = plane || TakesMeans || Math.Abs(f.Mean) > (HasNoNoise ? NoiseFreeMean : OwnMean) * unit;
        var factor = ToReference;
        if (!HasNoNoise && (Scales || IsOff(f)))
        {
            factor *= _deviation[(int)f.Kind] / f.Deviation;
        }

        var power = Middle(f) / (Wild * _middle);
        return new ImageChange(
            mean ? f.Mean : 0, plane ? f.SlopeX : 0, plane ? f.SlopeY : 0, (float)factor, power > 1 && !HasNoNoise ? (float)Math.Round(1 / power, 6) : 1);
    }

    /// <summary>Whether an image's scale is off the group's by itself, in the middle as at the border.</summary>
    private bool IsOff(in ImageFigures f)
    {
        var (border, middle) = (Math.Log(f.Deviation / _deviation[(int)f.Kind]), Math.Log(f.InsideDeviation / _inside[(int)f.Kind]));
        return Math.Abs(border) > OwnScale && Math.Sign(border) * middle > 0.5 * OwnScale;
    }

    /// <summary>The larger of the standard deviations at the border and in the middle: that of the image.</summary>
    private static double Unit(in ImageFigures f) => Math.Max(f.Deviation, f.InsideDeviation);

    private static double Middle(ImageFigures f) => Math.Pow(f.InsideDeviation / f.Deviation, 2);

    private void Follow(ImageGroup reference)
    {
        var kind = _deviation[0] > 0 && reference._deviation[0] > 0 ? 0 : 1;
        if (Count > 0 && !HasNoNoise && !reference.HasNoNoise && _deviation[kind] > 0 && reference._deviation[kind] > 0)
        {
            var ratio = reference._deviation[kind] / _deviation[kind];
            ToReference = Math.Abs(Math.Log(ratio)) > OwnScale ? ratio : 1;
        }
    }
}
