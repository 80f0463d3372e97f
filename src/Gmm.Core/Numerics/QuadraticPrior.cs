namespace Gmm.Core;

/// <summary>
/// What a normal distribution of some parameters' displacement y, of information L (the inverse covariance), adds to an objective, its gradient and its
/// Gauss-Newton matrix: with J = dy/dstep,
///
///   -y'Ly / 2,   -J'Ly,   J'LJ.
/// </summary>
internal static class QuadraticPrior
{
    /// <summary>-y'Ly / 2.</summary>
    public static double Value(ReadOnlySpan<double> information, ReadOnlySpan<double> displacement)
    {
        double sum = 0;
        for (var p = 0; p < displacement.Length; p++)
        {
            sum += displacement[p] * SmallMatrix.Dot(information.Slice(p * displacement.Length, displacement.Length), displacement);
        }

        return -0.5 * sum;
    }

    /// <summary>Adds the derivatives where y itself is stepped, J = 1, of parameters first..first + m - 1.</summary>
    /// <param name="information">L, m x m values.</param>
    /// <param name="displacement">y, m values.</param>
    /// <param name="first">The first of its parameters among all.</param>
    /// <param name="gradient">The gradient of all n parameters.</param>
    /// <param name="gaussNewton">Their matrix, n x n values.</param>
    /// <returns>-y'Ly / 2.</returns>
    public static double Add(
        ReadOnlySpan<double> information, ReadOnlySpan<double> displacement, int first, Span<double> gradient, Span<double> gaussNewton)
    {
        int m = displacement.Length, n = gradient.Length;
        double sum = 0;
        for (var p = 0; p < m; p++)
        {
            var pull = SmallMatrix.Dot(information.Slice(p * m, m), displacement);
            sum += displacement[p] * pull;
            gradient[first + p] -= pull;
            for (var q = 0; q < m; q++)
            {
                gaussNewton[((first + p) * n) + first + q] += information[(p * m) + q];
            }
        }

        return -0.5 * sum;
    }

    /// <summary>Adds the derivatives through J, where all parameters have a displacement.</summary>
    /// <param name="information">L, n x n values.</param>
    /// <param name="displacement">y, n values.</param>
    /// <param name="jacobian">J, n x n values row by row.</param>
    /// <param name="gradient">n values.</param>
    /// <param name="gaussNewton">n x n values.</param>
    /// <returns>-y'Ly / 2.</returns>
    public static double Add(
        ReadOnlySpan<double> information,
        ReadOnlySpan<double> displacement,
        ReadOnlySpan<double> jacobian,
        Span<double> gradient,
        Span<double> gaussNewton)
    {
        var n = displacement.Length;
        Span<double> pull = stackalloc double[n], weighted = stackalloc double[n * n];
        double sum = 0;
        for (var p = 0; p < n; p++)
        {
            pull[p] = SmallMatrix.Dot(information.Slice(p * n, n), displacement);
            sum += displacement[p] * pull[p];
            for (var q = 0; q < n; q++)
            {
                double w = 0;
                for (var k = 0; k < n; k++)
                {
                    w += information[(p * n) + k] * jacobian[(k * n) + q];
                }

                weighted[(p * n) + q] = w;
            }
        }

        for (var p = 0; p < n; p++)
        {
            double g = 0;
            for (var k = 0; k < n; k++)
            {
                g += jacobian[(k * n) + p] * pull[k];
            }

            gradient[p] -= g;
            for (var q = 0; q < n; q++)
            {
                double h = 0;
                for (var k = 0; k < n; k++)
                {
                    h += jacobian[(k * n) + p] * weighted[(k * n) + q];
                }

                gaussNewton[(p * n) + q] += h;
            }
        }

        return -0.5 * sum;
    }
}
