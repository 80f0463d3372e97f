using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Cli;

/// <summary>Where a refinement stands, of the whole, of patches or of bodies.</summary>
/// <remarks>
/// Between stages it returns what the last one has left: a few arrays of a hundred megabytes each, which the collector would otherwise keep beside
/// the next stage's, because they are too few to make it run (1,474 MB at the most in place of 1,309 at box 256; <c>Gmm.EndToEnd -- memory 300</c>).
/// A few milliseconds, some times an iteration. It is the tool's process, so the tool may; the libraries leave a program's collector alone.
/// </remarks>
/// <param name="console">Where it is shown.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class JobProgress(CliConsole console, TimeProvider? time = null) : IProgress<RefinementProgress>, IDisposable
{
    private readonly StageProgress _stages = new(console, time);

    public void Report(RefinementProgress value)
    {
        var stage = new WorkStage(Label(value), value.Done, value.Total)
        {
            Counts = value.Stage is RefinementStage.RefiningPoses or RefinementStage.RefiningOptics or RefinementStage.Reconstructing
            or RefinementStage.MeasuringImages or RefinementStage.ComparingImages,
            Step = value.Iteration,
            Steps = value.Iterations,
            Iteration = value.Iteration,
            Iterations = value.Iterations,
        };
        if (_stages.Report(stage))
        {
            GC.Collect();
        }
    }

    /// <summary>Notes what an iteration gave.</summary>
    /// <param name="resolution">Its resolution, angstrom; null for none.</param>
    public void Done(double? resolution) => _stages.Done(resolution);

    /// <summary>Notes where the tasks stand that processes share.</summary>
    public void Share(BoardState state) => _stages.Share(TaskProgress.Of(state));

    /// <summary>Takes the line off the terminal, for another to be written.</summary>
    public void Clear() => _stages.Clear();

    public void Dispose() => _stages.Dispose();

    private static string Label(RefinementProgress value)
    {
        var what = value.Stage switch
        {
            RefinementStage.FittingModels => "fitting Gaussians",
            RefinementStage.MeasuringNoise => "measuring noise",
            RefinementStage.RefiningPoses => "refining poses",
            RefinementStage.ComparingImages => "comparing images",
            RefinementStage.RefiningOptics => "estimating optics",
            RefinementStage.Reconstructing => value.Patch is null ? "reconstructing" : $"reconstructing {value.Patch}",
            RefinementStage.MeasuringImages => "looking at images",
            RefinementStage.MeasuringCurvature => "asking for the Ewald sphere",
            _ => "comparing half maps",
        };
        return value.Iteration == 0 ? $"start: {what}" : Invariant($"iteration {value.Iteration} of {value.Iterations}: {what}");
    }
}
