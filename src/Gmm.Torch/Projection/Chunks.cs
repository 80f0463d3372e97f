using System.Runtime.InteropServices;
using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Work on images and Gaussians in pieces that fit the memory allowed; where libtorch says there is less, in smaller pieces.</summary>
internal sealed class Chunks
{
    // Fewer Gaussians at a time than this would not free memory worth having.
    private const long LeastGaussians = 64;

    private readonly string _what;

    private Chunks(string what, long images, long gaussians) => (_what, Images, Gaussians) = (what, images, gaussians);

    /// <summary>Images at a time.</summary>
    public long Images { get; private set; }

    /// <summary>Gaussians at a time.</summary>
    public long Gaussians { get; private set; }

    /// <summary>Chooses pieces.</summary>
    public static Chunks Choose(string what, long images, long gaussians, long bytesPerImage, long bytesPerGaussian, long memoryBytes)
    {
        var whole = bytesPerImage + (gaussians * bytesPerGaussian);
        if (whole <= memoryBytes)
        {
            return new Chunks(what, Math.Clamp(memoryBytes / Math.Max(1, whole), 1, Math.Max(1, images)), gaussians);
        }

        return new Chunks(what, 1, Math.Clamp((memoryBytes - bytesPerImage) / Math.Max(1, bytesPerGaussian), Math.Min(LeastGaussians, gaussians), gaussians));
    }

    /// <summary>Does the work on images first..first+count-1 for all images; again in smaller pieces where memory is short.</summary>
    /// <param name="images">Number of images.</param>
    /// <param name="work">Must have no effect where it throws.</param>
    /// <exception cref="InvalidInputException">Not even the smallest piece fits.</exception>
    public void Run(long images, Action<long, long> work)
    {
        for (long first = 0; first < images;)
        {
            var count = Math.Min(Images, images - first);
            try
            {
                work(first, count);
                first += count;
            }
            catch (Exception e) when (IsOutOfMemory(e))
            {
                Shrink(count, e);
            }
        }
    }

    /// <summary>Whether libtorch ran out of memory. It has no exception of its own for that.</summary>
    public static bool IsOutOfMemory(Exception e) => e is OutOfMemoryException
        || (e is ExternalException && (e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)));

    private void Shrink(long count, Exception e)
    {
        if (count > 1)
        {
            Images = count / 2;
        }
        else if (Gaussians > LeastGaussians)
        {
            Gaussians = Math.Max(LeastGaussians, Gaussians / 2);
        }
        else
        {
            throw new InvalidInputException(
                $"{_what}: the device has too little memory even for one image and {Gaussians} Gaussians at a time; "
                + "use a coarser resolution or free memory of the device",
                e);
        }
    }
}
