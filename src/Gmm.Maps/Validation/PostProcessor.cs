using System.Globalization;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// From two half maps to the map that people look at, as relion_postprocess does it: corrected FSC, the mean of the halves weighted by
/// sqrt(2 FSC / (1 + FSC)), sharpened by a B factor from the Guinier plot (Rosenthal and Henderson 2003) or to the amplitudes of an atomic
/// model, low-passed at the resolution.
/// </summary>
public static class PostProcessor
{
    /// <summary>The shell from which weights are zero is the first whose correlation is below this (RELION's).</summary>
    private const double LeastFsc = 1e-4;

    /// <summary>Width of the low-pass filter's edge, Fourier voxels.</summary>
    private const double EdgeShells = 2;

    /// <summary>
    /// Sharpens and filters. Where too few shells agree for a B factor to be fitted the map is not sharpened, and without a resolution it is not filtered
    /// either;
    /// the warnings say so.
    /// </summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="mask">The mask of the correlation and of the masked map.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The map, the curves, the resolution, the B factor.</returns>
    /// <exception cref="InvalidInputException">
    /// Two maps of the same half, or maps or a mask of different box or pixel size.
    /// </exception>
    /// <exception cref="ArgumentException">Model amplitudes for another number of shells, or an option that is not a finite number.</exception>
    public static PostProcessResult Run(
        HalfMap half1, HalfMap half2, SolventMask mask, PostProcessOptions? options = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        ArgumentNullException.ThrowIfNull(mask);
        options ??= new PostProcessOptions();
        compute ??= new ComputeOptions();
        Check(options, half1.Size);
        return Run(half1, half2, mask, FourierShellCorrelation.PhaseRandomised(half1, half2, mask, compute), options, compute);
    }

    /// <summary>The same where the curves of these maps in this mask are known.</summary>
    internal static PostProcessResult Run(
        HalfMap half1, HalfMap half2, SolventMask mask, CorrectedFsc curves, PostProcessOptions options, ComputeOptions compute)
    {
        var sharpened = Sharpen(Mean(half1, half2), mask, curves, options, compute);
        return new PostProcessResult(
            sharpened.Map, Times(sharpened.Map, mask), curves, curves.Resolution, sharpened.BFactor, sharpened.Guinier, sharpened.Factors,
            [.. curves.Warnings(), .. NotSharpened(options, sharpened.BFactor, curves.Resolution)]);
    }

    /// <summary>Sharpens and filters the mean of two half maps in its own memory.</summary>
    /// <param name="mean">The mean; its voxels are those of the result afterwards.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="curves">The curves of the half maps in it; those of maps on fewer voxels end earlier, and the sharpened map with them.</param>
    /// <param name="options">How.</param>
    /// <param name="compute">Threads.</param>
    internal static SharpenedMap Sharpen(DensityMap mean, SolventMask mask, CorrectedFsc curves, PostProcessOptions options, ComputeOptions compute)
    {
        var resolution = curves.Resolution;
        var spectrum = MapSpectrum.Of(mean.Voxels, mean.Size, [], compute);
        var weights = options.WeightByFsc && resolution is not null ? Weights(curves.Corrected) : [.. Enumerable.Repeat(1.0, spectrum.Shells)];
        var original = Logs(MeanAmplitudes(spectrum), mean.Size);
        var weighted = original.Zip(weights, (l, w) => l + Math.Log(w)).ToArray();
        var squares = curves.Corrected.Frequencies.Select(f => f * f).ToArray();
        var fit = resolution is { } finest ? GuinierFit.Of(squares, weighted, options.FitFrom, options.FitTo ?? finest) : null;
        double? b = options.ModelAmplitudes is null ? options.BFactor ?? fit?.BFactor : null;
        var sharpening = options.ModelAmplitudes is { } model ? ToModel(mean, mask, model, compute) : [.. squares.Select(s => Math.Exp(-(b ?? 0) / 4 * s))];
        var sharpened = weighted.Zip(sharpening, (l, f) => l + Math.Log(f)).ToArray();
        var lowPass = options.LowPass ?? resolution;
        Func<double, double> filter = lowPass is { } cut ? MapFilters.LowPassFactor(mean.BoxLength, cut, EdgeShells) : _ => 1;
        spectrum.Scale(r =>
        {
            // Weights are those of a shell; the B factor is exact for each coefficient, as in RELION.
            var shell = (int)Math.Round(r);
            return shell >= weights.Length ? 0
                : weights[shell] * filter(r)
                  * (b is { } value ? Math.Exp(-value / 4 * r * r / (mean.BoxLength * mean.BoxLength)) : sharpening[shell]);
        });
        spectrum.ToVoxels(mean.Voxels);
        return new SharpenedMap(mean, b, new GuinierPlot(squares, original, weighted, sharpened, fit), sharpening);
    }

