namespace Gmm.Core;

/// <summary>
/// What an optics group's lenses do beyond defocus, spherical aberration and phase shift, with RELION's terms, order and signs: odd aberrations, a phase factor
/// exp(i odd(k)) of the image; even ones, a part of the CTF's phase; and the magnification.
/// </summary>
/// <remarks>
/// Frequencies are the specimen's, 1/angstrom; polynomials are Zernike's, not scaled to a disc. An image's transform at the image's frequency k' is
/// F(k) CTF(k) exp(i odd(k)) with k = M k'; beam tilt is a sum of odd terms (<see cref="BeamTilt"/>). docs/optics.md.
/// </remarks>
public sealed class Aberrations : IEquatable<Aberrations>
{
    /// <summary>More terms than any program fits: order 13 of odd, 14 of even ones.</summary>
    private const int MostTerms = 64;

    private readonly double[] _odd;
    private readonly double[] _even;

    /// <summary>Makes the aberrations of a group.</summary>
    /// <param name="odd">Coefficients of the odd Zernike terms, radians (rlnOddZernike): 0, 2, 6, 12, ... of them, whole orders.</param>
    /// <param name="even">Coefficients of the even ones, radians (rlnEvenZernike): 0, 1, 4, 9, ... of them.</param>
    /// <param name="magnification">The magnification; null is none.</param>
    /// <exception cref="ArgumentException">
    /// Not whole orders, too many, a coefficient that is not finite, or a matrix far from the identity or singular.
    /// </exception>
    public Aberrations(IReadOnlyList<double>? odd = null, IReadOnlyList<double>? even = null, Magnification? magnification = null)
    {
        _odd = [.. odd ?? []];
        _even = [.. even ?? []];
        Magnification = magnification ?? Magnification.None;
        if (CountProblem(_odd.Length, isOdd: true) is { } wrongOdd)
        {
            throw new ArgumentException(wrongOdd, nameof(odd));
        }

        if (CountProblem(_even.Length, isOdd: false) is { } wrongEven)
        {
            throw new ArgumentException(wrongEven, nameof(even));
        }

        if (!_odd.Concat(_even).All(double.IsFinite))
        {
            throw new ArgumentException("A coefficient is not a finite number.", _odd.All(double.IsFinite) ? nameof(even) : nameof(odd));
        }

        if (MatrixProblem(Magnification) is { } problem)
        {
            throw new ArgumentException(problem, nameof(magnification));
        }
    }

    /// <summary>Coefficients of the odd terms, radians.</summary>
    public IReadOnlyList<double> Odd => _odd;

    /// <summary>Coefficients of the even terms, radians.</summary>
    public IReadOnlyList<double> Even => _even;

    /// <summary>The magnification.</summary>
    public Magnification Magnification { get; }

    /// <summary>Whether there is an odd term that is not 0.</summary>
    public bool HasOdd => _odd.Any(c => c != 0);

    /// <summary>Whether there is an even term that is not 0.</summary>
    public bool HasEven => _even.Any(c => c != 0);

    /// <summary>Whether the magnification is not the same in all directions, or not 1.</summary>
    public bool HasMagnification => Magnification != Magnification.None;

    /// <summary>Whether nothing is there to be done.</summary>
    public bool IsNone => !HasOdd && !HasEven && !HasMagnification;

    /// <summary>
    /// The odd terms of a beam tilt: a phase of -2e4 pi Cs lambda^2 (tx kx + ty ky) |k|^2, which is coma (n = 3, m = -1 and 1) with the shift (n = 1)
    /// that goes with it.
    /// </summary>
    /// <param name="x">Tilt along x, milliradian (rlnBeamTiltX).</param>
    /// <param name="y">Tilt along y, milliradian (rlnBeamTiltY).</param>
    /// <param name="sphericalAberrationMillimetre">Cs, millimetre.</param>
    /// <param name="wavelengthAngstrom">Wavelength, angstrom.</param>
    /// <returns>Six coefficients, radians.</returns>
    public static double[] BeamTilt(double x, double y, double sphericalAberrationMillimetre, double wavelengthAngstrom)
    {
        var unit = -2e4 * Math.PI * sphericalAberrationMillimetre * wavelengthAngstrom * wavelengthAngstrom;
        var terms = new double[Zernike.OddCount(3)];
        foreach (var (m, tilt) in new[] { (1, x), (-1, y) })
        {
            // rho^3 = (R(3, 1) + 2 R(1, 1)) / 3.
            terms[Zernike.OddIndex(3, m)] = unit * tilt / 3;
            terms[Zernike.OddIndex(1, m)] = 2 * unit * tilt / 3;
        }

        return terms;
    }

