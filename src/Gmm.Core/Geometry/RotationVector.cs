namespace Gmm.Core;

/// <summary>The logarithm of a rotation and its derivative.</summary>
internal static class RotationVector
{
    /// <summary>Axis times angle of a rotation, the inverse of <see cref="Rotation.FromRotationVector"/> for angles below pi.</summary>
    public static (double X, double Y, double Z) Of(in Rotation r)
    {
        double x = r.M21 - r.M12, y = r.M02 - r.M20, z = r.M10 - r.M01;
        var twiceSine = Math.Sqrt((x * x) + (y * y) + (z * z));
        var twiceCosine = r.M00 + r.M11 + r.M22 - 1;
        if (twiceCosine < -1.9)
        {
            // Near half a turn the difference of the matrix and its transpose says little of the axis.
            (x, y, z) = AxisFromSum(r, (x, y, z));
            var angle = Math.Atan2(twiceSine, twiceCosine);
            return (angle * x, angle * y, angle * z);
        }

        // Near no rotation sine and angle are the same.
        var scale = twiceSine < 1e-9 ? 0.5 : Math.Atan2(twiceSine, twiceCosine) / twiceSine;
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
        double t2 = (x * x) + (y * y) + (z * z), t = Math.Sqrt(t2);
        var c = t < 1e-3 ? (1 + (t2 / 60)) / 12 : (1 / t2) - ((1 + Math.Cos(t)) / (2 * t * Math.Sin(t)));
        matrix[0] = 1 - (c * ((y * y) + (z * z)));
        matrix[1] = (0.5 * z) + (c * x * y);
        matrix[2] = (-0.5 * y) + (c * x * z);
        matrix[stride] = (-0.5 * z) + (c * x * y);
        matrix[stride + 1] = 1 - (c * ((x * x) + (z * z)));
        matrix[stride + 2] = (0.5 * x) + (c * y * z);
        matrix[2 * stride] = (0.5 * y) + (c * x * z);
        matrix[(2 * stride) + 1] = (-0.5 * x) + (c * y * z);
        matrix[(2 * stride) + 2] = 1 - (c * ((x * x) + (y * y)));
    }
}
