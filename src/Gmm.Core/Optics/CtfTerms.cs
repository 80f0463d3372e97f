namespace Gmm.Core;

/// <summary>
/// The numbers of a particle's contrast transfer: its phase in turns is Constant + X2 kx^2 + XY kx ky + Y2 ky^2 + Quartic k^4, its envelope exp(Decay k^2).
/// </summary>
/// <param name="Constant">Turns at zero frequency: amplitude contrast and phase shift.</param>
/// <param name="X2">Of kx^2.</param>
/// <param name="XY">Of kx ky.</param>
/// <param name="Y2">Of ky^2.</param>
/// <param name="Quartic">Of k^4: spherical aberration.</param>
/// <param name="Decay">-B/4.</param>
/// <param name="Scale">Scale of the signal.</param>
internal readonly record struct CtfTerms(double Constant, double X2, double XY, double Y2, double Quartic, double Decay, double Scale)
{
    /// <summary>The numbers of a particle.</summary>
    /// <param name="ctf">Its parameters.</param>
    /// <param name="unit">The unit of kx and ky in 1/angstrom.</param>
    public static CtfTerms Of(CtfParameters ctf, double unit)
    {
        double lambda = ctf.WavelengthAngstrom, unit2 = unit * unit, w = ctf.AmplitudeContrast;
        double mean = 0.25 * lambda * unit2 * (ctf.DefocusU + ctf.DefocusV), difference = 0.25 * lambda * unit2 * (ctf.DefocusU - ctf.DefocusV);
        var (sin, cos) = Math.SinCos(ctf.DefocusAngleDegrees * (Math.PI / 90));
        return new CtfTerms(
            (Math.Atan2(w, Math.Sqrt(1 - (w * w))) / (2 * Math.PI)) + (ctf.PhaseShiftDegrees / 360),
            mean + (difference * cos),
            2 * difference * sin,
            mean - (difference * cos),
            -0.25 * ctf.SphericalAberrationMillimetre * 1e7 * lambda * lambda * lambda * unit2 * unit2,
            -0.25 * ctf.BFactor * unit2,
            ctf.ScaleFactor);
    }
}
