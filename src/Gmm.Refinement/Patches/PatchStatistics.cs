using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Medians over the particles of a patch, of those for which there is a value; -1 where there is none.</summary>
/// <param name="Rotation">Angle of the motion from the consensus, degrees.</param>
/// <param name="Shift">Its shift, angstrom.</param>
/// <param name="RotationSigma">Posterior standard deviation of the rotation, degrees.</param>
/// <param name="ShiftSigma">That of the shift, angstrom.</param>
internal sealed record PatchStatistics(double Rotation, double Shift, double RotationSigma, double ShiftSigma) : IRecord
{
    public static PatchStatistics Of(PatchEstimate[] estimates)
    {
        double Median(Func<PatchEstimate, double> value)
        {
            var median = Medians.OfFinite(estimates.Select(value));
            return double.IsNaN(median) ? -1 : median;
        }

        return new PatchStatistics(
            Median(e => e.RotationDegrees), Median(e => e.ShiftAngstrom), Median(e => e.RotationSigmaDegrees), Median(e => e.ShiftSigmaAngstrom));
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["Rotation"].Finite(Rotation);
        check["Shift"].Finite(Shift);
        check["RotationSigma"].Finite(RotationSigma);
        check["ShiftSigma"].Finite(ShiftSigma);
    }
}
