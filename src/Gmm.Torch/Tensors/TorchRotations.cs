using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Rotations and poses as tensors, with the conventions of <see cref="Rotation"/> and <see cref="Pose"/>. Differentiable.</summary>
public static class TorchRotations
{
    /// <summary>RELION's matrices of Euler angles; see <see cref="Rotation.FromEuler"/>.</summary>
    /// <param name="degrees">[B, 3]: rot, tilt, psi in degrees; Float32 or Float64.</param>
    /// <returns>[B, 3, 3].</returns>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    public static Tensor FromEuler(Tensor degrees)
    {
        TensorChecks.Real(degrees, nameof(degrees));
        TensorChecks.Check(degrees, nameof(degrees), [TensorChecks.Any, 3], "[B, 3]", null, null);
        using var scope = NewDisposeScope();
        var radians = degrees * (Math.PI / 180);
        Tensor sin = radians.sin(), cos = radians.cos();
        Tensor sa = sin.select(1, 0), sb = sin.select(1, 1), sg = sin.select(1, 2);
        Tensor ca = cos.select(1, 0), cb = cos.select(1, 1), cg = cos.select(1, 2);
        Tensor cc = cb * ca, cs = cb * sa;
        var matrix = stack(
            [
                (cg * cc) - (sg * sa), (cg * cs) + (sg * ca), -(cg * sb),
                -(sg * cc) - (cg * sa), -(sg * cs) + (cg * ca), sg * sb,
                sb * ca, sb * sa, cb,
            ],
            1);
        return matrix.reshape(-1, 3, 3).MoveToOuterDisposeScope();
    }

    /// <summary>The rotations about axes by angles, right-handed and active; see <see cref="Rotation.FromRotationVector"/>.</summary>
    /// <param name="vectors">[B, 3]: axis times angle, radians; Float32 or Float64.</param>
    /// <returns>[B, 3, 3].</returns>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    public static Tensor FromRotationVector(Tensor vectors)
    {
        TensorChecks.Real(vectors, nameof(vectors));
        TensorChecks.Check(vectors, nameof(vectors), [TensorChecks.Any, 3], "[B, 3]", null, null);
        using var scope = NewDisposeScope();
        var square = vectors.square().sum(1);
        var small = square < 1e-8;
        // The unused branch of where() must not be 0/0: its gradient would be NaN all the same.
        var safe = where(small, ones_like(square), square);
        var angle = safe.sqrt();
        var a = where(small, 1 - (square / 6), angle.sin() / angle).reshape(-1, 1, 1);
        var b = where(small, 0.5 - (square / 24), (1 - angle.cos()) / safe).reshape(-1, 1, 1);
        var cross = Cross(vectors);
        var unit = eye(3, dtype: vectors.dtype, device: vectors.device);
        return (unit + (a * cross) + (b * bmm(cross, cross))).MoveToOuterDisposeScope();
    }

