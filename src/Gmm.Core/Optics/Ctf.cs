namespace Gmm.Core;

/// <summary>The contrast transfer function, with RELION's sign and terms.</summary>
public static class Ctf
{
    /// <summary>The CTF at one frequency, float64.</summary>
    /// <param name="ctf">The particle's parameters.</param>
    /// <param name="kx">Frequency along x, 1/angstrom.</param>
    /// <param name="ky">Frequency along y, 1/angstrom.</param>
    /// <param name="aberrations">The optics group's, of which the even ones count here; null is none.</param>
    /// <returns>The transfer, scale and envelope included.</returns>
    public static double Evaluate(CtfParameters ctf, double kx, double ky, Aberrations? aberrations = null)
    {
        ArgumentNullException.ThrowIfNull(ctf);
        double k2 = (kx * kx) + (ky * ky), lambda = ctf.WavelengthAngstrom;
        var angle = Math.Atan2(ky, kx) - (ctf.DefocusAngleDegrees * (Math.PI / 180));
        var defocus = (0.5 * (ctf.DefocusU + ctf.DefocusV)) + (0.5 * (ctf.DefocusU - ctf.DefocusV) * Math.Cos(2 * angle));
        var w = ctf.AmplitudeContrast;
        var phase = (Math.PI * lambda * defocus * k2)
            - (0.5 * Math.PI * ctf.SphericalAberrationMillimetre * 1e7 * lambda * lambda * lambda * k2 * k2)
            + Math.Atan2(w, Math.Sqrt(1 - (w * w))) + (ctf.PhaseShiftDegrees * (Math.PI / 180)) - (aberrations?.EvenPhase(kx, ky) ?? 0);
        var envelope = Math.Exp(-0.25 * ctf.BFactor * k2) * (ctf.PreExposure == 0 ? 1 : ExposureEnvelope.Evaluate(ctf.PreExposure, k2));
        return ctf.ScaleFactor * Math.Sin(phase) * envelope;
    }

    /// <summary>What multiplies the structure's transform in an image: the CTF, |CTF|, CTF^2 or 1, as the state of the images says.</summary>
    /// <remarks>By the definition, one by one in float64: the check of <see cref="CtfEvaluator"/>, which is what to use for many images.</remarks>
    /// <param name="ctf">The particle's parameters.</param>
    /// <param name="state">What has been done to the images.</param>
    /// <param name="disc">The coefficients.</param>
    /// <param name="transfer">Disc.Count values.</param>
    /// <param name="aberrations">The optics group's, of which the even ones count here; null is none.</param>
    public static void FillTransfer(CtfParameters ctf, CtfState state, FourierDisc disc, Span<float> transfer, Aberrations? aberrations = null)
    {
        ArgumentNullException.ThrowIfNull(disc);
        for (var i = 0; i < disc.Count; i++)
        {
            var c = state == CtfState.None ? 1 : Evaluate(ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength, aberrations);
            transfer[i] = (float)(state switch { CtfState.PhaseFlipped => Math.Abs(c), CtfState.Premultiplied => c * c, _ => c });
        }
    }
}
