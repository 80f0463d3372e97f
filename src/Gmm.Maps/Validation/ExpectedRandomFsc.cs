using System.Numerics.Tensors;

namespace Gmm.Maps;

/// <summary>
/// The correlation that masked half maps have when their phases are random from a shell on, as the mean over all draws of the phases: of the
/// products F1 F2* only the coarse parts survive, because phases of the two halves are independent; of the powers |F|^2 survive the coarse
/// part's and the sum over the fine coefficients of |M(k - q)|^2 |F(q)|^2, which two transforms give.
/// </summary>
internal static class ExpectedRandomFsc
{
    /// <summary>The curve.</summary>
    /// <param name="s1">Spectrum of the unmasked half 1; used up.</param>
    /// <param name="s2">Spectrum of the unmasked half 2; used up.</param>
    /// <param name="mask">Voxels of the mask.</param>
    /// <param name="fromShell">Coefficients at this radius and beyond have random phases (RELION's rule: the radius is not rounded).</param>
    /// <returns>A value for each shell.</returns>
    public static double[] Of(MapSpectrum s1, MapSpectrum s2, float[] mask, int fromShell)
    {
        var shells = s1.Shells;
        var work = MapSpectrum.Of(mask, s1.Size, [], s1.Compute);
        SquareBeyond(work, work, 0);
        var correlation = work.ToVoxels();
        var fine1 = FinePower(s1, work, correlation, fromShell);
        var fine2 = FinePower(s2, work, correlation, fromShell);
        foreach (var s in new[] { s1, s2 })
        {
            s.Scale(r => r < fromShell ? 1 : 0);
            s.Load(s.ToVoxels(), mask);
        }

        var sums = s1.ShellSums(3, (i, s, times, t) =>
        {
            double ar = s1.Re[i], ai = s1.Im[i], br = s2.Re[i], bi = s2.Im[i];
            t[s] += times * ((ar * br) + (ai * bi));
            t[shells + s] += times * ((ar * ar) + (ai * ai));
            t[(2 * shells) + s] += times * ((br * br) + (bi * bi));
        });
        var values = new double[shells];
        for (var s = 0; s < shells; s++)
        {
            var power = Math.Sqrt(Math.Max(0, sums[shells + s] + fine1[s])) * Math.Sqrt(Math.Max(0, sums[(2 * shells) + s] + fine2[s]));
            values[s] = power > 0 ? sums[s] / power : 0;
        }

        return values;
    }

    /// <summary>Shell sums of the mean power that the fine coefficients have behind the mask: the transform of the product of two autocorrelations.</summary>
    private static double[] FinePower(MapSpectrum spectrum, MapSpectrum work, float[] maskCorrelation, int fromShell)
    {
        SquareBeyond(spectrum, work, fromShell);
        var voxels = work.ToVoxels();
        TensorPrimitives.Multiply<float>(voxels, maskCorrelation, voxels);
        work.Load(voxels, []);
        var sums = work.ShellSums(1, (i, s, times, t) => t[s] += times * (double)work.Re[i]);
        return [.. sums.Select(v => v / voxels.Length)];
    }

    /// <summary>The squared amplitudes from a radius on, zero before it, as the real part of a spectrum.</summary>
    private static void SquareBeyond(MapSpectrum from, MapSpectrum to, int shell)
    {
        var least = (long)shell * shell;
        from.ForPlanes(z =>
        {
            long b = from.Signed(z);
            for (var y = 0; y < from.Size; y++)
            {
                long a = from.Signed(y);
                for (var x = 0; x < from.Width; x++)
                {
                    var i = (((z * from.Size) + y) * from.Width) + x;
                    to.Re[i] = ((long)x * x) + (a * a) + (b * b) < least ? 0 : (from.Re[i] * from.Re[i]) + (from.Im[i] * from.Im[i]);
                    to.Im[i] = 0;
                }
            }
        });
    }
}
