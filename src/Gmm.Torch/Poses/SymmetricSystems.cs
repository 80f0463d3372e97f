namespace Gmm.Torch;

/// <summary>
/// Many small symmetric positive systems at once, by Cholesky factorisation of the matrices scaled to a unit diagonal: radians and angstrom differ by orders
/// of magnitude.
/// </summary>
internal static class SymmetricSystems
{
    // As the managed Cholesky: a pivot below this counts as zero.
    private const double LeastPivot = 1e-12;

    /// <summary>Solves (M + damping diag M) X = B.</summary>
    /// <param name="matrices">[B, n, n] Float64.</param>
    /// <param name="damping">[B] Float64.</param>
    /// <param name="right">[B, n, m] Float64.</param>
    /// <returns>[B, n, m], and whether each matrix was positive; where not, the solution means nothing.</returns>
    public static (Tensor Solution, Tensor Positive) Solve(Tensor matrices, Tensor damping, Tensor right)
    {
        using var scope = NewDisposeScope();
        var n = matrices.shape[1];
        var diagonal = matrices.diagonal(0, 1, 2);
        var usable = ((diagonal > 0) & diagonal.isfinite()).all(1) & matrices.isfinite().flatten(1).all(1);
        var unit = eye(n, dtype: matrices.dtype, device: matrices.device);
        var scale = where(usable.unsqueeze(1), diagonal, ones_like(diagonal)).rsqrt();
        var scaled = where(usable.reshape(-1, 1, 1), matrices * scale.unsqueeze(2) * scale.unsqueeze(1), unit) + (damping.reshape(-1, 1, 1) * unit);
        var (factor, info) = linalg.cholesky_ex(scaled);
        var pivots = factor.diagonal(0, 1, 2).square().amin([1]);
        var positive = usable & (info == 0) & (pivots > LeastPivot);
        var safe = where(positive.reshape(-1, 1, 1), factor, unit);
        var solution = (right * scale.unsqueeze(2)).cholesky_solve(safe) * scale.unsqueeze(2);
        return (solution.MoveToOuterDisposeScope(), positive.MoveToOuterDisposeScope());
    }
}
