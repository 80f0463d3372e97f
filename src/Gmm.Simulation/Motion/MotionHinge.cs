using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>A hinge: where, and how far.</summary>
internal sealed record MotionHinge : IRecord
{
    /// <summary>Residues whose centre is the hinge.</summary>
    public string? Residues { get; init; }

    /// <summary>The hinge: x, y, z, angstrom, in the frame of the model.</summary>
    public double[]? Point { get; init; }

    /// <summary>The axis; without it the one in the plane of x and y about which the domain goes to and from the z axis.</summary>
    public double[]? Axis { get; init; }

    /// <summary>Standard deviation of a normal angle.</summary>
    [JsonPropertyName("sd_deg")]
    public double SdDegrees { get; init; }

    /// <summary>Uniform angle between minus and plus this.</summary>
    [JsonPropertyName("range_deg")]
    public double RangeDegrees { get; init; }

    /// <summary>Straight distance between the two extremes of the atom farthest from the axis; the angle is uniform between them.</summary>
    [JsonPropertyName("range_A")]
    public double RangeAngstrom { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        foreach (var (vector, name) in new[] { (Point, "point"), (Axis, "axis") })
        {
            if (vector is not null)
            {
                check[name].Count(vector.Length, 3);
                check[name].AllFinite(vector);
            }
        }

        check["sd_deg"].NotNegative(SdDegrees);
        check["range_deg"].NotNegative(RangeDegrees);
        check["range_A"].NotNegative(RangeAngstrom);
    }
}