    /// <summary>Axes times angles of rotations, the inverse of <see cref="FromRotationVector"/> for angles well below pi.</summary>
    /// <param name="rotations">[B, 3, 3] Float64.</param>
    /// <returns>[B, 3], radians.</returns>
    internal static Tensor ToRotationVector(Tensor rotations)
    {
        using var scope = NewDisposeScope();
        var difference = rotations - rotations.transpose(1, 2);
        var twice = stack([difference.select(1, 2).select(1, 1), difference.select(1, 0).select(1, 2), difference.select(1, 1).select(1, 0)], 1);
        var square = twice.square().sum(1, true);
        var small = square < 1e-18;
        var sine = where(small, ones_like(square), square).sqrt();
        var cosine = (rotations.diagonal(0, 1, 2).sum(1) - 1).unsqueeze(1);
        // Near no rotation sine and angle are the same.
        return (twice * where(small, full_like(sine, 0.5), sine.atan2(cosine) / sine)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// d log(exp(e) exp(w)) / de at e = 0: I - [w]/2 + (1/t^2 - (1 + cos t) / (2 t sin t)) [w]^2, t = |w|.
    /// </summary>
    /// <param name="vectors">[B, 3], radians.</param>
    /// <returns>[B, 3, 3].</returns>
    internal static Tensor InverseLeftJacobian(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var square = vectors.square().sum(1).reshape(-1, 1, 1);
        var small = square < 1e-6;
        var safe = where(small, ones_like(square), square);
        var t = safe.sqrt();
        var c = where(small, (1 + (square / 60)) / 12, (1 / safe) - ((1 + t.cos()) / (2 * t * t.sin())));
        var cross = Cross(vectors);
        var unit = eye(3, dtype: vectors.dtype, device: vectors.device);
        return (unit - (cross * 0.5) + (c * bmm(cross, cross))).MoveToOuterDisposeScope();
    }

    /// <summary>The rotation matrices of poses.</summary>
    /// <param name="poses">B poses.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <returns>[B, 3, 3].</returns>
    public static Tensor Rotations(IReadOnlyList<Pose> poses, Device? device = null, ScalarType dtype = ScalarType.Float64)
    {
        ArgumentNullException.ThrowIfNull(poses);
        var values = new double[9 * poses.Count];
        for (var b = 0; b < poses.Count; b++)
        {
            var m = poses[b].Rotation;
            ReadOnlySpan<double> row = [m.M00, m.M01, m.M02, m.M10, m.M11, m.M12, m.M20, m.M21, m.M22];
            row.CopyTo(values.AsSpan(9 * b));
        }

        using var scope = NewDisposeScope();
        return TensorMemory.Write(values, [poses.Count, 3, 3], device ?? CPU).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The Euler angles of poses, degrees.</summary>
    /// <param name="poses">B poses.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <returns>[B, 3]: rot, tilt, psi.</returns>
    public static Tensor EulerDegrees(IReadOnlyList<Pose> poses, Device? device = null, ScalarType dtype = ScalarType.Float64)
    {
        ArgumentNullException.ThrowIfNull(poses);
        var values = new double[3 * poses.Count];
        for (var b = 0; b < poses.Count; b++)
        {
            var e = poses[b].Rotation.ToEuler();
            (values[3 * b], values[(3 * b) + 1], values[(3 * b) + 2]) = (e.RotDegrees, e.TiltDegrees, e.PsiDegrees);
        }

        using var scope = NewDisposeScope();
        return TensorMemory.Write(values, [poses.Count, 3], device ?? CPU).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The shifts of poses, angstrom.</summary>
    /// <param name="poses">B poses.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <returns>[B, 2].</returns>
    public static Tensor Shifts(IReadOnlyList<Pose> poses, Device? device = null, ScalarType dtype = ScalarType.Float64)
    {
        ArgumentNullException.ThrowIfNull(poses);
        var values = new double[2 * poses.Count];
        for (var b = 0; b < poses.Count; b++)
        {
            (values[2 * b], values[(2 * b) + 1]) = (poses[b].ShiftX, poses[b].ShiftY);
        }

        using var scope = NewDisposeScope();
        return TensorMemory.Write(values, [poses.Count, 2], device ?? CPU).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Poses of tensors on any device.</summary>
    /// <param name="rotations">[B, 3, 3].</param>
    /// <param name="shifts">[B, 2], angstrom.</param>
    /// <returns>B poses, their rotations made orthonormal.</returns>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public static Pose[] ToPoses(Tensor rotations, Tensor shifts)
    {
        TensorChecks.Check(rotations, nameof(rotations), [TensorChecks.Any, 3, 3], "[B, 3, 3]", null, null);
        TensorChecks.Check(shifts, nameof(shifts), [rotations.shape[0], 2], "[B, 2]", null, null);
        using var scope = NewDisposeScope();
        double[] m = TensorMemory.Read<double>(rotations.to(ScalarType.Float64)), t = TensorMemory.Read<double>(shifts.to(ScalarType.Float64));
        var poses = new Pose[rotations.shape[0]];
        for (var b = 0; b < poses.Length; b++)
        {
            var r = m.AsSpan(9 * b, 9);
            poses[b] = new Pose(new Rotation(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8]).Orthonormalized(), t[2 * b], t[(2 * b) + 1]);
        }

        return poses;
    }

    /// <summary>[B, 3, 3]: the matrices of the products w x.</summary>
    private static Tensor Cross(Tensor vectors)
    {
        Tensor x = vectors.select(1, 0), y = vectors.select(1, 1), z = vectors.select(1, 2), o = zeros_like(x);
        return stack([o, -z, y, z, o, -x, -y, x, o], 1).reshape(-1, 3, 3);
    }
}
