using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

public class CholeskyTests
{
    private const int N = 5;

    [Fact]
    public void A_diagonal_system_has_the_solution_by_hand()
    {
        // Radians and angstrom: twelve orders of magnitude between the entries.
        double[] diagonal = [1e9, 4e8, 1e7, 2e-3, 1e-3], right = [1, 2, 3, 4, 5], x = new double[N], inverse = new double[N * N];
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            matrix[6 * i] = diagonal[i];
        }

        Assert.True(Cholesky.TrySolve(matrix, right, 0.25, x));
        Assert.True(Cholesky.TryInvert(N, matrix, inverse));
        for (var i = 0; i < N; i++)
        {
            Assert.Equal(1, x[i] * diagonal[i] * 1.25 / right[i], 1e-12);
            for (var j = 0; j < N; j++)
            {
                Assert.Equal(i == j ? 1 : 0, inverse[(i * N) + j] * diagonal[i], 1e-12);
            }
        }
    }

    [Fact]
    public void Coupled_pairs_have_the_solution_by_hand()
    {
        // Blocks (2 1; 1 2) and (4 2; 2 3) and 5: inverses (2 -1; -1 2)/3 and (3 -2; -2 4)/8 and 1/5.
        double[] matrix =
        [
            2, 1, 0, 0, 0,
            1, 2, 0, 0, 0,
            0, 0, 4, 2, 0,
            0, 0, 2, 3, 0,
            0, 0, 0, 0, 5,
        ];
        double[] x = new double[N], inverse = new double[N * N];
        Assert.True(Cholesky.TrySolve(matrix, [1, 0, 0, 1, 1], 0, x));
        double[] expected = [2 / 3.0, -1 / 3.0, -2 / 8.0, 4 / 8.0, 1 / 5.0];
        Assert.All(Enumerable.Range(0, N), i => Assert.Equal(expected[i], x[i], 1e-14));
        Assert.True(Cholesky.TryInvert(N, matrix, inverse));
        Assert.Equal(
            [2 / 3.0, -1 / 3.0, 3 / 8.0, -2 / 8.0], new[] { inverse[0], inverse[1], inverse[12], inverse[13] }.Select(v => Math.Round(v, 12)),
            (a, b) => Math.Abs(a - b) < 1e-11);
    }

    [Property]
    public bool Random_positive_systems_are_solved_and_inverted(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var n = random.Next(1, 31); // More than 24 is not on the stack.
        var matrix = Positive(random, n, out var scale);
        var right = scale.Select(s => s * Draw.Normal(random)).ToArray();
        var damping = random.Next(2) * random.NextDouble();
        double[] x = new double[n], inverse = new double[n * n];
        if (!Cholesky.TrySolve(matrix, right, damping, x) || !Cholesky.TryInvert(n, matrix, inverse))
        {
            return false;
        }

        for (var i = 0; i < n; i++)
        {
            var left = damping * matrix[(n + 1) * i] * x[i];
            for (var j = 0; j < n; j++)
            {
                left += matrix[(i * n) + j] * x[j];
                double product = 0;
                for (var k = 0; k < n; k++)
                {
                    product += matrix[(i * n) + k] * inverse[(k * n) + j];
                }

                // Rows and columns differ by orders of magnitude; their scales are divided out.
                if (Math.Abs(product * scale[j] / scale[i] - (i == j ? 1 : 0)) > 1e-6)
                {
                    return false;
                }
            }

            if (Math.Abs(left - right[i]) > 1e-7 * scale[i])
            {
                return false;
            }
        }

        return true;
    }

    [Property]
    public bool A_matrix_that_is_not_positive_is_refused(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var n = random.Next(1, 31); // More than 24 is not on the stack.
        var matrix = Positive(random, n, out var scale);

        // A direction v with v^T M v < 0.
        var v = scale.Select(s => Draw.Normal(random) / s).ToArray();
        double form = 0, square = 0;
        for (var i = 0; i < n; i++)
        {
            square += v[i] * v[i] * scale[i] * scale[i];
            for (var j = 0; j < n; j++)
            {
                form += v[i] * matrix[(i * n) + j] * v[j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[(i * n) + j] -= 1.1 * form / (square * square) * v[i] * v[j] * scale[i] * scale[i] * scale[j] * scale[j];
            }
        }

        return !Cholesky.TrySolve(matrix, new double[n], 0, new double[n]) && !Cholesky.TryInvert(n, matrix, new double[n * n]);
    }

    [Fact]
    public void The_factor_times_its_transpose_is_the_scaled_matrix()
    {
        var matrix = Positive(new Random(3), N, out _);
        var cholesky = new Cholesky(N, new double[Cholesky.MemoryFor(N)]);
        Assert.True(cholesky.TryFactor(matrix, 0.5));
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double sum = 0;
                for (var k = 0; k <= j; k++)
                {
                    sum += cholesky.Factor[(i * N) + k] * cholesky.Factor[(j * N) + k];
                }

                Assert.Equal((matrix[(i * N) + j] * cholesky.Scale[i] * cholesky.Scale[j]) + (i == j ? 0.5 : 0), sum, 1e-14);
            }

            Assert.Equal(1, matrix[(N + 1) * i] * cholesky.Scale[i] * cholesky.Scale[i], 1e-14);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_diagonal_that_is_none_is_refused(double value)
    {
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            matrix[6 * i] = i == 3 ? value : 1;
        }

        Assert.False(Cholesky.TrySolve(matrix, new double[N], 0.1, new double[N]));
        Assert.False(Cholesky.TryInvert(N, matrix, new double[N * N]));
    }

    /// <summary>S (B B^T + 0.1) S with random B and scales S from 1e-3 to 1e3.</summary>
    private static double[] Positive(Random random, int n, out double[] scale)
    {
        var b = Enumerable.Range(0, n * n).Select(_ => Draw.Normal(random)).ToArray();
        var s = Enumerable.Range(0, n).Select(_ => Math.Pow(10, (6 * random.NextDouble()) - 3)).ToArray();
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = i == j ? 0.1 : 0;
                for (var k = 0; k < n; k++)
                {
                    sum += b[(i * n) + k] * b[(j * n) + k];
                }

                matrix[(i * n) + j] = s[i] * s[j] * sum;
            }
        }

        scale = s;
        return matrix;
    }
}
