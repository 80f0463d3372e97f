using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>Values of one particle's CTF and pixel that no microscope has, with the unit they were most likely written in.</summary>
internal static class CtfLimits
{
    /// <summary>The largest electron microscope has 3,000 kV.</summary>
    private const double MostKilovolt = 5000;
    private const double LeastKilovolt = 5;
    private const double MostAberration = 50;

    /// <summary>100 micrometres to either side, angstrom: ten times what tomograms of whole cells are taken at.</summary>
    private const double MostDefocus = 1e6;

    /// <summary>Degrees to either side: more turns than any program leaves in an angle, and few enough that nothing of it is lost.</summary>
    public const double MostDegrees = 1e4;

    /// <summary>An envelope of this B factor, square angstrom, leaves nothing at 100 A.</summary>
    private const double MostBFactor = 1e6;

    /// <summary>Largest exponent of an envelope that amplifies, at the corner of the transform: the square of e^20 is still a good number.</summary>
    private const double MostExponent = 20;
    private const double MostScale = 1e6;

    /// <summary>Electrons per square angstrom: a hundred times what tilt series are taken with.</summary>
    private const double MostExposure = 1e4;

    /// <summary>The first value that cannot be, and why; null if all can.</summary>
    /// <param name="ctf">The CTF.</param>
    /// <param name="pixelSize">The pixel size, angstrom: it says how far an envelope goes.</param>
    public static (string Label, string Problem)? Problem(CtfParameters ctf, double pixelSize)
    {
        double kilovolt = ctf.VoltageKilovolt, aberration = ctf.SphericalAberrationMillimetre, contrast = ctf.AmplitudeContrast;
        return kilovolt switch
        {
            not > 0 => (Labels.Voltage, Invariant($"the voltage {kilovolt} is not positive")),
            > 1000 * MostKilovolt => (Labels.Voltage, Invariant($"a voltage of {kilovolt} kV cannot be")),
            > MostKilovolt => (Labels.Voltage, Invariant($"a voltage of {kilovolt} kV cannot be; if these are volts, write {kilovolt / 1000:G6}")),
            < LeastKilovolt => (Labels.Voltage, Invariant($"a voltage of {kilovolt} kV cannot be; if these are megavolts, write {kilovolt * 1000:G6}")),
            _ when Math.Abs(aberration) > 1e7 * MostAberration => (Labels.Aberration, Invariant($"a spherical aberration of {aberration} mm cannot be")),
            _ when Math.Abs(aberration) > MostAberration => (
                Labels.Aberration,
                Invariant($"a spherical aberration of {aberration} mm cannot be; if these are {(Math.Abs(aberration) < 1e6 ? "micrometres" : "angstrom")}, ")
                    + Invariant($"write {aberration / (Math.Abs(aberration) < 1e6 ? 1e3 : 1e7):G6}")),
            _ when contrast is > 1 and <= 100 =>
                (Labels.AmplitudeContrast, Invariant($"the amplitude contrast {contrast} is not from 0 to 1; if it is in per cent, write {contrast / 100:G6}")),
            _ when contrast is not (>= 0 and <= 1) => (Labels.AmplitudeContrast, Invariant($"the amplitude contrast {contrast} is not from 0 to 1")),
            _ => Beyond(Labels.DefocusU, ctf.DefocusU, MostDefocus, "a defocus", "A cannot be; the columns are in angstrom, 10000 for a micrometre")
                ?? Beyond(Labels.DefocusV, ctf.DefocusV, MostDefocus, "a defocus", "A cannot be; the columns are in angstrom, 10000 for a micrometre")
                ?? Beyond(Labels.DefocusAngle, ctf.DefocusAngleDegrees, MostDegrees, "an angle", "degrees cannot be")
                ?? Beyond(Labels.PhaseShift, ctf.PhaseShiftDegrees, MostDegrees, "a phase shift", "degrees cannot be")
                ?? Beyond(Labels.Scale, ctf.ScaleFactor, MostScale, "a scale", "cannot be; 1 is usual")
                ?? Beyond(Labels.BFactor, ctf.BFactor, MostBFactor, "a B factor", "square angstrom cannot be")
                ?? Exposed(ctf.PreExposure)
                ?? Amplified(ctf.BFactor, pixelSize),
        };
    }

    private static (string Label, string Problem)? Beyond(string label, double value, double most, string what, string why) =>
        Math.Abs(value) <= most ? null : (label, Invariant($"{what} of {value} {why}"));

    private static (string Label, string Problem)? Exposed(double exposure) => exposure is >= 0 and <= MostExposure
        ? null
        : (Labels.PreExposure, Invariant($"an exposure of {exposure} electrons per square angstrom cannot be"));

    private static (string Label, string Problem)? Amplified(double bFactor, double pixelSize)
    {
        // exp(-B k^2 / 4) at the corner, k^2 = 1 / (2 A^2).
        var least = -8 * pixelSize * pixelSize * MostExponent;
        return bFactor >= least
            ? null
            : (
                Labels.BFactor,
                Invariant($"a B factor of {bFactor} square angstrom would amplify the finest detail of {2 * pixelSize:G6} A beyond measure; ")
                    + Invariant($"{least:G6} is the least"));
    }
}
