namespace Gmm.Maps.Tests;

/// <summary>Replaces the phases of a map's fine shells by random ones, as relion_postprocess does: what ExpectedRandomFsc is the mean of.</summary>
internal static class PhaseRandomiser
{
    /// <summary>Gives every coefficient from a shell on a random phase, keeping its amplitude and the map real.</summary>
    /// <remarks>The phase is a hash of seed, stream and coefficient, so threads and order do not matter.</remarks>
    /// <param name="spectrum">Changed in place.</param>
    /// <param name="fromShell">First shell changed.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="stream">Another number gives other phases, one for each map.</param>
    public static void Randomise(MapSpectrum spectrum, int fromShell, int seed, int stream)
    {
        var n = spectrum.Size;
        var width = spectrum.Width;
        var key = Mix(((ulong)(uint)seed << 32) ^ (uint)stream);
        spectrum.ForPlanes(z =>
        {
            for (var y = 0; y < n; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    if (spectrum.Radius(x, y, z) < fromShell)
                    {
                        continue;
                    }

                    var i = (((long)z * n) + y) * width + x;
                    // Columns 0 and n/2 hold both of each conjugate pair: the pair shares the hash of its smaller index.
                    var paired = x == 0 || 2 * x == n;
                    var mate = paired ? (((long)((n - z) % n) * n) + ((n - y) % n)) * width + x : i;
                    if (paired && mate == i)
                    {
                        continue;
                    }

                    var phase = 2 * Math.PI * (Mix(key ^ (ulong)Math.Min(i, mate)) >> 11) / (1UL << 53);
                    var (sin, cos) = Math.SinCos(mate < i ? -phase : phase);
                    var amplitude = Math.Sqrt(((double)spectrum.Re[i] * spectrum.Re[i]) + ((double)spectrum.Im[i] * spectrum.Im[i]));
                    spectrum.Re[i] = (float)(amplitude * cos);
                    spectrum.Im[i] = (float)(amplitude * sin);
                }
            }
        });
    }

    /// <summary>The output function of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong v)
    {
        v += 0x9E3779B97F4A7C15;
        v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9;
        v = (v ^ (v >> 27)) * 0x94D049BB133111EB;
        return v ^ (v >> 31);
    }
}
