using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>A moving domain.</summary>
internal sealed record MotionDomain : IRecord
{
    public required string Name { get; init; }

    public required string Atoms { get; init; }

    public MotionHinge? Hinge { get; init; }

    [JsonPropertyName("jitter_deg")]
    public double JitterDegrees { get; init; }

    [JsonPropertyName("jitter_A")]
    public double JitterAngstrom { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["jitter_deg"].NotNegative(JitterDegrees);
        check["jitter_A"].NotNegative(JitterAngstrom);
        check["hinge"].Maybe(Hinge);
    }
}
