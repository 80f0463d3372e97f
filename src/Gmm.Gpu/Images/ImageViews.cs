using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>Images of one optics group as kernels see them, and what is known of their optics.</summary>
internal struct ImageViews
{
    /// <summary>The coefficients wanted.</summary>
    public DiscViews Disc;

    /// <summary>Slots.</summary>
    public int Slots;

    /// <summary>The images' <see cref="CtfState"/>.</summary>
    public int State;

    /// <summary>Whether <see cref="Values"/> are bands of transforms, and not coefficients and transfers that the host has read.</summary>
    public int IsBand;

    /// <summary>Whether a slot has an image.</summary>
    public ArrayView<int> Active;

    /// <summary>The images' bands; or real parts, imaginary parts and transfers of each.</summary>
    public ArrayView<float> Values;

    /// <summary>By what each coefficient of a band is multiplied, cos and sin: the phase origin, and exp(-i odd).</summary>
    public ArrayView<float> Turn;

    /// <summary>Turns that even aberrations add.</summary>
    public ArrayView<float> EvenTurns;

    /// <summary>The particles' CTFs.</summary>
    public ArrayView<CtfTerms> Ctf;

    /// <summary>A coefficient of an image: the phase origin put right, odd aberrations taken out, and its transfer.</summary>
    public readonly void Read(int slot, int k, out float re, out float im, out float transfer)
    {
        if (IsBand == 0)
        {
            var o = (3L * slot * Disc.Count) + k;
            re = Values[o];
            im = Values[o + Disc.Count];
            transfer = Values[o + (2 * Disc.Count)];
            return;
        }

        int kx = Disc.Kx[k], ky = Disc.Ky[k], side = (2 * Disc.Radius) + 1;
        var at = 2 * (((((long)slot * (Disc.Radius + 1)) + kx) * side) + ky + Disc.Radius);
        float a = Values[at], b = Values[at + 1], c = Turn[2 * k], s = Turn[(2 * k) + 1];
        re = (a * c) - (b * s);
        im = (a * s) + (b * c);
        transfer = DeviceCtf.Transfer(Ctf[slot], State, kx, ky, EvenTurns[k]);
    }
}
