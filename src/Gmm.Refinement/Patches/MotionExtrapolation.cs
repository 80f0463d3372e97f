using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Extrapolates a sequence of covariances (SQUAREM: Varadhan and Roland 2008, Scand. J. Stat. 35, 335), patch by patch, in the logarithms of the Cholesky
/// factor's diagonal and its rows relative to that, so that what comes out is a covariance again.
/// </summary>
internal static class MotionExtrapolation
{
    private const int M = PatchMotions.Parameters;
    private const int Count = M * (M + 1) / 2;
    private const double LongestStep = 16;

    public static PatchMotions Extrapolate(PatchMotions start, PatchMotions first, PatchMotions second)
    {
        var result = new double[start.Covariance.Length][];
        Span<double> a = stackalloc double[Count], b = stackalloc double[Count], c = stackalloc double[Count];
        for (var k = 0; k < result.Length; k++)
        {
            if (!Parameters(start.Covariance[k], a) || !Parameters(first.Covariance[k], b) || !Parameters(second.Covariance[k], c))
            {
                result[k] = second.Covariance[k];
                continue;
            }

            double r2 = 0, v2 = 0;
            for (var i = 0; i < Count; i++)
            {
                r2 += Square(b[i] - a[i]);
                v2 += Square(c[i] - (2 * b[i]) + a[i]);
            }

            // 1 is the plain second round.
            var step = v2 > 0 ? Math.Clamp(Math.Sqrt(r2 / v2), 1, LongestStep) : 1;
            for (var i = 0; i < Count; i++)
            {
                a[i] += (2 * step * (b[i] - a[i])) + (step * step * (c[i] - (2 * b[i]) + a[i]));
            }

            result[k] = Covariance(a);
        }

        return new PatchMotions(result);
    }

    private static bool Parameters(ReadOnlySpan<double> covariance, Span<double> parameters)
    {
        var cholesky = new Cholesky(M, stackalloc double[Cholesky.MemoryFor(M)]);
        if (!cholesky.TryFactor(covariance))
        {
            return false;
        }

        for (int i = 0, at = 0; i < M; i++)
        {
            // The factor is of the matrix scaled to a unit diagonal: a row's scale falls out of its ratios.
            var row = cholesky.Factor.Slice(i * M, M);
            for (var j = 0; j <= i; j++)
            {
                parameters[at++] = i == j ? Math.Log(row[i] / cholesky.Scale[i]) : row[j] / row[i];
            }
        }

        return true;
    }

    private static double[] Covariance(ReadOnlySpan<double> parameters)
    {
        Span<double> l = stackalloc double[M * M];
        l.Clear();
        for (int i = 0, at = 0; i < M; at += i + 1, i++)
        {
            var diagonal = Math.Exp(parameters[at + i]);
            for (var j = 0; j <= i; j++)
            {
                l[(i * M) + j] = i == j ? diagonal : parameters[at + j] * diagonal;
            }
        }

        var covariance = new double[M * M];
        for (var i = 0; i < M; i++)
        {
            for (var j = 0; j < M; j++)
            {
                covariance[(i * M) + j] = SmallMatrix.Dot(l.Slice(i * M, M), l.Slice(j * M, M));
            }
        }

        return covariance;
    }

    private static double Square(double v) => v * v;
}
