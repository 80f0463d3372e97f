using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>A moving domain.</summary>
internal sealed record MotionDomain : IRecord
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its atoms, as residues (A:1-50,B:7).</summary>
    public required string Atoms { get; init; }

    /// <summary>The hinge it turns about.</summary>
    public MotionHinge? Hinge { get; init; }

    /// <summary>Root mean square angle of a random rotation about the centroid.</summary>
    [JsonPropertyName("jitter_deg")]
    public double JitterDegrees { get; init; }

    /// <summary>Root mean square length of a random shift.</summary>
    [JsonPropertyName("jitter_A")]
    public double JitterAngstrom { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["jitter_deg"].NotNegative(JitterDegrees);
        check["jitter_A"].NotNegative(JitterAngstrom);
        check["hinge"].Maybe(Hinge);
    }
}