    /// <summary>Odd coefficients with those of a beam tilt added (<see cref="BeamTilt"/>).</summary>
    internal static double[] WithBeamTilt(
        IReadOnlyList<double> odd, double x, double y, double sphericalAberrationMillimetre, double wavelengthAngstrom)
    {
        var tilt = BeamTilt(x, y, sphericalAberrationMillimetre, wavelengthAngstrom);
        double[] sum = [.. odd];
        Array.Resize(ref sum, Math.Max(sum.Length, tilt.Length));
        for (var i = 0; i < tilt.Length; i++)
        {
            sum[i] += tilt[i];
        }

        return sum;
    }

    /// <summary>The phase of the odd terms at a frequency of the specimen.</summary>
    /// <param name="kx">Along x, 1/angstrom.</param>
    /// <param name="ky">Along y, 1/angstrom.</param>
    /// <returns>Radians: the image has exp(i phase).</returns>
    public double OddPhase(double kx, double ky) => Phase(_odd, Zernike.Odd, kx, ky);

    /// <summary>
    /// The phase of the even terms at a frequency of the specimen, with RELION's sign: subtracted from the CTF's phase that grows with underfocus.
    /// </summary>
    /// <param name="kx">Along x, 1/angstrom.</param>
    /// <param name="ky">Along y, 1/angstrom.</param>
    /// <returns>Radians.</returns>
    public double EvenPhase(double kx, double ky) => Phase(_even, Zernike.Even, kx, ky);

    /// <inheritdoc/>
    public bool Equals(Aberrations? other) =>
        other is not null && Magnification == other.Magnification && _odd.AsSpan().SequenceEqual(other._odd) && _even.AsSpan().SequenceEqual(other._even);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Aberrations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Magnification, _odd.Length, _even.Length, _odd.Sum(), _even.Sum());

    private static double Phase(double[] coefficients, Func<int, (int N, int M)> term, double kx, double ky)
    {
        double sum = 0;
        for (var i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] != 0)
            {
                var (n, m) = term(i);
                sum += coefficients[i] * Zernike.Value(n, m, kx, ky);
            }
        }

        return sum;
    }

    /// <summary>Why a number of coefficients is no list of whole orders, or null.</summary>
    internal static string? CountProblem(int count, bool isOdd)
    {
        if (count > MostTerms)
        {
            return $"{count} coefficients are too many; at most {MostTerms} are read";
        }

        for (var k = 0; k * k <= count; k++)
        {
            if (count == (isOdd ? k * (k + 1) : k * k))
            {
                return null;
            }
        }

        return $"{count} coefficients are no whole orders; {(isOdd ? "odd terms are 2, 6, 12, 20, ..." : "even terms are 1, 4, 9, 16, ...")}";
    }

    /// <summary>Why a matrix is no microscope's magnification, or null.</summary>
    internal static string? MatrixProblem(Magnification m)
    {
        double[] deviations = [m.M00 - 1, m.M01, m.M10, m.M11 - 1];
        return deviations.All(d => Math.Abs(d) <= Magnification.LargestDeviation)
            ? null
            : FormattableString.Invariant($"the magnification matrix ({m.M00}, {m.M01}; {m.M10}, {m.M11}) is far from the identity; ")
                + FormattableString.Invariant($"elements differ from it by at most {Magnification.LargestDeviation}");
    }
}
