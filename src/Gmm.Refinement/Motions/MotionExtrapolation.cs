using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Extrapolates a sequence of covariances (SQUAREM: Varadhan and Roland 2008, Scand. J. Stat. 35, 335), in the logarithms of the Cholesky
/// factor's diagonal and its rows relative to that, so that what comes out is a covariance again.
/// </summary>
internal static class MotionExtrapolation
{
    private const int M = RigidMotionPrior.Parameters;
    private const int Count = M * (M + 1) / 2;
    private const double LongestStep = 16;

    /// <summary>A standard deviation is extrapolated by a factor of ten at most, in its logarithm.</summary>
    private const double FarthestLog = 2.3;

    /// <summary>From three that follow each other; the last of them where one has no factor.</summary>
    public static RigidMotionPrior Extrapolate(RigidMotionPrior start, RigidMotionPrior first, RigidMotionPrior second)
    {
        Span<double> a = stackalloc double[Count], b = stackalloc double[Count], c = stackalloc double[Count];
        if (!Parameters(start.Covariance, a) || !Parameters(first.Covariance, b) || !Parameters(second.Covariance, c))
        {
            return second;
        }

        double r2 = 0, v2 = 0;
        for (var i = 0; i < Count; i++)
        {
            r2 += Square(b[i] - a[i]);
            v2 += Square(c[i] - (2 * b[i]) + a[i]);
        }

        // 1 is the plain second round.
        var step = v2 > 0 ? Math.Clamp(Math.Sqrt(r2 / v2), 1, LongestStep) : 1;
        for (int i = 0, at = 0; i < M; i++)
        {
            for (var j = 0; j <= i; j++, at++)
            {
                a[at] += (2 * step * (b[at] - a[at])) + (step * step * (c[at] - (2 * b[at]) + a[at]));
                a[at] = i == j ? Math.Clamp(a[at], c[at] - FarthestLog, c[at] + FarthestLog) : a[at];
            }
        }

        return new RigidMotionPrior(start.Centre, Covariance(a));
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
