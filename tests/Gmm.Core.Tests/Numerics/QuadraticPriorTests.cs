using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

public class QuadraticPriorTests
{
    [Property]
    public bool Derivatives_through_a_jacobian_are_those_of_the_value_by_differences(DoNotSize<int> seed)
    {
        // y = J x with a constant J, so that differences of a quadratic are exact but for rounding.
        var random = new Random(seed.Item);
        var n = random.Next(1, 7);
        double[] information = Symmetric(random, n), jacobian = Values(random, n * n), x = Values(random, n);
        double[] gradient = new double[n], matrix = new double[n * n];
        double At(double[] point) => QuadraticPrior.Value(information, SmallMatrix.Multiply(jacobian, point, n, n, 1));
        if (Math.Abs(QuadraticPrior.Add(information, SmallMatrix.Multiply(jacobian, x, n, n, 1), jacobian, gradient, matrix) - At(x)) > 1e-12)
        {
            return false;
        }

        for (var i = 0; i < n; i++)
        {
            if (Math.Abs(((At(Moved(x, (i, 0.5))) - At(Moved(x, (i, -0.5)))) / 1) - gradient[i]) > 1e-9)
            {
                return false;
            }

            for (var j = 0; j < n; j++)
            {
                var second = At(Moved(x, (i, 0.5), (j, 0.5))) - At(Moved(x, (i, 0.5), (j, -0.5))) - At(Moved(x, (i, -0.5), (j, 0.5)))
                    + At(Moved(x, (i, -0.5), (j, -0.5)));
                if (Math.Abs(second + matrix[(i * n) + j]) > 1e-9)
                {
                    return false;
                }
            }
        }

        return true;
    }

    [Property]
    public bool A_block_without_a_jacobian_is_the_same_with_one_of_ones_and_leaves_the_rest(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        int m = random.Next(1, 6), first = random.Next(4), n = first + m + random.Next(3);
        double[] information = Symmetric(random, m), y = Values(random, m), one = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            one[i * (m + 1)] = 1;
        }

        double[] blockGradient = new double[m], block = new double[m * m], before = Values(random, n), beforeMatrix = Values(random, n * n);
        double[] gradient = [.. before], matrix = [.. beforeMatrix];
        var value = QuadraticPrior.Add(information, y, one, blockGradient, block);
        if (QuadraticPrior.Add(information, y, first, gradient, matrix) != value)
        {
            return false;
        }

        bool Inside(int i) => i >= first && i < first + m;
        return Enumerable.Range(0, n * n).All(k =>
        {
            int i = k / n, j = k % n;
            return Math.Abs(gradient[i] - before[i] - (Inside(i) ? blockGradient[i - first] : 0)) < 1e-12
                && Math.Abs(matrix[k] - beforeMatrix[k] - (Inside(i) && Inside(j) ? block[((i - first) * m) + j - first] : 0)) < 1e-12;
        });
    }

    private static double[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Draw.Normal(random))];

    private static double[] Symmetric(Random random, int n)
    {
        var b = Values(random, n * n);
        return SmallMatrix.Multiply(SmallMatrix.Transpose(b, n, n), b, n, n, n);
    }

    private static double[] Moved(double[] x, params (int Index, double By)[] steps)
    {
        double[] moved = [.. x];
        foreach (var (index, by) in steps)
        {
            moved[index] += by;
        }

        return moved;
    }
}
