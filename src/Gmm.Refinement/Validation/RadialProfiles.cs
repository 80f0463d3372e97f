namespace Gmm.Refinement;

/// <summary>Curves over the Fourier shells of maps.</summary>
public static class RadialProfiles
{
    /// <summary>
    /// The spectral signal-to-noise ratio that a half-map FSC implies: of one half, FSC / (1 - FSC), and of the map of all particles
    /// twice that (Rosenthal and Henderson 2003).
    /// </summary>
    /// <param name="fsc">Half-map FSC of each shell; values are kept within 0 and 0.999.</param>
    /// <param name="ofFullMap">True for the map of all particles, false for a half map.</param>
    /// <returns>A ratio for each shell.</returns>
    public static double[] SsnrFromFsc(IReadOnlyList<double> fsc, bool ofFullMap)
    {
        var ssnr = new double[fsc.Count];
        for (var s = 0; s < ssnr.Length; s++)
        {
            var f = double.IsNaN(fsc[s]) ? 0 : Math.Clamp(fsc[s], 0, 0.999);
            ssnr[s] = (ofFullMap ? 2 : 1) * f / (1 - f);
        }

        return ssnr;
    }
}
