using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

[Properties(Arbitrary = [typeof(GmmArbitraries)])]
public class RotationTests
{
    private const double Degree = Math.PI / 180;

    // Passive rotations, as RELION's: the axes turn and the point stays.
    [Property]
    public bool Euler_angles_are_the_product_of_three_elementary_matrices(EulerAngles e) =>
        Near(Product(AboutZ(e.PsiDegrees), Product(AboutY(e.TiltDegrees), AboutZ(e.RotDegrees))), Rotation.FromEuler(e), 1e-14);

    [Property]
    public bool Euler_angles_come_back(EulerAngles e)
    {
        var back = Rotation.FromEuler(e).ToEuler();
        var pole = e.TiltDegrees is 0 or 180;
        return back.TiltDegrees is >= 0 and <= 180
            && Near(Matrix(Rotation.FromEuler(e)), Rotation.FromEuler(back), 1e-12)
            && (!pole || back.RotDegrees == 0)
            && (pole || (SameAngle(back.RotDegrees, e.RotDegrees) && SameAngle(back.TiltDegrees, e.TiltDegrees) && SameAngle(back.PsiDegrees, e.PsiDegrees)));
    }

    [Theory]
    [InlineData(10, 0, 20, 30)]
    [InlineData(10, 180, 20, 10)]
    [InlineData(-170, 0, -100, 90)]
    public void At_the_poles_psi_takes_up_rot(double rot, double tilt, double psi, double expected)
    {
        var e = Rotation.FromEuler(new EulerAngles(rot, tilt, psi)).ToEuler();
        Assert.Equal(0, e.RotDegrees);
        Assert.Equal(tilt, e.TiltDegrees);
        Assert.Equal(expected, e.PsiDegrees, 1e-9);
    }

    [Theory]
    [InlineData(1e-5)]
    [InlineData(1e-7)]
    [InlineData(179.99999)]
    public void Close_to_the_poles_the_matrix_comes_back(double tilt)
    {
        var a = Rotation.FromEuler(new EulerAngles(33, tilt, -71));
        Assert.True(Near(Matrix(a), Rotation.FromEuler(a.ToEuler()), 2e-9));
    }

    [Fact]
    public void A_negative_tilt_comes_back_as_a_positive_one()
    {
        var e = Rotation.FromEuler(new EulerAngles(20, -30, 50)).ToEuler();
        Assert.Equal(-160, e.RotDegrees, 1e-9);
        Assert.Equal(30, e.TiltDegrees, 1e-9);
        Assert.Equal(-130, e.PsiDegrees, 1e-9);
    }

    [Property]
    public bool A_rotation_vector_is_the_exponential_of_its_cross_product_matrix(RotationStep v)
    {
        double[,] w = { { 0, -v.Z, v.Y }, { v.Z, 0, -v.X }, { -v.Y, v.X, 0 } };
        double[,] sum = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, term = sum;
        for (var n = 1; n < 60; n++)
        {
            term = Product(term, w);
            sum = (double[,])sum.Clone();
            for (var i = 0; i < 9; i++)
            {
                term[i / 3, i % 3] /= n;
                sum[i / 3, i % 3] += term[i / 3, i % 3];
            }
        }

        return Near(sum, Rotation.FromRotationVector(v.X, v.Y, v.Z), 1e-13);
    }