    /// <summary>What was left out, and what to do about it.</summary>
    private static IEnumerable<string> NotSharpened(PostProcessOptions options, double? b, double? resolution)
    {
        if (b is null && options.ModelAmplitudes is null)
        {
            yield return resolution is { } finest
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"the map is not sharpened: a B factor cannot be fitted, as fewer than three shells lie from {options.FitFrom:0.##} to "
                        + $"{options.FitTo ?? finest:0.##} A; give a B factor or another range if it is needed")
                : "the map is neither sharpened nor filtered, as there is no resolution to go by";
        }
    }

    /// <summary>The mean of two half maps, which is no half map.</summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="into">Receives it, and may be the voxels of one of them; null for new memory.</param>
    internal static DensityMap Mean(HalfMap half1, HalfMap half2, float[]? into = null)
    {
        var mean = into ?? new float[half1.Voxels.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = 0.5f * (half1.Voxels[i] + half2.Voxels[i]);
        }

        return new DensityMap(half1.Size, half1.PixelSize, mean);
    }

    private static void Check(PostProcessOptions options, int size)
    {
        if (options.ModelAmplitudes is { } model && model.Count != (size / 2) + 1)
        {
            throw new ArgumentException($"A box of {size} has {(size / 2) + 1} shells; the model's amplitudes are of {model.Count}.", nameof(options));
        }

        if (options.BFactor is { } b && !double.IsFinite(b))
        {
            throw new ArgumentException("The B factor must be a finite number.", nameof(options));
        }

        if (!(options.FitFrom > 0) || options.FitTo is <= 0 or double.NaN || options.LowPass is <= 0 or double.NaN)
        {
            throw new ArgumentException("The ends of the fit and the low-pass filter must be positive resolutions.", nameof(options));
        }
    }

    /// <summary>sqrt(2 FSC / (1 + FSC)) up to the first shell without correlation, zero from there.</summary>
    private static double[] Weights(FscCurve curve)
    {
        var weights = new double[curve.Count];
        weights[0] = 1;
        for (var s = 1; s < weights.Length && curve[s] >= LeastFsc; s++)
        {
            weights[s] = Math.Sqrt(2 * curve[s] / (1 + curve[s]));
        }

        return weights;
    }

    /// <summary>What takes the masked map's amplitudes to the model's; the model's map sets the scale of the voxels.</summary>
    private static double[] ToModel(DensityMap mean, SolventMask mask, IReadOnlyList<double> model, ComputeOptions compute)
    {
        var power = RadialProfiles.ShellPower(mean, mask, compute);
        return [.. power.Select((p, s) => p > 0 ? model[s] / Math.Sqrt(p) : 0)];
    }

    private static double[] MeanAmplitudes(MapSpectrum spectrum)
    {
        var shells = spectrum.Shells;
        var sums = spectrum.ShellSums(2, (i, shell, times, t) =>
        {
            t[shell] += times * Math.Sqrt(((double)spectrum.Re[i] * spectrum.Re[i]) + ((double)spectrum.Im[i] * spectrum.Im[i]));
            t[shells + shell] += times;
        });
        return [.. Enumerable.Range(0, shells).Select(s => sums[s] / sums[shells + s])];
    }

    private static double[] Logs(double[] amplitudes, int size) => [.. amplitudes.Select(a => Math.Log(a / Math.Pow(size, 3)))];

    private static DensityMap Times(DensityMap map, SolventMask mask)
    {
        var voxels = new float[map.Voxels.Length];
        System.Numerics.Tensors.TensorPrimitives.Multiply(map.Voxels, mask.Voxels, voxels);
        return new DensityMap(map.Size, map.PixelSize, voxels);
    }
}
