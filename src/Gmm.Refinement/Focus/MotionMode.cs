using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>One independent rigid motion of a focused region, strongest first: a rotation about the region's centre together with a shift of it.</summary>
public sealed record MotionMode : IRecord
{
    /// <summary>Root mean square movement of the region's mass by this mode, angstrom.</summary>
    [JsonPropertyName("rms_A")]
    public required double RmsAngstrom { get; init; }

    /// <summary>Root mean square angle, degrees.</summary>
    [JsonPropertyName("rotation_deg")]
    public required double RotationDegrees { get; init; }

    /// <summary>Axis of the rotation in the map's frame, a unit vector.</summary>
    [JsonPropertyName("axis")]
    public required double[] Axis { get; init; }

    /// <summary>Root mean square shift of the centre, angstrom.</summary>
    [JsonPropertyName("shift_A")]
    public required double ShiftAngstrom { get; init; }

    /// <summary>Direction of the shift in the map's frame, a unit vector; its sign goes with that of the axis.</summary>
    [JsonPropertyName("direction")]
    public required double[] Direction { get; init; }

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
}
