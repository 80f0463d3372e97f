using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>One point of the trajectory.</summary>
/// <param name="Point">The point, from 1.</param>
/// <param name="Scores">The halves' scores at it, component by component.</param>
/// <param name="Particles">Particles nearest to it in its maps.</param>
/// <param name="Resolution">Where the unmasked FSC of its maps falls below 0.143; null without maps or resolution.</param>
/// <param name="Agreement">How well the halves agree at it; null without maps.</param>
internal sealed record LandscapePoint(
    int Point,
    [property: JsonPropertyName("scores_A")] HalfPair<double[]> Scores,
    int Particles,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution,
    LandscapeAgreement? Agreement = null) : IRecord
{
    void IRecord.Validate(RecordCheck check)
    {
        check["point"].Positive(Point);
        check["particles"].NotNegative(Particles);
        check["resolution_0143_A"].PositiveOrNull(Resolution);
        foreach (var (scores, half) in new[] { (Scores.Half1, "half1"), (Scores.Half2, "half2") })
        {
            check["scores_A"][half].AllFinite(check["scores_A"][half].Some(scores));
        }
    }
}
