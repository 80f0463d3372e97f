using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>One independent rigid motion of a focused region, strongest first: a rotation about the region's centre together with a shift of it.</summary>
internal sealed record MotionMode : IRecord
{
    private const int M = RigidMotionPrior.Parameters;

    /// <summary>Root mean square movement of the region's mass by this mode, angstrom.</summary>
    [JsonPropertyName("rms_A")]
    public required double RmsAngstrom { get; init; }

    /// <summary>Root mean square angle, degrees.</summary>
    [JsonPropertyName("rotation_deg")]
    public required double RotationDegrees { get; init; }

    /// <summary>Axis of the rotation in the map's frame, a unit vector.</summary>
    public required double[] Axis { get; init; }

    /// <summary>Root mean square shift of the centre, angstrom.</summary>
    [JsonPropertyName("shift_A")]
    public required double ShiftAngstrom { get; init; }

    /// <summary>Direction of the shift in the map's frame, a unit vector; its sign goes with that of the axis.</summary>
    public required double[] Direction { get; init; }

    /// <summary>The independent modes of a motion, strongest first.</summary>
    /// <param name="motion">The motion's distribution.</param>
    /// <param name="region">Tells how far a rotation moves the region.</param>
    internal static MotionMode[] Of(RigidMotionPrior motion, FocusRegion region)
    {
        // In the metric of the mean squared movement, |x|^2 = w'Jw + s's, the eigenvectors are independent motions measured in angstrom.
        var (values, vectors) = SymmetricEigen.Decompose(region.Inertia, 3);
        double[] root = new double[M * M], inverse = new double[M * M];
        for (var i = 0; i < 3; i++)
        {
            root[(i + 3) * (M + 1)] = inverse[(i + 3) * (M + 1)] = 1;
            for (var j = 0; j < 3; j++)
            {
                for (var k = 0; k < 3; k++)
                {
                    var length = Math.Sqrt(Math.Max(values[k], 1));
                    root[(i * M) + j] += vectors[(k * 3) + i] * length * vectors[(k * 3) + j];
                    inverse[(i * M) + j] += vectors[(k * 3) + i] / length * vectors[(k * 3) + j];
                }
            }
        }

        var (variances, modes) = SymmetricEigen.Decompose(SmallMatrix.Sandwich(root, motion.Covariance, M, M), M);
        return [.. Enumerable.Range(0, M)
            .Select(i => Mode(Math.Sqrt(Math.Max(0, variances[i])), SmallMatrix.Multiply(inverse, modes.AsSpan(i * M, M), M, M, 1)))];
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["rms_A"].NotNegative(RmsAngstrom);
        check["rotation_deg"].NotNegative(RotationDegrees);
        check["shift_A"].NotNegative(ShiftAngstrom);
        foreach (var (vector, name) in new[] { (Axis, "axis"), (Direction, "direction") })
        {
            check[name].Count(vector.Length, 3);
            check[name].AllFinite(vector);
        }
    }

    private static MotionMode Mode(double rms, double[] x)
    {
        var (angle, axis) = Split(x.AsSpan(0, 3));
        var (length, direction) = Split(x.AsSpan(3, 3));
        return new MotionMode
        {
            RmsAngstrom = rms,
            RotationDegrees = rms * angle * (180 / Math.PI),
            Axis = axis,
            ShiftAngstrom = rms * length,
            Direction = direction,
        };
    }

    private static (double Length, double[] Unit) Split(ReadOnlySpan<double> v)
    {
        var length = Math.Sqrt((v[0] * v[0]) + (v[1] * v[1]) + (v[2] * v[2]));
        return length > 0 ? (length, [v[0] / length, v[1] / length, v[2] / length]) : (0, [0, 0, 0]);
    }
}
