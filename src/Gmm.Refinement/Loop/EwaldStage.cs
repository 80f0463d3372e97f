using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Asks the images of each half, when poses are new, for the sign of the Ewald sphere's curvature, until both halves ask for the same.</summary>
/// <remarks>The sign is of the microscope and the file, so both halves have one; what crosses between them is whether they agree on it.</remarks>
internal sealed class EwaldStage(RefinementOptions options, ComputeOptions compute)
{
    /// <summary>The sign that poses are refined and maps are made with.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="found">What the images were asked so far.</param>
    /// <returns>1, -1, or 0 for the plane.</returns>
    public static int SignOf(RefinementOptions options, EwaldRecord? found) =>
        EwaldRecord.SignOf(options.Ewald == EwaldMode.Auto ? found?.Sign ?? EwaldMode.Off : options.Ewald);

    /// <summary>Whether images need not be asked: nobody wants to know, or it was found.</summary>
    public static bool IsSettled(RefinementOptions options, EwaldRecord? before) =>
        options.Ewald != EwaldMode.Auto || before is { Sign: not EwaldMode.Off } or { Evidence: null };

    /// <summary>The reconstructor for a sign; any other than Gmm's own is refused with the options.</summary>
    /// <param name="reconstructor">The reconstructor of the options.</param>
    /// <param name="sign">The sign; with 0 it is as it is.</param>
    public static IReconstructor Reconstructor(IReconstructor reconstructor, int sign) =>
        sign == 0 ? reconstructor : ((FourierReconstructor)reconstructor).WithEwald(sign);

    /// <summary>Asks, where nobody has said and no answer was found before.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="poses">Their poses.</param>
    /// <param name="before">The last answer.</param>
    /// <param name="report">Told of the particles done, and all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer; null where none is wanted.</returns>
    public EwaldRecord? Ask(
        PreparedParticles source, IReadOnlyList<Pose> poses, EwaldRecord? before, Action<int, int>? report, CancellationToken cancellationToken)
    {
        if (IsSettled(options, before))
        {
            return before;
        }

        var reconstruction = new ReconstructionOptions { Symmetry = options.Symmetry, MaxResolution = options.MaxResolution };
        if (EwaldEvidence.FinestResolution(source, reconstruction) > EwaldEvidence.MattersFrom(source, reconstruction))
        {
            return new EwaldRecord(EwaldMode.Off, null);
        }

        var evidence = new EwaldEvidence[2];
        for (var h = 0; h < 2; h++)
        {
            var half = h;
            evidence[h] = EwaldEvidence.Measure(
                new(source, poses), reconstruction, compute, options.Reconstructor as FourierReconstructor,
                report is null ? null : new Relay<ReconstructionProgress>(p => report((half * p.Total) + p.Done, 2 * p.Total)), half + 1, cancellationToken);
        }

        var sign = evidence[0].Sign == evidence[1].Sign ? evidence[0].Sign : 0;
        return new EwaldRecord(sign > 0 ? EwaldMode.Positive : sign < 0 ? EwaldMode.Negative : EwaldMode.Off, new(evidence[0], evidence[1]));
    }
}