    [Property]
    public bool A_quaternion_of_half_the_angle_is_the_same_rotation(RotationStep v)
    {
        var angle = Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z));
        var s = angle == 0 ? 0 : Math.Sin(angle / 2) / angle;
        var q = Rotation.FromQuaternion(7 * Math.Cos(angle / 2), 7 * s * v.X, 7 * s * v.Y, 7 * s * v.Z);
        return Near(Matrix(q), Rotation.FromRotationVector(v.X, v.Y, v.Z), 1e-13);
    }

    [Property]
    public bool Rotations_are_orthonormal_and_proper(EulerAngles e, RotationStep v) =>
        IsRotation(Rotation.FromEuler(e), 1e-14) && IsRotation(Rotation.FromRotationVector(v.X, v.Y, v.Z), 1e-14);

    [Property]
    public bool Composition_applies_the_right_one_first(EulerAngles a, EulerAngles b, RotationStep v)
    {
        Rotation first = Rotation.FromEuler(b), last = Rotation.FromEuler(a);
        var (x, y, z) = first.Apply(v.X, v.Y, v.Z);
        var expected = last.Apply(x, y, z);
        var found = (last * first).Apply(v.X, v.Y, v.Z);
        return Near(Product(Matrix(last), Matrix(first)), last * first, 1e-15)
            && Math.Abs(found.X - expected.X) + Math.Abs(found.Y - expected.Y) + Math.Abs(found.Z - expected.Z) < 1e-13
            && Near(Matrix(Rotation.Identity), last * last.Transpose(), 1e-14);
    }

    [Property]
    public bool The_angle_between_rotations_is_that_of_the_step(EulerAngles e, RotationStep v)
    {
        var a = Rotation.FromEuler(e);
        var b = Rotation.FromRotationVector(v.X, v.Y, v.Z) * a;
        var angle = Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z)) % (2 * Math.PI);
        angle = Math.Min(angle, (2 * Math.PI) - angle);

        // Near pi the sine is small and so is its accuracy.
        return Math.Abs(b.AngleTo(a) - angle) < 1e-14 + (1e-9 * angle) && Math.Abs(a.AngleTo(b) - b.AngleTo(a)) < 1e-14;
    }

    [Fact]
    public void Half_a_turn_is_pi() => Assert.Equal(Math.PI, Rotation.FromRotationVector(0, Math.PI, 0).AngleTo(Rotation.Identity), 1e-12);

    [Fact]
    public void Orthonormalisation_removes_drift()
    {
        var a = Rotation.FromEuler(new EulerAngles(10, 50, 70));
        var drifted = new Rotation(
            a.M00 + 1e-6, a.M01, a.M02 - 1e-6, a.M10, a.M11 + 2e-6, a.M12, a.M20 - 1e-6, a.M21, a.M22);
        Assert.False(IsRotation(drifted, 1e-8));
        Assert.True(IsRotation(drifted.Orthonormalized(), 1e-11));
        Assert.True(Near(Matrix(a), drifted.Orthonormalized(), 4e-6));
    }

    [Fact]
    public void Equality_is_of_all_elements()
    {
        var a = Rotation.FromEuler(new EulerAngles(10, 50, 70));
        Assert.True(a == Rotation.FromEuler(new EulerAngles(10, 50, 70)));
        Assert.True(a != Rotation.Identity);
        Assert.Equal(a.GetHashCode(), Rotation.FromEuler(new EulerAngles(10, 50, 70)).GetHashCode());
        Assert.Equal("rot 10.0000 tilt 50.0000 psi 70.0000", a.ToString());
    }

    internal static double[,] Matrix(Rotation r) => new[,] { { r.M00, r.M01, r.M02 }, { r.M10, r.M11, r.M12 }, { r.M20, r.M21, r.M22 } };

    internal static bool Near(double[,] expected, Rotation found, double tolerance)
    {
        var m = Matrix(found);
        return Enumerable.Range(0, 9).All(i => Math.Abs(expected[i / 3, i % 3] - m[i / 3, i % 3]) < tolerance);
    }

    internal static bool IsRotation(Rotation r, double tolerance)
    {
        var m = Matrix(r);
        var transposed = Matrix(r.Transpose());
        var determinant = (r.M00 * ((r.M11 * r.M22) - (r.M12 * r.M21))) - (r.M01 * ((r.M10 * r.M22) - (r.M12 * r.M20)))
            + (r.M02 * ((r.M10 * r.M21) - (r.M11 * r.M20)));
        var product = Product(m, transposed);
        return Math.Abs(determinant - 1) < 3 * tolerance && Near(product, Rotation.Identity, tolerance);
    }

    private static double[,] AboutZ(double degrees)
    {
        double c = Math.Cos(degrees * Degree), s = Math.Sin(degrees * Degree);
        return new[,] { { c, s, 0 }, { -s, c, 0 }, { 0, 0, 1 } };
    }

    private static double[,] AboutY(double degrees)
    {
        double c = Math.Cos(degrees * Degree), s = Math.Sin(degrees * Degree);
        return new[,] { { c, 0, -s }, { 0, 1, 0 }, { s, 0, c } };
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[3, 3];
        for (var i = 0; i < 27; i++)
        {
            product[i / 9, i / 3 % 3] += a[i / 9, i % 3] * b[i % 3, i / 3 % 3];
        }

        return product;
    }

    private static bool SameAngle(double a, double b) => Math.Abs(Math.IEEERemainder(a - b, 360)) < 1e-8;
}
