using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Curves over the Fourier shells of maps, shell = round(radius in Fourier voxels).</summary>
public static class RadialProfiles
{
    /// <summary>The mean of |F|^2 over each shell, F the unnormalised transform of the map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="mask">Multiplies it first; null for none.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The power of shells 0 to Size / 2.</returns>
    /// <exception cref="InvalidInputException">A mask of another box or pixel size.</exception>
    public static double[] ShellPower(DensityMap map, SolventMask? mask = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (mask is not null)
        {
            MapChecks.SameGrid(map, mask, "Map and mask");
        }

        var s = MapSpectrum.Of(map.Voxels, map.Size, mask is null ? [] : mask.Voxels, compute ?? new ComputeOptions());
        var shells = s.Shells;
        var sums = s.ShellSums(2, (i, shell, times, t) =>
        {
            t[shell] += times * (((double)s.Re[i] * s.Re[i]) + ((double)s.Im[i] * s.Im[i]));
            t[shells + shell] += times;
        });
        var power = new double[shells];
        for (var k = 0; k < shells; k++)
        {
            power[k] = sums[k] / sums[shells + k];
        }

        return power;
    }

    /// <summary>
    /// The spectral signal-to-noise ratio that a half-map FSC implies: of one half, FSC / (1 - FSC), and of the map of all particles
    /// twice that (Rosenthal and Henderson 2003).
    /// </summary>
    /// <param name="fsc">Half-map FSC of each shell; values are kept within 0 and 0.999.</param>
    /// <param name="ofFullMap">True for the map of all particles, false for a half map.</param>
    /// <returns>A ratio for each shell.</returns>
    public static double[] SsnrFromFsc(IReadOnlyList<double> fsc, bool ofFullMap)
    {
        ArgumentNullException.ThrowIfNull(fsc);
        var ssnr = new double[fsc.Count];
        for (var s = 0; s < ssnr.Length; s++)
        {
            var f = double.IsNaN(fsc[s]) ? 0 : Math.Clamp(fsc[s], 0, 0.999);
            ssnr[s] = (ofFullMap ? 2 : 1) * f / (1 - f);
        }

        return ssnr;
    }
}
