using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>
/// Images as the scorer needs them (<see cref="WhitenedImage.Prepare"/>): the data D, each coefficient with noise of variance 1, and the transfer T that makes
/// the whitened reference of a projection.
/// </summary>
internal static class PrepareKernels
{
    /// <summary>From the bands of images that were transformed on the device: the phase origin, odd aberrations taken out, whitening, and the CTF.</summary>
    public static void FromBand(Args a)
    {
        for (var i = Work.First; i < (long)a.Slots * a.Disc.Count; i += Work.Step)
        {
            int slot = (int)(i / a.Disc.Count), k = (int)(i % a.Disc.Count);
            if (a.Active[slot] == 0)
            {
                continue;
            }

            int kx = a.Disc.Kx[k], ky = a.Disc.Ky[k], side = (2 * a.Disc.Radius) + 1;
            var at = 2 * (((((long)slot * (a.Disc.Radius + 1)) + kx) * side) + ky + a.Disc.Radius);
            float re = a.Band[at], im = a.Band[at + 1], c = a.Turn[2 * k], s = a.Turn[(2 * k) + 1];
            Store(a, slot, k, (re * c) - (im * s), (re * s) + (im * c), DeviceCtf.Transfer(a.Ctf[slot], a.State, kx, ky, a.EvenTurns[k]));
        }
    }

    /// <summary>From coefficients and transfers that the host has read.</summary>
    public static void FromCoefficients(Args a)
    {
        for (var i = Work.First; i < (long)a.Slots * a.Disc.Count; i += Work.Step)
        {
            int slot = (int)(i / a.Disc.Count), k = (int)(i % a.Disc.Count);
            if (a.Active[slot] != 0)
            {
                var at = (3L * slot * a.Disc.Count) + k;
                Store(a, slot, k, a.Band[at], a.Band[at + a.Disc.Count], a.Band[at + (2 * a.Disc.Count)]);
            }
        }
    }

    private static void Store(in Args a, int slot, int k, float re, float im, float transfer)
    {
        var at = (3L * slot * a.Disc.Count) + k;
        a.Data[at] = re * a.Disc.DataWeight[k];
        a.Data[at + a.Disc.Count] = im * a.Disc.DataWeight[k];
        a.Data[at + (2 * a.Disc.Count)] = transfer * a.Disc.ReferenceWeight[k];
    }

    /// <summary>The kernels' argument.</summary>
    internal struct Args
    {
        /// <summary>The coefficients compared.</summary>
        public DeviceDisc.Views Disc;

        /// <summary>Slots.</summary>
        public int Slots;

        /// <summary>The images' <see cref="CtfState"/>.</summary>
        public int State;

        /// <summary>Whether a slot has an image.</summary>
        public ArrayView<int> Active;

        /// <summary>The images' bands; or real parts, imaginary parts and transfers of each.</summary>
        public ArrayView<float> Band;

        /// <summary>By what each coefficient is multiplied, cos and sin: the phase origin, and exp(-i odd).</summary>
        public ArrayView<float> Turn;

        /// <summary>Turns that even aberrations add.</summary>
        public ArrayView<float> EvenTurns;

        /// <summary>The particles' CTFs.</summary>
        public ArrayView<CtfTerms> Ctf;

        /// <summary>Receives real parts, imaginary parts and transfers of each slot.</summary>
        public ArrayView<float> Data;
    }
}
