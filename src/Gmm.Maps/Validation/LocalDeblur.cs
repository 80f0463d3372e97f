using System.Numerics.Tensors;

using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Takes the blur of a band or a window out of local ratios of signal to noise. Whatever isolates a place in a map blurs its spectrum: a region of
/// strong signal that ends at 8 angstrom still shows a little of it at 6.5, enough for a correlation of 0.143 if the signal is ten times the noise.
/// The blur is known and linear in the power, and power is positive: Richardson (1972) and Lucy (1974) iterations.
/// </summary>
internal static class LocalDeblur
{
    /// <summary>Least and largest ratio that is told apart: correlations 0.005 and 0.98.</summary>
    private const float Least = 0.005f;

    private const float Most = 49;

    /// <summary>
    /// More iterations follow the edge of a signal more closely, and the noise; these bring a sharp edge of 20 times the noise's power to 3 %.
    /// </summary>
    private const int Iterations = 120;

    /// <summary>Nodes that are worked on together, so that loops run along them.</summary>
    private const int Chunk = 512;

    /// <summary>Turns correlations into ratios of signal to noise, c / (1 - c), and takes the blur out of them, in place.</summary>
    /// <param name="profiles">[band][node].</param>
    /// <param name="blur">[band][radius], see <see cref="Normalised"/>.</param>
    /// <param name="compute">Threads.</param>
    public static void Run(float[][] profiles, double[][] blur, ComputeOptions compute)
    {
        var bands = profiles.Length;
        var rows = Sparse(blur);
        var columns = Sparse([.. Enumerable.Range(0, bands).Select(j => blur.Select(row => row[j]).ToArray())]);
        var weight = Enumerable.Range(0, bands).Select(j => (float)(1 / Math.Max(1e-9, blur.Sum(row => row[j])))).ToArray();
        var count = profiles[0].Length;
        Guarded.For(0, (count + Chunk - 1) / Chunk, compute.Parallelism, chunk =>
        {
            var length = Math.Min(Chunk, count - (chunk * Chunk));
            float[][] seen = Rows(), now = Rows(), ratio = Rows();
            for (var b = 0; b < bands; b++)
            {
                var values = profiles[b].AsSpan(chunk * Chunk, length);
                for (var i = 0; i < length; i++)
                {
                    seen[b][i] = now[b][i] = Ratio(values[i]);
                }
            }

            for (var it = 0; it < Iterations; it++)
            {
                for (var b = 0; b < bands; b++)
                {
                    Sum(rows[b], now, ratio[b]);
                    TensorPrimitives.Divide<float>(seen[b], ratio[b], ratio[b]);
                }

                var sum = new float[length];
                for (var b = 0; b < bands; b++)
                {
                    Sum(columns[b], ratio, sum);
                    TensorPrimitives.Multiply<float>(sum, weight[b], sum);
                    TensorPrimitives.Multiply<float>(now[b], sum, now[b]);
                }
            }

            for (var b = 0; b < bands; b++)
            {
                now[b].CopyTo(profiles[b].AsSpan(chunk * Chunk, length));
            }

            float[][] Rows() => [.. Enumerable.Range(0, bands).Select(_ => new float[length])];
        });
    }

    /// <summary>A matrix whose rows sum to 1.</summary>
    public static double[][] Normalised(int count, Func<int, int, double> element)
    {
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var row = Enumerable.Range(0, count).Select(j => element(i, j)).ToArray();
            var sum = row.Sum();
            rows[i] = [.. row.Select(v => v / sum)];
        }

        return rows;
    }

    private static float Ratio(float c) => c >= Most / (1 + Most) ? Most : Math.Max(Least, c / (1 - c));

    /// <summary>The elements that matter, with their places.</summary>
    private static (int At, float Value)[][] Sparse(double[][] matrix) =>
        [.. matrix.Select(row => row.Select((v, j) => (At: j, Value: (float)v)).Where(e => e.Value > 1e-5f).ToArray())];

    private static void Sum((int At, float Value)[] elements, float[][] values, float[] sum)
    {
        Array.Clear(sum);
        foreach (var (at, value) in elements)
        {
            TensorPrimitives.MultiplyAdd<float>(values[at], value, sum, sum);
        }

        // A positive floor: the next step divides by it.
        TensorPrimitives.Max<float>(sum, 1e-9f, sum);
    }
}
