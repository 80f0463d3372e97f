using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Shows the stage of a refinement at work as one line, a new one per stage (and patch).</summary>
/// <remarks>
/// Between stages it returns what the last one has left: a few arrays of a hundred megabytes each, which the collector would otherwise keep beside
/// the next stage's, because they are too few to make it run (1,474 MB at the most in place of 1,309 at box 256; <c>Gmm.EndToEnd -- memory 300</c>).
/// A few milliseconds, some times an iteration. It is the tool's process, so the tool may; the libraries leave a program's collector alone.
/// </remarks>
internal sealed class StageLine(CliConsole console) : IProgress<RefinementProgress>, IDisposable
{
    private readonly LabelledLine _line = new(console);

    public void Report(RefinementProgress value) => _line.Show(Label(value), value.Total > 0 ? (double)value.Done / value.Total : 0, GC.Collect);

    public void Dispose() => _line.Dispose();

    private static string Label(RefinementProgress value)
    {
        var what = value.Stage switch
        {
            RefinementStage.FittingModels => "fitting Gaussians",
            RefinementStage.MeasuringNoise => "measuring noise",
            RefinementStage.RefiningPoses => "refining poses",
            RefinementStage.Reconstructing => value.Patch is null ? "reconstructing" : $"reconstructing {value.Patch}",
            RefinementStage.MeasuringImages => "looking at images",
            _ => "comparing half maps",
        };
        return value.Iteration == 0 ? $"start: {what}" : FormattableString.Invariant($"iteration {value.Iteration}: {what}");
    }
}
