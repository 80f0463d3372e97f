using System.Numerics;

namespace Gmm.Core.Tests;

/// <summary>The definition of the transform, line by line in float64.</summary>
internal static class NaiveDft
{
    /// <summary>The whole complex spectrum of a real map of depth by height by width voxels.</summary>
    public static Complex[] Spectrum(double[] real, int depth, int height, int width)
    {
        var a = real.Select(v => new Complex(v, 0)).ToArray();
        Axis(a, width, 1);
        Axis(a, height, width);
        Axis(a, depth, width * height);
        return a;
    }

    public static double[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    private static void Axis(Complex[] a, int n, int stride)
    {
        var roots = Enumerable.Range(0, n).Select(t => Complex.FromPolarCoordinates(1, -2 * Math.PI * t / n)).ToArray();
        var line = new Complex[n];
        for (var i = 0; i < a.Length; i++)
        {
            if (i / stride % n != 0)
            {
                continue;
            }

            for (var k = 0; k < n; k++)
            {
                Complex sum = 0;
                for (var j = 0; j < n; j++)
                {
                    sum += a[i + (j * stride)] * roots[(long)j * k % n];
                }

                line[k] = sum;
            }

            for (var k = 0; k < n; k++)
            {
                a[i + (k * stride)] = line[k];
            }
        }
    }
}
