using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Takes a map to voxels of another size in Fourier space: to larger ones without folding, as what is beyond their Nyquist frequency is dropped, or to smaller
/// ones between which it is the same map.
/// </summary>
internal static class FourierResize
{
    /// <summary>Resamples a map. Voxel 0 stays where it is.</summary>
    /// <param name="map">The map.</param>
    /// <param name="size">Voxels of a side.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>The map of as many angstrom.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size under 2.</exception>
    public static DensityMap To(DensityMap map, int size, ComputeOptions compute)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        if (size == map.Size)
        {
            return map;
        }

        var n = map.Size;
        var all = MapSpectrum.Of(map.Voxels, n, [], compute);
        var other = new RealFft3D<float>(size, size, size);
        float[] re = new float[other.SpectrumLength], im = new float[other.SpectrumLength];
        var scale = (float)((double)size * size * size / ((double)n * n * n));
        // The Nyquist frequency of an even box is left out: its coefficients would have to be shared between both signs.
        var most = (Math.Min(n, size) - 1) / 2;
        for (var z = -most; z <= most; z++)
        {
            for (var y = -most; y <= most; y++)
            {
                var (from, to) = (((Wrap(z, n) * n) + Wrap(y, n)) * all.Width, ((Wrap(z, size) * size) + Wrap(y, size)) * other.SpectrumWidth);
                for (var x = 0; x <= most; x++)
                {
                    (re[to + x], im[to + x]) = (scale * all.Re[from + x], scale * all.Im[from + x]);
                }
            }
        }

        var voxels = new float[other.RealLength];
        other.Inverse(re, im, voxels, new float[other.ScratchLength], compute.Threads, compute.CancellationToken);
        return new DensityMap(size, map.BoxLength / size, voxels);
    }

    private static int Wrap(int signed, int size) => signed < 0 ? signed + size : signed;
}
