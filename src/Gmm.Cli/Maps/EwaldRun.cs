using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>Decides for reconstruct whether, and with which sign, the Ewald sphere is curved.</summary>
internal static class EwaldRun
{
    /// <summary>The value of --ewald that asks the images.</summary>
    public const string Auto = "auto";

    /// <summary>The request with the sign it asks for, or the one that the images do.</summary>
    public static ReconstructRequest Choose(ReconstructRequest request, ReconstructionInput input, VerbCall call)
    {
        if (request.Ewald.Sign != Auto)
        {
            return request;
        }

        var source = input.Source;
        var (finest, from) = (EwaldEvidence.FinestResolution(source, request.Options), EwaldEvidence.MattersFrom(source, request.Options));
        if (finest > from)
        {
            call.Say(
                Texts.Line($"the curvature of the Ewald sphere does not matter at {finest:F2} A for a molecule ")
                    + Texts.Line($"{0.5 * EwaldEvidence.BoxLength(source, request.Options):F0} A wide, half its box; it does from {from:F2} A"));
            return request with { Ewald = new EwaldReport(EwaldReport.Off) };
        }

        EwaldEvidence evidence;
        using (var line = new ProgressLine(call.Console, "asking for the Ewald sphere"))
        {
            evidence = EwaldEvidence.Measure(
                input, request.Options, call.Compute, request.Reconstructor, new Relay<ReconstructionProgress>(p => line.Report((double)p.Done / p.Total)),
                cancellationToken: call.CancellationToken);
        }

        var taken = EwaldReport.Of(evidence.Sign);
        call.Say(
            Texts.Line($"Ewald sphere: log-likelihood over the flat one {evidence.Positive:+0.0;-0.0} with the positive sign, ")
                + Texts.Line($"{evidence.Negative:+0.0;-0.0} with the negative ({evidence.Images} images); {taken}"));
        return request with { Ewald = new EwaldReport(taken, evidence), Reconstructor = request.Reconstructor.WithEwald(evidence.Sign) };
    }
}
