using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.TestData;

internal static class SimulationTestData
{
    private static readonly string[] Elements = ["C", "N", "O", "S", "ZN"];

    /// <summary>A ball of atoms, five elements, different B factors.</summary>
    public static SimulatedAtom[] Ball(int count, double radius, int seed = 5)
    {
        var random = new Random(seed);
        var atoms = new List<SimulatedAtom>();
        while (atoms.Count < count)
        {
            double x = (2 * random.NextDouble()) - 1, y = (2 * random.NextDouble()) - 1, z = (2 * random.NextDouble()) - 1;
            if ((x * x) + (y * y) + (z * z) < 1)
            {
                // Off centre, so that the test sees whether the centre of mass is taken off.
                atoms.Add(new(
                    10 + (radius * x), -7 + (radius * y), radius * z, Elements[atoms.Count % 5], 20 + (60 * random.NextDouble()),
                    atoms.Count % 7 == 0 ? 0.5 : 1));
            }
        }

        return [.. atoms];
    }

    public static SimulationOptions Options(int count = 4, int box = 32, double pixel = 2.0) => new()
    {
        ParticleCount = count,
        BoxSize = box,
        PixelSize = pixel,
    };

    /// <summary>The naive transform of an image at one frequency, origin at pixel (n+1)/2, float64.</summary>
    public static (double Re, double Im) Dft(ReadOnlySpan<float> image, int n, int kx, int ky)
    {
        double re = 0, im = 0;
        for (var y = 0; y < n; y++)
        {
            for (var x = 0; x < n; x++)
            {
                var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * (x - ((n + 1) / 2))) + (ky * (y - ((n + 1) / 2)))) / n);
                re += image[(y * n) + x] * c;
                im += image[(y * n) + x] * s;
            }
        }

        return (re, im);
    }
}
