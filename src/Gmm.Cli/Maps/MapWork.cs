using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>Reconstruction with progress, and FSC, as several verbs need them.</summary>
internal static class MapWork
{
    /// <summary>Reconstructs half maps.</summary>
    public static HalfMapPair Reconstruct(
        IParticleSource particles, IReadOnlyList<Pose>? poses, ReconstructionOptions options, VerbCall call, string label = "reconstructing")
    {
        using var line = new ProgressLine(call.Console, label);
        return new FourierReconstructor().ReconstructHalves(new(particles, poses), options, call.Compute, Of(line), call.CancellationToken);
    }

    /// <summary>Runs a reconstruction with a line of progress.</summary>
    public static T WithProgress<T>(VerbCall call, Func<IProgress<ReconstructionProgress>, T> run) => WithProgress(call, (progress, _) => run(progress));

    /// <summary>The same, with the line itself.</summary>
    public static T WithProgress<T>(VerbCall call, Func<IProgress<ReconstructionProgress>, ProgressLine, T> run)
    {
        using var line = new ProgressLine(call.Console, "reconstructing");
        return run(Of(line), line);
    }

    /// <summary>The curve of half maps as they are, and whether it is more than chance.</summary>
    public static NamedFsc Unmasked(HalfMapPair maps, ComputeOptions compute) => new(
        "unmasked", Gmm.IO.FscFile.Unmasked, FourierShellCorrelation.GoldStandard(maps.Half1, maps.Half2, null, compute),
        Found: SignalTest.Measure(maps.Half1, maps.Half2, null, compute).Found);

    /// <summary>Where a curve falls below a threshold, angstrom; Nyquist where it never does. For half maps ask whether there is signal first.</summary>
    public static double Resolution(FscCurve curve, double threshold) => Math.Round(curve.Resolution(threshold), 4);

    /// <summary>The resolution of half maps at a threshold, angstrom; null where they show none.</summary>
    public static double? Resolution(CorrectedFsc fsc, double threshold = 0.143) => fsc.ResolutionAt(threshold) is { } value ? Math.Round(value, 4) : null;

    /// <summary>Measures the local resolution of two half maps, by bands or, with a diameter, in windows.</summary>
    public static LocalResolutionResult LocalResolution(HalfMap half1, HalfMap half2, VerbCall call, double? window = null)
    {
        using var line = new ProgressLine(call.Console, "local resolution");
        return window is { } diameter
            ? Gmm.Maps.LocalResolution.MeasureInWindows(half1, half2, diameter, call.Compute, line, call.CancellationToken)
            : Gmm.Maps.LocalResolution.Measure(half1, half2, call.Compute, line, call.CancellationToken);
    }

    private static Relay<ReconstructionProgress> Of(ProgressLine line) => new(p => line.Report((double)p.Done / p.Total));
}
