namespace Gmm.Gpu;

/// <summary>
/// Images as the scorer needs them (<see cref="Core.WhitenedImage.Prepare"/>): the data D, each coefficient with noise of variance 1, and the transfer T that
/// makes the whitened reference of a projection.
/// </summary>
internal static class WhitenKernel
{
    /// <summary>Prepares the images of slots with work.</summary>
    public static void Run(Args a)
    {
        var count = a.Images.Disc.Count;
        for (var i = Work.First; i < (long)a.Images.Slots * count; i += Work.Step)
        {
            int slot = (int)(i / count), k = (int)(i % count);
            if (a.Images.Active[slot] == 0)
            {
                continue;
            }

            a.Images.Read(slot, k, out var re, out var im, out var transfer);
            var at = (3L * slot * count) + k;
            a.Data[at] = re * a.DataWeight[k];
            a.Data[at + count] = im * a.DataWeight[k];
            a.Data[at + (2 * count)] = transfer * a.ReferenceWeight[k];
        }
    }

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>The images.</summary>
        public ImageViews Images;

        /// <summary>What data are multiplied by.</summary>
        public ArrayView<float> DataWeight;

        /// <summary>What a transfer is multiplied by.</summary>
        public ArrayView<float> ReferenceWeight;

        /// <summary>Receives real parts, imaginary parts and transfers of each slot.</summary>
        public ArrayView<float> Data;
    }
}
