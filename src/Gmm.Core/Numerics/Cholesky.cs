namespace Gmm.Core;

/// <summary>
/// Symmetric positive systems of any small size, by Cholesky's factorisation of the matrix scaled to a unit diagonal, on the caller's memory:
/// with S = (diag M)^-1/2,
///
///   S M S + damping 1 = L L',   (M + damping diag M)^-1 b = S L'^-1 L^-1 S b.
/// </summary>
/// <remarks>
/// Scaled, because the parameters of a pose are radians and angstrom, whose information differs by orders of magnitude; and so a damping is without a unit.
/// A pivot counts as zero below 1e-12 of its diagonal element.
/// </remarks>
/// <param name="size">Number of unknowns n.</param>
/// <param name="memory"><see cref="MemoryFor"/> values at least, overwritten.</param>
internal readonly ref struct Cholesky(int size, Span<double> memory)
{
    private const double LeastPivot = 1e-12;

    // Beyond this a matrix is not put on the stack.
    private const int OnStack = 24;

    private readonly Span<double> _factor = memory[..(size * size)];
    private readonly Span<double> _scale = memory.Slice(size * size, size);

    /// <summary>S, n values, after <see cref="TryFactor"/>.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <summary>L, n x n values row by row, of which the upper triangle is not set, after <see cref="TryFactor"/>.</summary>
    public ReadOnlySpan<double> Factor => _factor;

    /// <summary>Number of values that a factorisation of a size needs.</summary>
    public static int MemoryFor(int size) => size * (size + 1);

    /// <summary>Solves (M + damping diag M) x = b. False where the matrix is not positive.</summary>
    public static bool TrySolve(ReadOnlySpan<double> matrix, ReadOnlySpan<double> right, double damping, Span<double> solution)
    {
        Span<double> memory = right.Length <= OnStack ? stackalloc double[MemoryFor(right.Length)] : new double[MemoryFor(right.Length)];
        var cholesky = new Cholesky(right.Length, memory);
        if (!cholesky.TryFactor(matrix, damping))
        {
            return false;
        }

        cholesky.Solve(right, solution);
        return true;
    }

    /// <summary>The inverse of a matrix of n x n values. False where it is not positive.</summary>
    public static bool TryInvert(int n, ReadOnlySpan<double> matrix, Span<double> inverse)
    {
        Span<double> memory = n <= OnStack ? stackalloc double[MemoryFor(n)] : new double[MemoryFor(n)];
        var cholesky = new Cholesky(n, memory);
        if (!cholesky.TryFactor(matrix))
        {
            return false;
        }

        cholesky.Invert(inverse);
        return true;
    }

    /// <summary>Factors M + damping diag M. False where it is not positive; then nothing can be solved.</summary>
    /// <param name="matrix">M, n x n values, of which the lower triangle is read.</param>
    /// <param name="damping">What each diagonal element grows by, as a share of itself.</param>
    public bool TryFactor(ReadOnlySpan<double> matrix, double damping = 0)
    {
        Span<double> factor = _factor, scale = _scale;
        var n = scale.Length;
        for (var i = 0; i < n; i++)
        {
            var d = matrix[(i * n) + i];
            if (!(d > 0) || !double.IsFinite(d))
            {
                return false;
            }

            scale[i] = 1 / Math.Sqrt(d);
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = (matrix[(i * n) + j] * scale[i] * scale[j]) + (i == j ? damping : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= factor[(i * n) + k] * factor[(j * n) + k];
                }

                if (i != j)
                {
                    factor[(i * n) + j] = sum / factor[(j * n) + j];
                }
                else if (sum > LeastPivot)
                {
                    factor[(i * n) + i] = Math.Sqrt(sum);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Solves with the factor, forwards with L and backwards with L'.</summary>
    /// <param name="right">b, n values.</param>
    /// <param name="solution">Receives x; may be b itself.</param>
    public void Solve(ReadOnlySpan<double> right, Span<double> solution)
    {
        ReadOnlySpan<double> factor = _factor, scale = _scale;
        var n = scale.Length;
        for (var i = 0; i < n; i++)
        {
            var sum = right[i] * scale[i];
            for (var k = 0; k < i; k++)
            {
                sum -= factor[(i * n) + k] * solution[k];
            }

            solution[i] = sum / factor[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var sum = solution[i];
            for (var k = i + 1; k < n; k++)
            {
                sum -= factor[(k * n) + i] * solution[k];
            }

            solution[i] = sum / factor[(i * n) + i];
        }

        for (var i = 0; i < n; i++)
        {
            solution[i] *= scale[i];
        }
    }

    /// <summary>The inverse of what was factored.</summary>
    /// <param name="inverse">Receives n x n values.</param>
    public void Invert(Span<double> inverse)
    {
        var n = _scale.Length;
        inverse[..(n * n)].Clear();
        for (var column = 0; column < n; column++)
        {
            var unit = inverse.Slice(column * n, n);
            unit[column] = 1;
            Solve(unit, unit);
        }
    }
}
