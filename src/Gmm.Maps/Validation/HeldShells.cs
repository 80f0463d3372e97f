namespace Gmm.Maps;

/// <summary>Which shells of two maps hold anything at all, and what makes those equally strong.</summary>
/// <param name="Factors">For each shell what its coefficients are to be multiplied by for a mean power of 1; 0 where it holds nothing.</param>
/// <param name="Last">The finest shell that holds something.</param>
internal sealed record HeldShells(float[] Factors, int Last)
{
    /// <summary>
    /// Amplitude of a shell over that of the strongest below which it holds nothing: a map that was cut at a resolution has only what rounding to float32 left
    /// there, about 1e-7; what a microscope and a reconstruction leave is above 1e-4.
    /// </summary>
    private const double Nothing = 3e-6;

    /// <summary>Looks at the spectra of two half maps.</summary>
    public static HeldShells Of(MapSpectrum s1, MapSpectrum s2)
    {
        var shells = s1.Shells;
        var sums = s1.ShellSums(2, (i, s, times, t) =>
        {
            t[s] += times * 0.5 * (((double)s1.Re[i] * s1.Re[i]) + ((double)s1.Im[i] * s1.Im[i]) + ((double)s2.Re[i] * s2.Re[i])
                + ((double)s2.Im[i] * s2.Im[i]));
            t[shells + s] += times;
        });
        var amplitudes = Enumerable.Range(0, shells).Select(s => Math.Sqrt(sums[s] / sums[shells + s])).ToArray();
        var least = Nothing * amplitudes.Skip(1).Max();
        return new HeldShells(
            [.. amplitudes.Select((a, s) => s > 0 && a > least ? (float)(1 / a) : 0)],
            Math.Max(1, Array.FindLastIndex(amplitudes, a => a > least)));
    }
}
