namespace Gmm.Gpu;

/// <summary>
/// The damped normal equations of a pose step (<see cref="Core.Cholesky"/> on a card, the same arithmetic): (M + damping diag M) step = gradient, by the
/// factor of the matrix scaled to a unit diagonal.
/// </summary>
internal static class DeviceCholesky
{
    private const int N = ClimbState.N;
    private const double LeastPivot = 1e-12;

    /// <summary>Factors the matrix of a slot. False where it is not positive.</summary>
    /// <param name="s">The states.</param>
    /// <param name="o">Where the slot's begins.</param>
    public static bool TryFactor(ArrayView<double> s, long o)
    {
        long matrix = o + ClimbState.Information, factor = o + ClimbState.Factor, scale = o + ClimbState.Scale;
        for (var i = 0; i < N; i++)
        {
            var d = s[matrix + (i * N) + i];
            if (!(d > 0) || !(d <= double.MaxValue))
            {
                return false;
            }

            s[scale + i] = 1 / Math.Sqrt(d);
        }

        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = (s[matrix + (i * N) + j] * s[scale + i] * s[scale + j]) + (i == j ? s[o + ClimbState.Damping] : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= s[factor + (i * N) + k] * s[factor + (j * N) + k];
                }

                if (i != j)
                {
                    s[factor + (i * N) + j] = sum / s[factor + (j * N) + j];
                }
                else if (sum > LeastPivot)
                {
                    s[factor + (i * N) + i] = Math.Sqrt(sum);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Solves for the slot's step, forwards with L and backwards with L'.</summary>
    public static void Solve(ArrayView<double> s, long o)
    {
        long factor = o + ClimbState.Factor, scale = o + ClimbState.Scale, step = o + ClimbState.Step;
        for (var i = 0; i < N; i++)
        {
            var sum = s[o + ClimbState.Gradient + i] * s[scale + i];
            for (var k = 0; k < i; k++)
            {
                sum -= s[factor + (i * N) + k] * s[step + k];
            }

            s[step + i] = sum / s[factor + (i * N) + i];
        }

        for (var i = N - 1; i >= 0; i--)
        {
            var sum = s[step + i];
            for (var k = i + 1; k < N; k++)
            {
                sum -= s[factor + (k * N) + i] * s[step + k];
            }

            s[step + i] = sum / s[factor + (i * N) + i];
        }

        for (var i = 0; i < N; i++)
        {
            s[step + i] *= s[scale + i];
        }
    }
}
