using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What an iteration of a focused refinement found.</summary>
public sealed record FocusRecord : IRecord
{
    /// <summary>The motion that each half's particles show, each; null without the motion prior.</summary>
    [JsonInclude]
    internal HalfPair<HalfMotion>? Motion { get; init; }

    /// <summary>Root mean square angle between the poses and the consensus, degrees.</summary>
    [JsonPropertyName("rotation_rms_deg")]
    public required double RotationRmsDegrees { get; init; }

    /// <summary>Root mean square shift of the mask's centre in the image against the consensus, angstrom.</summary>
    [JsonPropertyName("shift_rms_A")]
    public required double ShiftRmsAngstrom { get; init; }

    /// <summary>Root mean square movement in the image of the region's mass against the consensus, angstrom.</summary>
    [JsonPropertyName("movement_rms_A")]
    public required double MovementRmsAngstrom { get; init; }

    /// <summary>
    /// Mean correlation of the half maps inside the focus mask between 20 and 10 angstrom, corrected for the mask; 0 in records of earlier versions.
    /// </summary>
    [JsonPropertyName("half_map_agreement")]
    public double Agreement { get; init; }

    /// <summary>Whether the region carries a signal that poses can be refined on: <see cref="Agreement"/> is 0.3 or more.</summary>
    public required bool Signal { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["rotation_rms_deg"].NotNegative(RotationRmsDegrees);
        check["shift_rms_A"].NotNegative(ShiftRmsAngstrom);
        check["movement_rms_A"].NotNegative(MovementRmsAngstrom);
        check["half_map_agreement"].Finite(Agreement);
        if (Motion is not null)
        {
            check["motion"]["half1"].Maybe(check["motion"]["half1"].Some(Motion.Half1));
            check["motion"]["half2"].Maybe(check["motion"]["half2"].Some(Motion.Half2));
        }
    }
}
