using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>Values of one particle's CTF that no microscope has, with the unit they were most likely written in.</summary>
internal static class CtfLimits
{
    /// <summary>The largest electron microscope has 3,000 kV.</summary>
    private const double MostKilovolt = 5000;
    private const double LeastKilovolt = 5;
    private const double MostAberration = 50;

    /// <summary>The first value that cannot be, and why; null if all can.</summary>
    public static (string Label, string Problem)? Problem(CtfParameters ctf)
    {
        double kilovolt = ctf.VoltageKilovolt, aberration = ctf.SphericalAberrationMillimetre, contrast = ctf.AmplitudeContrast;
        return kilovolt switch
        {
            not > 0 => (Labels.Voltage, Invariant($"the voltage {kilovolt} is not positive")),
            > MostKilovolt => (Labels.Voltage, Invariant($"a voltage of {kilovolt} kV cannot be; if these are volts, write {kilovolt / 1000:G6}")),
            < LeastKilovolt => (Labels.Voltage, Invariant($"a voltage of {kilovolt} kV cannot be; if these are megavolts, write {kilovolt * 1000:G6}")),
            _ when Math.Abs(aberration) > MostAberration => (Labels.Aberration, Invariant(
                $"a spherical aberration of {aberration} mm cannot be; if these are {(Math.Abs(aberration) < 1e6 ? "micrometres" : "angstrom")}, write {aberration / (Math.Abs(aberration) < 1e6 ? 1e3 : 1e7):G6}")),
            _ when contrast is > 1 and <= 100 => (Labels.AmplitudeContrast, Invariant($"the amplitude contrast {contrast} is not from 0 to 1; if it is in per cent, write {contrast / 100:G6}")),
            _ when contrast is not (>= 0 and <= 1) => (Labels.AmplitudeContrast, Invariant($"the amplitude contrast {contrast} is not from 0 to 1")),
            _ => null,
        };
    }
}
