using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// cryoSPARC's aberrations of an image (ctf/shift_A, tilt_A, trefoil_A, tetra_A, anisomag) and RELION's, one made of the other.
/// </summary>
/// <remarks>
/// The fields are the coefficients of the wave aberration in angstrom. With k in 1/angstrom at the angle p from x they add to the phase of the image
/// <code>
/// odd(k)  = -2 pi (shift . k) - 2 pi L^2 (tilt . k) k^2 - (2 pi / 3) L^2 k^3 (trefoil0 cos 3p + trefoil1 sin 3p)
/// even(k) = 2 pi L^3 k^4 (tetra0 cos 2p + tetra1 sin 2p) + (pi / 2) L^3 k^4 (tetra2 cos 4p + tetra3 sin 4p)
/// </code>
/// in RELION's signs (docs/optics.md), L the wavelength. The magnification matrix is I + anisomag, row by row, and like RELION's it takes a frequency of the
/// image to the specimen's. docs/formats.md says where each is from. cryoSPARC has no terms beyond the fourth order; even terms of RELION up to that are
/// parts of phase shift, defocus, astigmatism and spherical aberration, which are changed by them.
/// </remarks>
/// <param name="ShiftX">ctf/shift_A, x.</param>
/// <param name="ShiftY">ctf/shift_A, y.</param>
/// <param name="TiltX">ctf/tilt_A, x: Cs times the beam tilt.</param>
/// <param name="TiltY">ctf/tilt_A, y.</param>
/// <param name="Trefoil0">ctf/trefoil_A.</param>
/// <param name="Trefoil1">ctf/trefoil_A.</param>
/// <param name="Tetra">ctf/tetra_A, four of them.</param>
/// <param name="Magnification">I + ctf/anisomag.</param>
internal readonly record struct CsAberrations(
    double ShiftX, double ShiftY, double TiltX, double TiltY, double Trefoil0, double Trefoil1, (double A, double B, double C, double D) Tetra,
    Magnification Magnification)
{
    /// <summary>A beam tilt is an angle only with a spherical aberration; below this (mm) the term is written as coma.</summary>
    private const double LeastAberration = 0.01;

    /// <summary>No aberrations.</summary>
    public static CsAberrations None { get; } = new(0, 0, 0, 0, 0, 0, default, Magnification.None);

    /// <summary>The beam tilt, milliradian (rlnBeamTiltX, Y); 0 if there is no spherical aberration to make an angle of it.</summary>
    /// <param name="csMillimetre">Spherical aberration, millimetre.</param>
    public (double X, double Y) BeamTilt(double csMillimetre) =>
        HasTiltAngle(csMillimetre) ? (TiltX / (csMillimetre * 1e4), TiltY / (csMillimetre * 1e4)) : (0, 0);

    /// <summary>Coefficients of rlnOddZernike, beside the beam tilt; empty if all are 0.</summary>
    public double[] Odd(double csMillimetre, double wavelength)
    {
        var terms = new double[Zernike.OddCount(3)];
        var l2 = wavelength * wavelength;
        terms[Zernike.OddIndex(1, 1)] = -2 * Math.PI * ShiftX;
        terms[Zernike.OddIndex(1, -1)] = -2 * Math.PI * ShiftY;
        terms[Zernike.OddIndex(3, 3)] = -2 * Math.PI / 3 * l2 * Trefoil0;
        terms[Zernike.OddIndex(3, -3)] = -2 * Math.PI / 3 * l2 * Trefoil1;
        if (!HasTiltAngle(csMillimetre))
        {
            // Cs times a tilt of 1 mm times 1e-4: the same phase without either.
            var coma = Aberrations.BeamTilt(TiltX * 1e-4, TiltY * 1e-4, 1, wavelength);
            for (var i = 0; i < terms.Length; i++)
            {
                terms[i] += coma[i];
            }
        }

        return Array.TrueForAll(terms, t => t == 0) ? [] : [.. terms.Select(t => t + 0.0)];
    }

    /// <summary>Coefficients of rlnEvenZernike; empty if all are 0.</summary>
    public double[] Even(double wavelength)
    {
        if (Tetra == default)
        {
            return [];
        }

        var terms = new double[Zernike.EvenCount(4)];
        var l3 = wavelength * wavelength * wavelength;
        foreach (var (m, value) in new[] { (2, Tetra.A), (-2, Tetra.B) })
        {
            // rho^4 = (R(4, 2) + 3 R(2, 2)) / 4.
            terms[Zernike.EvenIndex(4, m)] = 2 * Math.PI * l3 * value / 4;
            terms[Zernike.EvenIndex(2, m)] = 3 * (2 * Math.PI * l3 * value / 4);
        }

        terms[Zernike.EvenIndex(4, 4)] = Math.PI / 2 * l3 * Tetra.C;
        terms[Zernike.EvenIndex(4, -4)] = Math.PI / 2 * l3 * Tetra.D;
        return terms;
    }

    /// <summary>The terms that cryoSPARC has for a group's aberrations, and the CTF with the parts of them that belong to it.</summary>
    /// <param name="aberrations">RELION's, beam tilt among them; null is none.</param>
    /// <param name="ctf">A particle's CTF.</param>
    /// <returns>The terms, and the CTF; the problem instead if there are terms of an order that cryoSPARC does not have.</returns>
    public static (CsAberrations Terms, CtfParameters Ctf, string? Problem) Of(Aberrations? aberrations, CtfParameters ctf)
    {
        if (aberrations is null)
        {
            return (None, ctf, null);
        }

        var (odd, even) = (aberrations.Odd, aberrations.Even);
        if (odd.Skip(Zernike.OddCount(3)).Concat(even.Skip(Zernike.EvenCount(4))).Any(c => c != 0))
        {
            return (None, ctf, "cryoSPARC has no aberrations beyond the fourth order, which this optics group has");
        }

        double O(int n, int m) => Zernike.OddIndex(n, m) < odd.Count ? odd[Zernike.OddIndex(n, m)] : 0;
        double E(int n, int m) => Zernike.EvenIndex(n, m) < even.Count ? even[Zernike.EvenIndex(n, m)] : 0;
        double l = ctf.WavelengthAngstrom, l2 = l * l, l3 = l2 * l;

        // R(3, 1) = 3 rho^3 - 2 rho.
        (double X, double Y) first = (O(1, 1) - (2 * O(3, 1)), O(1, -1) - (2 * O(3, -1)));
        // R(2, 0) = 2 rho^2 - 1, R(4, 0) = 6 rho^4 - 6 rho^2 + 1, R(4, 2) = 4 rho^4 - 3 rho^2.
        var constant = E(0, 0) - E(2, 0) + E(4, 0);
        var second = (2 * E(2, 0)) - (6 * E(4, 0));
        (double Cos, double Sin) astigmatic = (E(2, 2) - (3 * E(4, 2)), E(2, -2) - (3 * E(4, -2)));
        var terms = new CsAberrations(
            Zero(-first.X / (2 * Math.PI), O(1, 1)),
            Zero(-first.Y / (2 * Math.PI), O(1, -1)),
            -3 * O(3, 1) / (2 * Math.PI * l2),
            -3 * O(3, -1) / (2 * Math.PI * l2),
            -3 * O(3, 3) / (2 * Math.PI * l2),
            -3 * O(3, -3) / (2 * Math.PI * l2),
            (4 * E(4, 2) / (2 * Math.PI * l3), 4 * E(4, -2) / (2 * Math.PI * l3), 2 * E(4, 4) / (Math.PI * l3), 2 * E(4, -4) / (Math.PI * l3)),
            aberrations.Magnification);
        return (terms, Changed(ctf, constant, second, astigmatic, 6 * E(4, 0)), null);
    }

    private static bool HasTiltAngle(double csMillimetre) => Math.Abs(csMillimetre) >= LeastAberration;

    /// <summary>What is left when two equal terms are taken from each other is rounding, not a term.</summary>
    private static double Zero(double value, double scale) => Math.Abs(value) <= 1e-14 * Math.Abs(scale) ? 0 : value;

    /// <summary>A CTF whose phase has had even terms taken off: a constant, k^2, k^2 cos 2p and sin 2p, k^4.</summary>
    private static CtfParameters Changed(CtfParameters ctf, double constant, double second, (double Cos, double Sin) astigmatic, double fourth)
    {
        if (constant == 0 && second == 0 && fourth == 0 && astigmatic is (0, 0))
        {
            return ctf;
        }

        double l = ctf.WavelengthAngstrom, unit = Math.PI * l;
        var mean = (0.5 * (ctf.DefocusU + ctf.DefocusV)) - (second / unit);
        var half = 0.5 * (ctf.DefocusU - ctf.DefocusV);
        var (sin, cos) = Math.SinCos(2 * ctf.DefocusAngleDegrees * (Math.PI / 180));
        double x = (half * cos) - (astigmatic.Cos / unit), y = (half * sin) - (astigmatic.Sin / unit), size = Math.Sqrt((x * x) + (y * y));
        return ctf with
        {
            DefocusU = mean + size,
            DefocusV = mean - size,
            DefocusAngleDegrees = size == 0 ? 0 : 0.5 * Math.Atan2(y, x) * (180 / Math.PI),
            PhaseShiftDegrees = ctf.PhaseShiftDegrees - (constant * (180 / Math.PI)),
            SphericalAberrationMillimetre = ctf.SphericalAberrationMillimetre + (2 * fourth / (Math.PI * l * l * l) * 1e-7),
        };
    }
}
