namespace Gmm.Core;

/// <summary>
/// The anisotropic magnification of a microscope: the matrix M that takes a frequency of the image to that of the specimen (rlnMagMat00, 01, 10, 11),
/// so that an image's transform at k is the specimen's at M k.
/// </summary>
/// <param name="M00">First row, first column.</param>
/// <param name="M01">First row, second column.</param>
/// <param name="M10">Second row, first column.</param>
/// <param name="M11">Second row, second column.</param>
public readonly record struct Magnification(double M00, double M01, double M10, double M11)
{
    /// <summary>
    /// How far an element may be from the identity's: no microscope's lenses do more, and coefficients on the disc still have neighbours in the
    /// image's band.
    /// </summary>
    public const double LargestDeviation = 0.2;

    /// <summary>No anisotropy.</summary>
    public static Magnification None { get; } = new(1, 0, 0, 1);

    /// <summary>The determinant.</summary>
    public double Determinant => (M00 * M11) - (M01 * M10);

    /// <summary>From the specimen's frequencies to the image's.</summary>
    /// <returns>The inverse matrix.</returns>
    public Magnification Inverse()
    {
        var d = Determinant;
        return new Magnification(M11 / d, -M01 / d, -M10 / d, M00 / d);
    }

    /// <summary>The specimen's frequency that an image's frequency shows.</summary>
    /// <param name="kx">Along x.</param>
    /// <param name="ky">Along y.</param>
    /// <returns>M k.</returns>
    public (double X, double Y) Apply(double kx, double ky) => ((M00 * kx) + (M01 * ky), (M10 * kx) + (M11 * ky));

    /// <summary>A pose whose shift is in the image's plane, as files have it, with the shift in the specimen's: the inverse of the transpose.</summary>
    /// <param name="pose">With ShiftX and ShiftY as seen on the detector, angstrom.</param>
    /// <returns>The pose as projectors and scorers take it.</returns>
    public Pose ToSpecimen(Pose pose)
    {
        var i = Inverse();
        return pose with { ShiftX = (i.M00 * pose.ShiftX) + (i.M10 * pose.ShiftY), ShiftY = (i.M01 * pose.ShiftX) + (i.M11 * pose.ShiftY) };
    }

    /// <summary>The inverse of <see cref="ToSpecimen"/>.</summary>
    /// <param name="pose">With the shift in the specimen's plane, angstrom.</param>
    /// <returns>The pose as files have it.</returns>
    public Pose ToImage(Pose pose) =>
        pose with { ShiftX = (M00 * pose.ShiftX) + (M10 * pose.ShiftY), ShiftY = (M01 * pose.ShiftX) + (M11 * pose.ShiftY) };
}
