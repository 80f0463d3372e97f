namespace Gmm.Core;

/// <summary>
/// What is left of the signal after an exposure: exp(-N / (2 Ne(k))) with the critical exposure Ne(k) = 0.245 k^-1.665 + 2.81 electrons per square
/// angstrom (Grant and Grigorieff 2015, eLife 4:e06980, equation 3, at 300 kV), as RELION 5 and WarpTools damp tilt series.
/// </summary>
internal static class ExposureEnvelope
{
    /// <summary>The exponent for one electron per square angstrom, -1 / (2 Ne(k)).</summary>
    /// <param name="k2">Square of the frequency, 1/angstrom^2.</param>
    /// <returns>0 at zero frequency, and negative.</returns>
    public static double Exponent(double k2) => k2 > 0 ? -0.5 / ((0.245 * Math.Pow(k2, -1.665 / 2)) + 2.81) : 0;

    /// <summary>The envelope.</summary>
    /// <param name="exposure">Electrons per square angstrom.</param>
    /// <param name="k2">Square of the frequency, 1/angstrom^2.</param>
    public static double Evaluate(double exposure, double k2) => Math.Exp(exposure * Exponent(k2));
}
