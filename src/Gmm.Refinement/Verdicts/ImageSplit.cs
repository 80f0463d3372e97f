namespace Gmm.Refinement;

/// <summary>
/// Deals the Fourier coefficients of an image into two sets at random. The noise of one says nothing of the noise of the other, so a pose found with the
/// one can be judged by the other.
/// </summary>
internal static class ImageSplit
{
    /// <summary>Copies the coefficients of one set; the others become 0, in the image and in its transfer, so that they count in nothing.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="particle">The particle; every one is dealt anew.</param>
    /// <param name="set">0 or 1.</param>
    /// <param name="from">The whole image.</param>
    /// <param name="to">Receives one set; it may be the same.</param>
    public static void Take(int seed, int particle, int set, ParticleImage from, ParticleImage to)
    {
        ulong bits = 0;
        for (var j = 0; j < from.Re.Length; j++)
        {
            if (j % 64 == 0)
            {
                bits = Mix(((ulong)(uint)seed << 32) ^ ((ulong)(uint)particle << 24) ^ (ulong)(j / 64));
            }

            to.Take(from, j, (int)((bits >> (j % 64)) & 1) == set);
        }
    }

    /// <summary>SplitMix64's finisher (Steele et al. 2014), twice.</summary>
    private static ulong Mix(ulong x)
    {
        for (var i = 0; i < 2; i++)
        {
            x += 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            x ^= x >> 31;
        }

        return x;
    }
}
