using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The curvature of the Ewald sphere: an atom at height z of the image's frame has the defocus less sign times z, so that an image's coefficient is a mean of
/// the map's on the two halves of a curved surface, at k_z = sign lambda k^2 / 2 and at its mirror image (docs/optics.md#the-ewald-sphere).
/// </summary>
/// <param name="sign">1 or -1.</param>
/// <param name="radius">Radius of the ball that stands for the molecule, angstrom: it says how far apart in Fourier space coefficients are alike.</param>
internal sealed class EwaldSphere(int sign, double radius)
{
    /// <summary>Part of a box that its molecule is as wide as, where nobody says.</summary>
    private const double WidthInBox = 0.5;

    /// <summary>Share of the amplitude that is left at least where curvature does not matter.</summary>
    private const double Spared = 0.98;

    /// <summary>For a box.</summary>
    /// <param name="sign">1 or -1; 0 makes none.</param>
    /// <param name="boxLength">Side of the box, angstrom.</param>
    /// <returns>The sphere, or null.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another sign.</exception>
    public static EwaldSphere? Of(int sign, double boxLength) => sign switch
    {
        0 => null,
        1 or -1 => new EwaldSphere(sign, 0.5 * WidthInBox * boxLength),
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "The sign of the Ewald sphere's curvature is 1, -1 or 0."),
    };

    /// <summary>Height of the surface over the central plane, Fourier pixels for each square Fourier pixel of |k|^2.</summary>
    public double Curvature(double wavelength, double boxLength) => 0.5 * sign * wavelength / boxLength;

    /// <summary>How alike the map's coefficients on the two halves are at |k|, in 1/angstrom: the transform of the ball at their distance.</summary>
    public double Coherence(double wavelength, double k) => Ball(2 * Math.PI * wavelength * k * k * radius);

    /// <summary>
    /// The resolution from which curvature takes more than 2 % of the amplitude of a molecule of this size: the mean of exp(i pi lambda k^2 z) over a ball.
    /// </summary>
    public static double MattersFrom(double wavelength, double boxLength)
    {
        // 1 - x^2 / 10 is the ball's transform to 1e-4 here.
        var x = Math.Sqrt(10 * (1 - Spared));
        return Math.Sqrt(Math.PI * wavelength * 0.5 * WidthInBox * boxLength / x);
    }

    private static double Ball(double x) => x < 1e-2 ? 1 - (x * x / 10) : 3 * (Math.Sin(x) - (x * Math.Cos(x))) / (x * x * x);
}
