namespace Gmm.Refinement;

/// <summary>
/// Compares Gaussians with the map they are fitted to, wherever that is computed (<see cref="ModelBuilder"/>): the sums over shells of which the fit makes
/// loss and FSC, and the derivatives of the loss L = sum_q Factors[q] / 2 sum_k |F_k - T_k|^2 over the coefficients k held. Serves one thread at a time.
/// </summary>
public interface IFitLoss : IDisposable
{
    /// <summary>Compares.</summary>
    /// <param name="gaussians">
    /// 5 N values, all of a kind together: x, y and z (angstrom from the box centre), amplitudes (integrals), widths (angstrom).
    /// </param>
    /// <param name="shells">
    /// Receives three sums over the coefficients held of each shell q, at 3 q: Re(F conj T), |F|^2 and |F - T|^2; F is the transform of the Gaussians
    /// (docs/architecture.md, Conventions), T the target's.
    /// </param>
    /// <param name="gradient">Receives the derivatives of the loss with respect to the 5 N values.</param>
    void Compare(ReadOnlySpan<float> gaussians, Span<double> shells, Span<float> gradient);

    /// <summary>
    /// The derivative of the loss, at the Gaussians compared last, with respect to the amplitude of one more Gaussian of a given width, wherever it lies.
    /// </summary>
    /// <param name="width">Its standard deviation, angstrom; 0 or more.</param>
    /// <param name="side">The side of the grid, cells: even.</param>
    /// <returns>side^3 values, x fastest, cell side / 2 at the box centre; valid until the next call.</returns>
    ReadOnlySpan<float> AmplitudeGradient(double width, out int side);
}
