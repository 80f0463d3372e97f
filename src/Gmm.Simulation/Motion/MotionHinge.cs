using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>A hinge: where, and how far.</summary>
internal sealed record MotionHinge : IRecord
{
    public string? Residues { get; init; }

    public double[]? Point { get; init; }

    public double[]? Axis { get; init; }

    [JsonPropertyName("sd_deg")]
    public double SdDegrees { get; init; }

    [JsonPropertyName("range_deg")]
    public double RangeDegrees { get; init; }

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
