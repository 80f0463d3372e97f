using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>Weighs images by their signal for reconstruct, says what was found and writes it.</summary>
internal static class SignalRun
{
    private const string Evidence = "gmmSignalEvidence";

    /// <summary>Measures the signals and puts them into the particles to reconstruct.</summary>
    public static ReconstructionInput Weigh(ReconstructRequest request, StarParticles particles, ReconstructionInput input, VerbCall call)
    {
        ParticleSignal[] signals;
        using (var line = new ProgressLine(call.Console, "measuring signals"))
        {
            signals = SignalWeights.Measure(
                input, request.Options, call.Compute, request.Reconstructor, Sigmas(particles),
                new Relay<ReconstructionProgress>(p => line.Report((double)p.Done / p.Total)),
                call.CancellationToken);
        }

        Say(signals, call);
        Particle[] weighed = [.. input.Source.Particles.Select((p, i) => SignalWeights.With(p, signals[i]))];
        particles.WriteSubset(
            request.SignalStar,
            [.. Enumerable.Range(0, weighed.Length)],
            [
                StarColumn.FromNumbers(StarParticles.ScaleLabel, [.. weighed.Select(p => p.Ctf.ScaleFactor)]),
                StarColumn.FromNumbers("rlnCtfBfactor", [.. weighed.Select(p => p.Ctf.BFactor)]),
                StarColumn.FromNumbers(StarParticles.WeightLabel, [.. weighed.Select(p => (double)p.Weight)]),
                StarColumn.FromNumbers(Evidence, [.. signals.Select(s => double.IsNaN(s.Evidence) ? 0 : s.Evidence)]),
            ],
            call.Overwrite);
        return SignalWeights.Apply(input, signals, request.Options, call.Compute, call.CancellationToken);
    }

    /// <summary>How well the poses are known, where the file says it.</summary>
    private static PoseSigma[]? Sigmas(StarParticles particles)
    {
        const string rotation = "gmmPoseRotationSigma", shift = "gmmPoseShiftSigma";
        var table = particles.Table;
        return table.Contains(rotation) && table.Contains(shift)
            ? [.. Enumerable.Range(0, table.RowCount).Select(i => new PoseSigma(table.GetDouble(i, rotation), table.GetDouble(i, shift)))]
            : null;
    }

    private static void Say(ParticleSignal[] signals, VerbCall call)
    {
        var known = signals.Where(s => double.IsFinite(s.Evidence)).ToArray();
        var shown = known.Where(s => s.Weight >= 0.5f).ToArray();
        double Spread(Func<ParticleSignal, double> value)
        {
            var mean = shown.Length > 0 ? shown.Average(value) : 0;
            return shown.Length > 0 ? Math.Sqrt(shown.Average(s => Math.Pow(value(s) - mean, 2))) : 0;
        }

        call.Say(
            Texts.Line($"signals: scale varies by {100 * Spread(s => s.Scale):F0} %, B factor by {Spread(s => s.BFactor):F0} A^2; ")
                + Texts.Line($"{known.Length - shown.Length} of {known.Length} images are more likely noise alone"));
    }
}
