using Gmm.Core;

namespace Gmm.Maps;

/// <summary>How large a shell's correlation is between maps that have nothing in common; see <see cref="SignalTest"/>.</summary>
/// <param name="Coefficients">Coefficients of each shell, conjugates counted.</param>
/// <param name="Redundancy">How many of them say the same, as sums over shells see it.</param>
/// <param name="RedundancyInShell">The same for a shell alone.</param>
/// <param name="IsMasked">Whether it is for masked maps.</param>
internal sealed record ChanceCorrelation(double[] Coefficients, double Redundancy, double RedundancyInShell, bool IsMasked)
{
    /// <summary>Measures it on the spectra of two half maps without a mask.</summary>
    public static ChanceCorrelation Of(MapSpectrum s1, MapSpectrum s2)
    {
        var shells = s1.Shells;
        var powers = s1.ShellSums(3, (i, s, times, t) =>
        {
            t[s] += times * (((double)s1.Re[i] * s1.Re[i]) + ((double)s1.Im[i] * s1.Im[i]));
            t[shells + s] += times * (((double)s2.Re[i] * s2.Re[i]) + ((double)s2.Im[i] * s2.Im[i]));
            t[(2 * shells) + s] += times;
        });

        // Halves of unlike size or sharpness: the second is brought to the first's power, shell by shell, before the difference is taken.
        var scale = Enumerable.Range(0, shells).Select(s => powers[shells + s] > 0 ? Math.Sqrt(powers[s] / powers[shells + s]) : 0).ToArray();
        var turn = CentreTurn(s1.Size);
        var sums = s1.ShellSums(2, (i, s, times, t) =>
        {
            double re = s1.Re[i] - (scale[s] * s2.Re[i]), im = s1.Im[i] - (scale[s] * s2.Im[i]);
            double a = (re * re) - (im * im), b = 2 * re * im;
            var (cos, sin) = turn is null ? (1, 0) : turn[Frequency(s1, i)];
            t[s] += times * ((a * cos) - (b * sin));
            t[shells + s] += times * ((re * re) + (im * im));
        });
        var (ofSums, inShell) = OfInversions(sums, powers[(2 * shells)..], shells);
        return new ChanceCorrelation(powers[(2 * shells)..], ofSums, inShell, false);
    }

    /// <summary>The same behind a mask, where only the part of the box that it leaves says anything, and neighbouring shells say nearly the same.</summary>
    public ChanceCorrelation Behind(float[] mask)
    {
        double squares = 0, fourths = 0;
        foreach (var m in mask)
        {
            double w = (double)m * m;
            (squares, fourths) = (squares + w, fourths + (w * w));
        }

        if (squares == 0)
        {
            return this;
        }

        var share = squares * squares / (fourths * mask.Length);
        var diameter = Math.Cbrt(6 * share / Math.PI);
        return this with { Redundancy = RedundancyInShell / share * Math.Max(1, 1 / diameter), RedundancyInShell = RedundancyInShell / share, IsMasked = true };
    }

    /// <summary>What a shell's correlation says for signal, in standard deviations of chance.</summary>
    public double Evidence(int shell, double correlation)
    {
        var independent = Coefficients[shell] / Redundancy;
        var c = Math.Min(Math.Abs(correlation), 1 - 1e-6);
        return Math.Sign(correlation) * Math.Sqrt(-Math.Max(independent - 1, 0.5 * independent) * Math.Log(1 - (c * c)));
    }

    /// <summary>
    /// Mean over shells of the squares, which is the redundancy in a shell, and with what neighbouring shells share, so that it holds for sums of shells.
    /// </summary>
    private static (double OfSums, double InShell) OfInversions(double[] sums, double[] coefficients, int shells)
    {
        var values = new List<double>();
        for (var s = 1; s < shells; s++)
        {
            if (sums[shells + s] > 0)
            {
                values.Add(sums[s] / sums[shells + s] * Math.Sqrt(coefficients[s] / 2));
            }
        }

        if (values.Count < 3)
        {
            return (1, 1);
        }

        // The coefficients of the plane across a two-fold axis are real, equal to their inversions: 1.5 of a shell's radius in D2, so after scaling the same in
        // every shell, and taken off with the mean.
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        var shared = Enumerable.Range(1, values.Count - 1).Average(i => (values[i] - mean) * (values[i - 1] - mean));
        return (Math.Max(1, variance + (2 * Math.Max(0, shared))), Math.Max(1, variance));
    }

    /// <summary>exp(4 pi i c k / n) for a sum k of the three frequencies, c the box centre: 1 for even boxes (null), whose centre is half the box.</summary>
    private static (double Cos, double Sin)[]? CentreTurn(int n) => n % 2 == 0
        ? null
        : [.. Enumerable.Range(0, n).Select(k => Math.SinCos(4 * Math.PI * (n / 2) * k / n)).Select(t => (t.Cos, t.Sin))];

    private static int Frequency(MapSpectrum s, int i)
    {
        int x = i % s.Width, y = i / s.Width % s.Size, z = i / (s.Width * s.Size);
        return (x + y + z) % s.Size;
    }
}
