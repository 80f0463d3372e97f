using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Fourier shell correlation: sum(F1 F2*) / sqrt(sum|F1|^2 sum|F2|^2) over each shell, shell = round(radius in Fourier voxels), sums over the
/// whole sphere. A shell in which a map has no power has correlation 0.
/// </summary>
public static class FourierShellCorrelation
{
    /// <summary>The gold-standard curve: between the two half maps of one particle set.</summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="mask">Multiplies both first; null for none.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="InvalidInputException">Two maps of the same half, or maps or a mask of different box or pixel size.</exception>
    public static FscCurve GoldStandard(HalfMap half1, HalfMap half2, SolventMask? mask = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        CheckHalves(half1, half2);
        return Between(half1, half2, mask, compute);
    }

    /// <summary>The curve between any two maps.</summary>
    /// <param name="a">One map.</param>
    /// <param name="b">The other.</param>
    /// <param name="mask">Multiplies both first; null for none.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="InvalidInputException">Maps or a mask of different box or pixel size.</exception>
    public static FscCurve Between(DensityMap a, DensityMap b, SolventMask? mask = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        MapChecks.SameGrid(a, b, "The two maps");
        if (mask is not null)
        {
            MapChecks.SameGrid(a, mask, "Map and mask");
        }

        compute ??= new ComputeOptions();
        ReadOnlySpan<float> m = mask is null ? [] : mask.Voxels;
        return Curve(a, MapSpectrum.Of(a.Voxels, a.Size, m, compute), MapSpectrum.Of(b.Voxels, b.Size, m, compute));
    }

    /// <summary>
    /// The masked gold-standard curve and its correction for the mask by phase randomisation (Chen et al. 2013, Ultramicroscopy 135, 24, as
    /// relion_postprocess does it): phases are made random from the first shell whose unmasked FSC is below <paramref name="randomiseBelow"/>;
    /// two shells on, FSC_true = (FSC_masked - FSC_random) / (1 - FSC_random).
    /// </summary>
    /// <remarks>
    /// RELION draws the phases once, which scatters the corrected curve by 0.01 from seed to seed. Here FSC_random is what the mean over all draws
    /// tends to (<see cref="ExpectedRandomFsc"/>): nothing is drawn, and a seed changes nothing.
    /// </remarks>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="randomiseBelow">Unmasked FSC from which phases are random, 0.8 as in RELION.</param>
    /// <returns>All four curves.</returns>
    /// <exception cref="InvalidInputException">Two maps of the same half, or maps or a mask of different box or pixel size.</exception>
    public static CorrectedFsc PhaseRandomised(
        HalfMap half1, HalfMap half2, SolventMask mask, ComputeOptions? compute = null, double randomiseBelow = 0.8)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        ArgumentNullException.ThrowIfNull(mask);
        CheckHalves(half1, half2);
        MapChecks.SameGrid(half1, half2, "The half maps");
        MapChecks.SameGrid(half1, mask, "Map and mask");
        compute ??= new ComputeOptions();
        var n = half1.Size;
        // Two transforms serve all curves: at box 256 each takes 134 MB.
        var s1 = MapSpectrum.Of(half1.Voxels, n, mask.Voxels, compute);
        var s2 = MapSpectrum.Of(half2.Voxels, n, mask.Voxels, compute);
        var masked = Curve(half1, s1, s2);
        s1.Load(half1.Voxels, []);
        s2.Load(half2.Voxels, []);
        var unmasked = Curve(half1, s1, s2);
        var chance = ChanceCorrelation.Of(s1, s2);
        var from = 1;
        while (from < unmasked.Count - 1 && unmasked[from] >= randomiseBelow)
        {
            from++;
        }

        var random = new FscCurve(n, half1.PixelSize, ExpectedRandomFsc.Of(s1, s2, mask.Voxels, from));
        var corrected = masked.Values.ToArray();
        for (var s = from + 2; s < corrected.Length; s++)
        {
            corrected[s] = random[s] < 1 - 1e-9 ? (masked[s] - random[s]) / (1 - random[s]) : 0;
        }

        var curve = new FscCurve(n, half1.PixelSize, corrected);
        return new CorrectedFsc(unmasked, masked, random, curve, from, SignalTest.Of(unmasked, chance), SignalTest.Of(curve, chance.Behind(mask.Voxels)));
    }

    /// <summary>The curve of two spectra.</summary>
    internal static FscCurve Curve(DensityMap like, MapSpectrum a, MapSpectrum b)
    {
        var shells = a.Shells;
        var sums = a.ShellSums(3, (i, s, times, t) =>
        {
            double ar = a.Re[i], ai = a.Im[i], br = b.Re[i], bi = b.Im[i];
            t[s] += times * ((ar * br) + (ai * bi));
            t[shells + s] += times * ((ar * ar) + (ai * ai));
            t[(2 * shells) + s] += times * ((br * br) + (bi * bi));
        });
        var values = new double[shells];
        for (var s = 0; s < shells; s++)
        {
            var power = Math.Sqrt(sums[shells + s]) * Math.Sqrt(sums[(2 * shells) + s]);
            values[s] = power > 0 ? sums[s] / power : 0;
        }

        return new FscCurve(like.Size, like.PixelSize, values);
    }


    private static void CheckHalves(HalfMap half1, HalfMap half2)
    {
        if (half1.Half == half2.Half)
        {
            throw new InvalidInputException($"A gold-standard FSC needs half maps 1 and 2; both given are of half {half1.Half}.");
        }
    }
}
