using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>One half in the result of landscape.</summary>
/// <param name="Half">The half, 1 or 2.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="ComponentRms">Root mean square movement along each component.</param>
/// <param name="ComponentShare">Each component's share of the motion.</param>
/// <param name="Match">Likeness of each component to half 1's; null for half 1.</param>
/// <param name="ClusterSizes">Particles of each cluster; null without clusters.</param>
internal sealed record LandscapeHalf(
    int Half,
    int Particles,
    [property: JsonPropertyName("component_rms_A")] double[] ComponentRms,
    double[] ComponentShare,
    [property: JsonPropertyName("match_to_half1")] double[]? Match,
    int[]? ClusterSizes) : IRecord
{
    void IRecord.Validate(RecordCheck check)
    {
        check["half"].Within(Half, 1, 2);
        check["particles"].NotNegative(Particles);
        check["component_rms_A"].AllFinite(ComponentRms);
        check["component_share"].Count(ComponentShare.Length, ComponentRms.Length);
        check["component_share"].AllFinite(ComponentShare);
    }
}
