using System.Numerics;

namespace Gmm.Testing;

/// <summary>
/// The dot product test of an adjoint: a matrix A and what claims to be its transpose agree if and only if &lt;A x, y&gt; = &lt;x, A' y&gt; for all x and y;
/// random ones find a wrong adjoint at once. It needs no step and no tolerance but rounding.
/// </summary>
public static class DotProductTest
{
    /// <summary>How far the two sides are apart.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="input">x.</param>
    /// <param name="forward">A x.</param>
    /// <param name="weights">y, as many as A x.</param>
    /// <param name="adjoint">A' y, as many as x.</param>
    /// <returns>
    /// |&lt;A x, y&gt; - &lt;x, A' y&gt;| / (sum_i (A x)_i^2 y_i^2)^1/2: what is left over the size that the left side has for a y of random signs.
    /// </returns>
    /// <exception cref="ArgumentException">Spans of different length.</exception>
    public static double Mismatch<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> forward, ReadOnlySpan<T> weights, ReadOnlySpan<T> adjoint)
        where T : IFloatingPointIeee754<T>
    {
        if (forward.Length != weights.Length || input.Length != adjoint.Length)
        {
            throw new ArgumentException("A x and y must have one length, and x and A' y another one.");
        }

        double left = 0, right = 0, size = 0;
        for (var i = 0; i < forward.Length; i++)
        {
            var product = double.CreateChecked(forward[i]) * double.CreateChecked(weights[i]);
            (left, size) = (left + product, size + (product * product));
        }

        for (var j = 0; j < input.Length; j++)
        {
            right += double.CreateChecked(input[j]) * double.CreateChecked(adjoint[j]);
        }

        return Math.Abs(left - right) / Math.Max(Math.Sqrt(size), double.Epsilon);
    }

    /// <summary>The test of two functions with random normal x and y.</summary>
    /// <param name="forward">x to A x.</param>
    /// <param name="adjoint">y to A' y.</param>
    /// <param name="inputs">Length of x.</param>
    /// <param name="outputs">Length of y.</param>
    /// <param name="random">What x and y are drawn from.</param>
    /// <returns>As the other method.</returns>
    public static double Mismatch(Func<double[], double[]> forward, Func<double[], double[]> adjoint, int inputs, int outputs, Random random)
    {
        ArgumentNullException.ThrowIfNull(adjoint);
        ArgumentNullException.ThrowIfNull(forward);
        double[] x = [.. Enumerable.Range(0, inputs).Select(_ => Draw.Normal(random))];
        double[] y = [.. Enumerable.Range(0, outputs).Select(_ => Draw.Normal(random))];
        return Mismatch<double>(x, forward(x), y, adjoint(y));
    }
}
