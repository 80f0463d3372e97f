namespace Gmm.Core;

/// <summary>The logarithm of a rotation and its derivative.</summary>
internal static class RotationVector
{
    /// <summary>Axis times angle of a rotation, the inverse of <see cref="Rotation.FromRotationVector"/> for angles below pi.</summary>
    public static (double X, double Y, double Z) Of(in Rotation r)
    {
        Angle(r, out var twiceSine, out var twiceCosine);
        return Of(r, Math.Atan2(twiceSine, twiceCosine));
    }

    /// <summary>Twice the sine and the cosine of a rotation's angle, for an arctangent that is made otherwise.</summary>
    public static void Angle(in Rotation r, out double twiceSine, out double twiceCosine)
    {
        double x = r.M21 - r.M12, y = r.M02 - r.M20, z = r.M10 - r.M01;
        twiceSine = Math.Sqrt((x * x) + (y * y) + (z * z));
        twiceCosine = r.M00 + r.M11 + r.M22 - 1;
    }

    /// <summary>Axis times angle, where the angle is known.</summary>
    public static (double X, double Y, double Z) Of(in Rotation r, double angle)
    {
        double x = r.M21 - r.M12, y = r.M02 - r.M20, z = r.M10 - r.M01;
        Angle(r, out var twiceSine, out var twiceCosine);
        if (twiceCosine < -1.9)
        {
            // Near half a turn the difference of the matrix and its transpose says little of the axis.
            (x, y, z) = AxisFromSum(r, (x, y, z));
            return (angle * x, angle * y, angle * z);
        }

        // Near no rotation sine and angle are the same.
        var scale = twiceSine < 1e-9 ? 0.5 : angle / twiceSine;
        return (scale * x, scale * y, scale * z);
    }

    /// <summary>The axis from the sum of the matrix and its transpose, (1 - cos) a a^T + cos: its greatest column, with the sign of the difference.</summary>
    private static (double X, double Y, double Z) AxisFromSum(in Rotation r, (double X, double Y, double Z) difference)
    {
        var cosine = (r.M00 + r.M11 + r.M22 - 1) / 2;
        (double X, double Y, double Z) a = r.M00 >= r.M11 && r.M00 >= r.M22 ? (r.M00 - cosine, (r.M01 + r.M10) / 2, (r.M02 + r.M20) / 2)
            : r.M11 >= r.M22 ? ((r.M01 + r.M10) / 2, r.M11 - cosine, (r.M12 + r.M21) / 2)
            : ((r.M02 + r.M20) / 2, (r.M12 + r.M21) / 2, r.M22 - cosine);
        var length = Math.Sqrt((a.X * a.X) + (a.Y * a.Y) + (a.Z * a.Z));
        var sign = (a.X * difference.X) + (a.Y * difference.Y) + (a.Z * difference.Z) < 0 ? -1 : 1;
        return (sign * a.X / length, sign * a.Y / length, sign * a.Z / length);
    }

    /// <summary>
    /// d log(exp(e) exp(w)) / de at e = 0: I - [w]/2 + (1/t^2 - (1 + cos t) / (2 t sin t)) [w]^2, t = |w|; into the upper left of a matrix.
    /// </summary>
    public static void InverseLeftJacobian(double x, double y, double z, Span<double> matrix, int stride)
    {
        var t = Math.Sqrt((x * x) + (y * y) + (z * z));
        var m = InverseLeftJacobian(x, y, z, Math.Sin(t), Math.Cos(t));
        (matrix[0], matrix[1], matrix[2]) = (m.M00, m.M01, m.M02);
        (matrix[stride], matrix[stride + 1], matrix[stride + 2]) = (m.M10, m.M11, m.M12);
        (matrix[2 * stride], matrix[(2 * stride) + 1], matrix[(2 * stride) + 2]) = (m.M20, m.M21, m.M22);
    }

    /// <summary>The same as nine numbers, which are no rotation, where sine and cosine of t are made otherwise.</summary>
    public static Rotation InverseLeftJacobian(double x, double y, double z, double sine, double cosine)
    {
        double t2 = (x * x) + (y * y) + (z * z), t = Math.Sqrt(t2);
        var c = t < 1e-3 ? (1 + (t2 / 60)) / 12 : (1 / t2) - ((1 + cosine) / (2 * t * sine));
        return Rotation.Rodrigues(x, y, z, -0.5, c);
    }
}
