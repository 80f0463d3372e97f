namespace Gmm.Core;

/// <summary>
/// A rotation in three dimensions: RELION's matrix A, which takes a point of the structure to the frame of the image.
/// </summary>
/// <remarks>
/// A point r of the structure (angstrom from the box centre) is seen at the first two rows of A r. The matrix is
/// A = Rz(psi) Ry(tilt) Rz(rot) in passive form, as RELION's <c>Euler_angles2matrix</c> has it.
/// The default value is not a rotation; use <see cref="Identity"/>.
/// </remarks>
public readonly struct Rotation : IEquatable<Rotation>
{
    /// <summary>Makes a rotation from the nine elements of its matrix, row by row. They are taken as they are.</summary>
    /// <param name="m00">Row 0, column 0.</param>
    /// <param name="m01">Row 0, column 1.</param>
    /// <param name="m02">Row 0, column 2.</param>
    /// <param name="m10">Row 1, column 0.</param>
    /// <param name="m11">Row 1, column 1.</param>
    /// <param name="m12">Row 1, column 2.</param>
    /// <param name="m20">Row 2, column 0.</param>
    /// <param name="m21">Row 2, column 1.</param>
    /// <param name="m22">Row 2, column 2.</param>
    public Rotation(double m00, double m01, double m02, double m10, double m11, double m12, double m20, double m21, double m22)
    {
        M00 = m00;
        M01 = m01;
        M02 = m02;
        M10 = m10;
        M11 = m11;
        M12 = m12;
        M20 = m20;
        M21 = m21;
        M22 = m22;
    }

    /// <summary>The rotation that changes nothing.</summary>
    public static Rotation Identity => new(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /// <summary>Matrix element, row 0, column 0.</summary>
    public double M00 { get; }

    /// <summary>Matrix element, row 0, column 1.</summary>
    public double M01 { get; }

    /// <summary>Matrix element, row 0, column 2.</summary>
    public double M02 { get; }

    /// <summary>Matrix element, row 1, column 0.</summary>
    public double M10 { get; }

    /// <summary>Matrix element, row 1, column 1.</summary>
    public double M11 { get; }

    /// <summary>Matrix element, row 1, column 2.</summary>
    public double M12 { get; }

    /// <summary>Matrix element, row 2, column 0.</summary>
    public double M20 { get; }

    /// <summary>Matrix element, row 2, column 1.</summary>
    public double M21 { get; }

    /// <summary>Matrix element, row 2, column 2.</summary>
    public double M22 { get; }

    /// <summary>Composes two rotations: (a * b) applied to a point is a applied to (b applied to it).</summary>
    /// <param name="a">The rotation applied last.</param>
    /// <param name="b">The rotation applied first.</param>
    /// <returns>The product of the matrices.</returns>
    public static Rotation operator *(in Rotation a, in Rotation b) => Multiply(a, b);

    /// <summary>Whether two rotations have the same matrix, element by element.</summary>
    /// <param name="left">One rotation.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if all nine elements are equal.</returns>
    public static bool operator ==(Rotation left, Rotation right) => left.Equals(right);

    /// <summary>Whether two rotations differ in any matrix element.</summary>
    /// <param name="left">One rotation.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if any element differs.</returns>
    public static bool operator !=(Rotation left, Rotation right) => !left.Equals(right);

    /// <summary>Composes two rotations; see the operator.</summary>
    /// <param name="a">The rotation applied last.</param>
    /// <param name="b">The rotation applied first.</param>
    /// <returns>The product of the matrices.</returns>
    public static Rotation Multiply(in Rotation a, in Rotation b) => new(
        (a.M00 * b.M00) + (a.M01 * b.M10) + (a.M02 * b.M20),
        (a.M00 * b.M01) + (a.M01 * b.M11) + (a.M02 * b.M21),
        (a.M00 * b.M02) + (a.M01 * b.M12) + (a.M02 * b.M22),
        (a.M10 * b.M00) + (a.M11 * b.M10) + (a.M12 * b.M20),
        (a.M10 * b.M01) + (a.M11 * b.M11) + (a.M12 * b.M21),
        (a.M10 * b.M02) + (a.M11 * b.M12) + (a.M12 * b.M22),
        (a.M20 * b.M00) + (a.M21 * b.M10) + (a.M22 * b.M20),
        (a.M20 * b.M01) + (a.M21 * b.M11) + (a.M22 * b.M21),
        (a.M20 * b.M02) + (a.M21 * b.M12) + (a.M22 * b.M22));

    /// <summary>RELION's matrix of three Euler angles (<c>Euler_angles2matrix</c>).</summary>
    /// <param name="angles">The angles, in degrees.</param>
    /// <returns>The rotation.</returns>
    public static Rotation FromEuler(EulerAngles angles)
    {
        var (sa, ca) = Math.SinCos(angles.RotDegrees * (Math.PI / 180));
        var (sb, cb) = Math.SinCos(angles.TiltDegrees * (Math.PI / 180));
        var (sg, cg) = Math.SinCos(angles.PsiDegrees * (Math.PI / 180));
        double cc = cb * ca, cs = cb * sa, sc = sb * ca, ss = sb * sa;
        return new Rotation(
            (cg * cc) - (sg * sa), (cg * cs) + (sg * ca), -cg * sb,
            (-sg * cc) - (cg * sa), (-sg * cs) + (cg * ca), sg * sb,
            sc, ss, cb);
    }

    /// <summary>The rotation about an axis by an angle (Rodrigues), right-handed and active: exp of the cross-product matrix.</summary>
    /// <param name="x">X component of axis times angle, radians.</param>
    /// <param name="y">Y component of axis times angle, radians.</param>
    /// <param name="z">Z component of axis times angle, radians.</param>
    /// <returns>The rotation.</returns>
    public static Rotation FromRotationVector(double x, double y, double z)
    {
        double t2 = (x * x) + (y * y) + (z * z), t = Math.Sqrt(t2);
        // Series near zero keeps full precision where sin(t)/t would be 0/0.
        return Rodrigues(x, y, z, t < 1e-4 ? 1 - (t2 / 6) : Math.Sin(t) / t, t < 1e-4 ? 0.5 - (t2 / 24) : (1 - Math.Cos(t)) / t2);
    }

    /// <summary>The same from a = sin(t) / t and b = (1 - cos t) / t^2 of the angle t: 1 + a [w] + b [w]^2, where sine and cosine are made otherwise.</summary>
    internal static Rotation Rodrigues(double x, double y, double z, double a, double b) => new(
        1 - (b * ((y * y) + (z * z))), (b * x * y) - (a * z), (b * x * z) + (a * y),
        (b * x * y) + (a * z), 1 - (b * ((x * x) + (z * z))), (b * y * z) - (a * x),
        (b * x * z) - (a * y), (b * y * z) + (a * x), 1 - (b * ((x * x) + (y * y))));

    /// <summary>The rotation of a unit quaternion; the quaternion is normalised first.</summary>
    /// <param name="w">Scalar part.</param>
    /// <param name="x">X part.</param>
    /// <param name="y">Y part.</param>
    /// <param name="z">Z part.</param>
    /// <returns>The rotation.</returns>
    public static Rotation FromQuaternion(double w, double x, double y, double z)
    {
        var s = 2 / ((w * w) + (x * x) + (y * y) + (z * z));
        return new Rotation(
            1 - (s * ((y * y) + (z * z))), s * ((x * y) - (z * w)), s * ((x * z) + (y * w)),
            s * ((x * y) + (z * w)), 1 - (s * ((x * x) + (z * z))), s * ((y * z) - (x * w)),
            s * ((x * z) - (y * w)), s * ((y * z) + (x * w)), 1 - (s * ((x * x) + (y * y))));
    }

    /// <summary>The Euler angles of this rotation, tilt from 0 to 180 degrees; where tilt is 0 or 180, rot is 0.</summary>
    /// <returns>Angles that give this matrix again.</returns>
    public EulerAngles ToEuler()
    {
        const double deg = 180 / Math.PI;
        var sb = Math.Sqrt((M02 * M02) + (M12 * M12));
        if (sb > 1e-9)
        {
            return new EulerAngles(Math.Atan2(M21, M20) * deg, Math.Atan2(sb, M22) * deg, Math.Atan2(M12, -M02) * deg);
        }

        return M22 > 0
            ? new EulerAngles(0, 0, Math.Atan2(-M10, M00) * deg)
            : new EulerAngles(0, 180, Math.Atan2(M10, -M00) * deg);
    }

    /// <summary>The inverse rotation.</summary>
    /// <returns>The transposed matrix.</returns>
    public Rotation Transpose() => new(M00, M10, M20, M01, M11, M21, M02, M12, M22);

    /// <summary>Rotates a point.</summary>
    /// <param name="x">X of the point.</param>
    /// <param name="y">Y of the point.</param>
    /// <param name="z">Z of the point.</param>
    /// <returns>The rotated point, in the unit of the point.</returns>
    public (double X, double Y, double Z) Apply(double x, double y, double z) => (
        (M00 * x) + (M01 * y) + (M02 * z),
        (M10 * x) + (M11 * y) + (M12 * z),
        (M20 * x) + (M21 * y) + (M22 * z));

    /// <summary>The angle of the rotation that leads from one to the other (geodesic distance), accurate for small angles too.</summary>
    /// <param name="other">The other rotation.</param>
    /// <returns>Radians, 0 to pi.</returns>
    public double AngleTo(in Rotation other)
    {
        var d = this * other.Transpose();
        double x = d.M21 - d.M12, y = d.M02 - d.M20, z = d.M10 - d.M01;
        return Math.Atan2(Math.Sqrt((x * x) + (y * y) + (z * z)), d.M00 + d.M11 + d.M22 - 1);
    }

    /// <summary>The nearest exact rotation by one Newton step of the polar decomposition; removes rounding drift.</summary>
    /// <returns>An orthonormal matrix.</returns>
    public Rotation Orthonormalized()
    {
        // X <- X (3 I - X^T X) / 2: quadratic convergence for matrices that are nearly rotations.
        var g = Multiply(Transpose(), this);
        var c = new Rotation(
            1.5 - (0.5 * g.M00), -0.5 * g.M01, -0.5 * g.M02,
            -0.5 * g.M10, 1.5 - (0.5 * g.M11), -0.5 * g.M12,
            -0.5 * g.M20, -0.5 * g.M21, 1.5 - (0.5 * g.M22));
        return Multiply(this, c);
    }

    /// <inheritdoc/>
    public bool Equals(Rotation other) =>
        M00.Equals(other.M00) && M01.Equals(other.M01) && M02.Equals(other.M02)
        && M10.Equals(other.M10) && M11.Equals(other.M11) && M12.Equals(other.M12)
        && M20.Equals(other.M20) && M21.Equals(other.M21) && M22.Equals(other.M22);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rotation other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(M00, M01, M02, M10, M11, M20, M21, M22);

    /// <inheritdoc/>
    public override string ToString()
    {
        var e = ToEuler();
        return $"rot {e.RotDegrees:F4} tilt {e.TiltDegrees:F4} psi {e.PsiDegrees:F4}";
    }
}
