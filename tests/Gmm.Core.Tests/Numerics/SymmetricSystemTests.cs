using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

public class SymmetricSystemTests
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

        Assert.True(SymmetricSystem.Solve(matrix, right, 0.25, x));
        Assert.True(SymmetricSystem.Invert(matrix, inverse));
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
        Assert.True(SymmetricSystem.Solve(matrix, [1, 0, 0, 1, 1], 0, x));
        double[] expected = [2 / 3.0, -1 / 3.0, -2 / 8.0, 4 / 8.0, 1 / 5.0];
        Assert.All(Enumerable.Range(0, N), i => Assert.Equal(expected[i], x[i], 1e-14));
        Assert.True(SymmetricSystem.Invert(matrix, inverse));
        Assert.Equal([2 / 3.0, -1 / 3.0, 3 / 8.0, -2 / 8.0], new[] { inverse[0], inverse[1], inverse[12], inverse[13] }.Select(v => Math.Round(v, 12)), (a, b) => Math.Abs(a - b) < 1e-11);
    }

    [Property]
    public bool Random_positive_systems_are_solved_and_inverted(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var matrix = Positive(random, out var scale);
        var right = scale.Select(s => s * PoseTestData.Normal(random)).ToArray();
        var damping = random.Next(2) * random.NextDouble();
        double[] x = new double[N], inverse = new double[N * N];
        if (!SymmetricSystem.Solve(matrix, right, damping, x) || !SymmetricSystem.Invert(matrix, inverse))
        {
            return false;
        }

        for (var i = 0; i < N; i++)
        {
            var left = damping * matrix[6 * i] * x[i];
            for (var j = 0; j < N; j++)
            {
                left += matrix[(i * N) + j] * x[j];
                double product = 0;
                for (var k = 0; k < N; k++)
                {
                    product += matrix[(i * N) + k] * inverse[(k * N) + j];
                }

                // Rows and columns differ by orders of magnitude; their scales are divided out.
                if (Math.Abs(product * scale[j] / scale[i] - (i == j ? 1 : 0)) > 1e-7)
                {
                    return false;
                }
            }

            if (Math.Abs(left - right[i]) > 1e-8 * scale[i])
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
        var matrix = Positive(random, out var scale);

        // A direction v with v^T M v < 0.
        var v = scale.Select(s => PoseTestData.Normal(random) / s).ToArray();
        double form = 0, square = 0;
        for (var i = 0; i < N; i++)
        {
            square += v[i] * v[i] * scale[i] * scale[i];
            for (var j = 0; j < N; j++)
            {
                form += v[i] * matrix[(i * N) + j] * v[j];
            }
        }

        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                matrix[(i * N) + j] -= 1.1 * form / (square * square) * v[i] * v[j] * scale[i] * scale[i] * scale[j] * scale[j];
            }
        }

        return !SymmetricSystem.Solve(matrix, new double[N], 0, new double[N]) && !SymmetricSystem.Invert(matrix, new double[N * N]);
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

        Assert.False(SymmetricSystem.Solve(matrix, new double[N], 0.1, new double[N]));
        Assert.False(SymmetricSystem.Invert(matrix, new double[N * N]));
    }

    /// <summary>S (B B^T + 0.1) S with random B and scales S from 1e-3 to 1e3.</summary>
    private static double[] Positive(Random random, out double[] scale)
    {
        var b = Enumerable.Range(0, N * N).Select(_ => PoseTestData.Normal(random)).ToArray();
        var s = Enumerable.Range(0, N).Select(_ => Math.Pow(10, (6 * random.NextDouble()) - 3)).ToArray();
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                var sum = i == j ? 0.1 : 0;
                for (var k = 0; k < N; k++)
                {
                    sum += b[(i * N) + k] * b[(j * N) + k];
                }

                matrix[(i * N) + j] = s[i] * s[j] * sum;
            }
        }

        scale = s;
        return matrix;
    }
}
