using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>
/// From an image's coefficients to what is inserted of them (<see cref="Maps.FourierSlice.Set"/>): times exp(2 pi i k t), which undoes the shift, and times the
/// transfer and the weights.
/// </summary>
internal static class SliceKernel
{
    /// <summary>Numbers of <see cref="Args.Poses"/> for each slice: shift x, y over the box length, weight, weight times scale.</summary>
    public const int PoseLength = 4;

    /// <summary>Makes the samples.</summary>
    public static void Run(Args a)
    {
        for (var i = Work.First; i < (long)a.Images.Slots * a.Images.Disc.Count; i += Work.Step)
        {
            int slot = (int)(i / a.Images.Disc.Count), k = (int)(i % a.Images.Disc.Count);
            if (a.Images.Active[slot] == 0)
            {
                continue;
            }

            a.Images.Read(slot, k, out var re, out var im, out var t);
            var at = slot * PoseLength;
            var turns = (a.Images.Disc.Kx[k] * a.Poses[at]) + (a.Images.Disc.Ky[k] * a.Poses[at + 1]);
            var fraction = (float)(turns - Math.Floor(turns + 0.5));
            float c = DeviceCtf.Sine(fraction > 0.25f ? fraction - 0.75f : fraction + 0.25f), s = DeviceCtf.Sine(fraction);
            // Zero frequency is its own conjugate, so folding the halves counts it twice.
            var half = (k == 0 ? 0.5f : 1) * a.SampleWeights[k];
            float w = (float)a.Poses[at + 2], ws = (float)a.Poses[at + 3];
            var isPremultiplied = a.Images.State == (int)CtfState.Premultiplied;
            var f = half * (isPremultiplied ? ws : ws * t);
            a.Samples[3 * i] = f * ((c * re) - (s * im));
            a.Samples[(3 * i) + 1] = f * ((c * im) + (s * re));
            a.Samples[(3 * i) + 2] = half * (isPremultiplied ? w * t : w * t * t);
        }
    }

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>The images.</summary>
        public ImageViews Images;

        /// <summary>Where and how much each image counts.</summary>
        public ArrayView<double> Poses;

        /// <summary>A weight of each coefficient.</summary>
        public ArrayView<float> SampleWeights;

        /// <summary>Receives weighted real part, imaginary part and weight of each coefficient.</summary>
        public ArrayView<float> Samples;
    }
}
