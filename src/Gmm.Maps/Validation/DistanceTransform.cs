using Gmm.Core;

namespace Gmm.Maps;

/// <summary>The exact Euclidean distance of every voxel to a set of voxels (Felzenszwalb and Huttenlocher 2012), axis by axis.</summary>
internal static class DistanceTransform
{
    /// <summary>Squared distances.</summary>
    /// <param name="inside">n^3 flags, x fastest; at least one is set.</param>
    /// <param name="n">Side.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>Squared distance of each voxel, in voxels.</returns>
    public static float[] Squared(bool[] inside, int n, ComputeOptions compute)
    {
        var d = new float[inside.Length];
        // Farther than any distance in the box, and small enough that squares of places are exact beside it.
        var far = 4f * n * n;
        for (var i = 0; i < d.Length; i++)
        {
            d[i] = inside[i] ? 0 : far;
        }

        var parallel = compute.Parallelism;
        var plane = n * n;
        foreach (var (stride, outer, inner) in new[] { (1, plane, n), (n, plane, 1), (plane, n, 1) })
        {
            Guarded.For(0, n, parallel, a =>
            {
                var work = new Work(n);
                for (var b = 0; b < n; b++)
                {
                    work.Line(d, (a * outer) + (b * inner), stride);
                }
            });
        }

        return d;
    }

    /// <summary>One line: the lower envelope of the parabolas f(q) + (p - q)^2.</summary>
    private sealed class Work(int n)
    {
        private readonly double[] _f = new double[n];
        private readonly int[] _vertex = new int[n];
        private readonly double[] _bound = new double[n + 1];

        public void Line(float[] d, int start, int stride)
        {
            for (var i = 0; i < n; i++)
            {
                _f[i] = d[start + (i * stride)];
            }

            var k = 0;
            _vertex[0] = 0;
            _bound[0] = double.NegativeInfinity;
            _bound[1] = double.PositiveInfinity;
            for (var q = 1; q < n; q++)
            {
                var s = Meet(q, _vertex[k]);
                while (s <= _bound[k])
                {
                    s = Meet(q, _vertex[--k]);
                }

                _vertex[++k] = q;
                _bound[k] = s;
                _bound[k + 1] = double.PositiveInfinity;
            }

            k = 0;
            for (var p = 0; p < n; p++)
            {
                while (_bound[k + 1] < p)
                {
                    k++;
                }

                double away = p - _vertex[k];
                d[start + (p * stride)] = (float)((away * away) + _f[_vertex[k]]);
            }
        }

        /// <summary>Where the parabola of q gets below the one of an earlier place.</summary>
        private double Meet(int q, int v) => (_f[q] + ((double)q * q) - (_f[v] + ((double)v * v))) / (2.0 * (q - v));
    }
}
