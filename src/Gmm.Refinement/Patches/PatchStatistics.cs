using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Medians over the particles of a patch, of those for which there is a value; NaN, null in JSON, where there is none.</summary>
/// <param name="Rotation">Angle of the motion from the consensus, degrees.</param>
/// <param name="Shift">Its shift, angstrom.</param>
/// <param name="RotationSigma">Posterior standard deviation of the rotation, degrees.</param>
/// <param name="ShiftSigma">That of the shift, angstrom.</param>
internal sealed record PatchStatistics(
    [property: JsonPropertyName("rotation_deg"), JsonConverter(typeof(UnmeasuredNumber))] double Rotation,
    [property: JsonPropertyName("shift_A"), JsonConverter(typeof(UnmeasuredNumber))] double Shift,
    [property: JsonPropertyName("rotation_sigma_deg"), JsonConverter(typeof(UnmeasuredNumber))] double RotationSigma,
    [property: JsonPropertyName("shift_sigma_A"), JsonConverter(typeof(UnmeasuredNumber))] double ShiftSigma) : IRecord
{
    public static PatchStatistics Of(PatchEstimate[] estimates)
    {
        double Median(Func<PatchEstimate, double> value) => Medians.OfFinite(estimates.Select(value));
        return new PatchStatistics(
            Median(e => e.RotationDegrees), Median(e => e.ShiftAngstrom), Median(e => e.RotationSigmaDegrees), Median(e => e.ShiftSigmaAngstrom));
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["rotation_deg"].Unknown(Rotation);
        check["shift_A"].Unknown(Shift);
        check["rotation_sigma_deg"].Unknown(RotationSigma);
        check["shift_sigma_A"].Unknown(ShiftSigma);
    }
}
