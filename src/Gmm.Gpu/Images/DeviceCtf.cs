using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>
/// The contrast transfer on a device (<see cref="CtfEvaluator"/>, the same arithmetic): the phase in turns in float64, its fraction's sine in float32.
/// </summary>
internal static class DeviceCtf
{
    /// <summary>The transfer at a frequency.</summary>
    /// <param name="ctf">The particle's numbers.</param>
    /// <param name="state">What has been done to the image, as <see cref="CtfState"/> counts.</param>
    /// <param name="kx">Frequency along x, in the unit of the numbers.</param>
    /// <param name="ky">Frequency along y.</param>
    /// <param name="extra">Turns to add: even aberrations.</param>
    /// <returns>The CTF, |CTF|, CTF^2 or 1.</returns>
    public static float Transfer(in CtfTerms ctf, int state, int kx, int ky, float extra)
    {
        if (state == (int)CtfState.None)
        {
            return 1;
        }

        double x = kx, y = ky, k2 = (x * x) + (y * y);
        var turns = (k2 * k2 * ctf.Quartic) + (ctf.Constant + extra);
        turns += x * ((x * ctf.X2) + (y * ctf.XY));
        turns += y * y * ctf.Y2;
        var c = Sine((float)(turns - Math.Floor(turns + 0.5))) * (float)ctf.Scale;
        if (ctf.Decay != 0)
        {
            c *= Envelope((float)(k2 * ctf.Decay));
        }

        return state == (int)CtfState.PhaseFlipped ? Math.Abs(c) : state == (int)CtfState.Premultiplied ? c * c : c;
    }

    /// <summary>Sine of a number of turns between -1/2 and 1/2: folded to a quarter, then the series to the eleventh power.</summary>
    public static float Sine(float turns)
    {
        var size = Math.Abs(turns);
        var t = Math.Min(size, 0.5f - size);
        var t2 = t * t;
        var sum = -15.094643f;
        sum = (sum * t2) + 42.058693f;
        sum = (sum * t2) + -76.705860f;
        sum = (sum * t2) + 81.605249f;
        sum = (sum * t2) + -41.341702f;
        sum = (sum * t2) + 6.2831853f;
        return turns < 0 ? -(sum * t) : sum * t;
    }

    /// <summary>exp of any number that gives a finite value, which the host has made sure of.</summary>
    private static float Envelope(float x) => x <= 0 ? DeviceExp.Of(x) : 1 / DeviceExp.Of(-x);
}
