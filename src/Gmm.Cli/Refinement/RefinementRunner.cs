using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;
using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>The one place where the tool starts a refinement.</summary>
internal static class RefinementRunner
{
    /// <summary>Runs the refinement and writes its outputs.</summary>
    /// <param name="request">What is to be done; inputs and outputs have been checked.</param>
    /// <param name="call">Threads, seed, console, cancellation.</param>
    /// <returns>What happened.</returns>
    public static RefineReport RunRefinement(RefineRequest request, VerbCall call)
    {
        var record = Run(request, call);
        // The page reads maps and particles of its own; those of the run are of no more use.
        GC.Collect();
        ReportWriting.AtEnd(call, request.Folder, request.ShownModel ?? AtomsInFrame(request));
        var report = Report(record, request);
        report = report with { Files = call.Drawn(report.Files) };
        call.Console.Emit(new ToolEvent("wrote") { Files = report.Files });
        return report;
    }

    /// <summary>The refinement itself: a method of its own, after which nothing remembers its particles.</summary>
    private static RunRecord Run(RefineRequest request, VerbCall call)
    {
        using var set = RefinementSet.Open(request, call);
        using var progress = new JobProgress(call.Console);
        OpticsInput.Require(set.Particles, request);
        string[] opticsWarnings = [.. OpticsInput.Warnings(set.Particles, request)];
        call.Warn(opticsWarnings);
        var told = new Told(call, progress, set.Warnings.Concat(opticsWarnings), set.Options.KeepPoses);
        var job = new RefinementJob(
            set.Particles,
            set.Options,
            call.Compute,
            new JobOptions
            {
                Folder = request.Folder,
                Resume = request.Resume,
                Overwrite = call.Overwrite,
                WriteCtfScale = request.WriteCtfScale,
                Cluster = request.Cluster is { } plan ? plan with { Seen = progress.Share } : null,
                Program = call.Files.Program,
                Call = call.Parsed.CommandResult.Command is RefineVerb ? RecordedCall.Of(call) : null,
                Inputs = call.Files.Inputs,
                MoreFiles = [.. RunPictures.FilesOfRefinement, RunReport.FileName],
                AtEnd = folder => RunDrawing.Try(
                    call, folder, RunPictures.FilesOfRefinement,
                    () => RunPictures.OfRefinement(folder.Path, AtomsInFrame(request), call.Compute, overwrite: true)),
            },
            new ConsoleLogger(call, LogLevel.Warning, progress.Clear))
        {
            IterationDone = told,
        };
        var record = job.Run(progress, call.CancellationToken);
        told.Warn(record.Warnings);
        return record;
    }

    /// <summary>Works on the tasks of a refinement that another process controls.</summary>
    /// <param name="request">What that was asked for.</param>
    /// <param name="board">The tasks.</param>
    /// <param name="worker">Takes them.</param>
    /// <param name="call">Threads, seed, console, cancellation.</param>
    /// <returns>The number of tasks done.</returns>
    public static int WorkOn(RefineRequest request, TaskBoard board, TaskWorker worker, VerbCall call)
    {
        // A run that has begun: a device projects as its record says.
        using var set = RefinementSet.Open(request with { Resume = true }, call);
        var job = new RefinementJob(
            set.Particles, set.Options, call.Compute, new JobOptions { Folder = request.Folder }, new ConsoleLogger(call, LogLevel.Warning));
        return job.WorkOn(board, worker, ClusterInput.Program, call.CancellationToken);
    }

    /// <summary>The atomic model that was given, if its coordinates are those of the maps.</summary>
    private static string? AtomsInFrame(RefineRequest request) =>
        request.Model is { } model && !request.CentreModel && Path.GetExtension(model) is not ".star" ? model : null;

    private static RefineReport Report(RunRecord record, RefineRequest request) => new(
        [.. record.Iterations.Where(i => i.Statistics is not null).Select(i => new IterationReport(
            i.Iteration,
            i.Resolution,
            i.ResolutionIsNyquist,
            i.Statistics!.MedianRotationChangeDegrees,
            i.Statistics.MedianShiftChangeAngstrom,
            i.ParticlesPerSecond,
            i.Statistics.TotalSeconds))],
        record.Resolution,
        record.ResolutionIsNyquist,
        record.UnmaskedResolution,
        record.BFactor,
        record.Particles,
        record.NotRefined,
        record.StopReason,
        record.WallSeconds,
        record.PeakRssMegabyte,
        WrittenFiles.Results(request.Folder),
        record.Iterations[^1].Focus,
        record.Iterations[^1].Optics,
        record.Warnings,
        record.Verdict);

    /// <summary>What is to be said at once of the half maps; what is doubtful about the last ones is said at the end.</summary>
    internal static IEnumerable<string> Doubts(IterationRecord value) =>
        value.Resolution is null ? value.Doubts : value.Iteration == 0 ? value.Doubts.Select(d => "at the start: " + d) : [];

    /// <summary>What weighs the images differently; null where nothing does.</summary>
    internal static string? Scales(IterationStatistics? value) => value is { ScaleSpread: > 0 } or { Downweighted: > 0 }
        ? Texts.Line($"images: the signal's scale varies by {100 * value.ScaleSpread:F0} %")
            + (value.Downweighted == 0 ? string.Empty : Texts.Line($"; {value.Downweighted} weigh less, being unlike the others"))
            + " (gmmScale, gmmWeight)"
        : null;

    /// <summary>Says what each iteration gave.</summary>
    private sealed class Told(VerbCall call, JobProgress progress, IEnumerable<string> said, bool keepsPoses) : IProgress<IterationRecord>
    {
        private readonly HashSet<string> _said = [.. said];
        private EwaldRecord? _ewald;

        /// <summary>Shows warnings, each once.</summary>
        public void Warn(IEnumerable<string> warnings)
        {
            progress.Clear();
            call.Warn(warnings.Where(_said.Add));
        }

        public void Report(IterationRecord value)
        {
            progress.Clear();
            progress.Done(value.Resolution);
            call.Console.Emit(new ToolEvent("iteration")
            {
                Iteration = value.Iteration,
                Resolution = value.Resolution,
                ParticlesPerSecond = value.Statistics is null ? null : Math.Round(value.ParticlesPerSecond, 1),
            });
            call.Say(value.Statistics is not { } s
                ? Texts.Line($"start: {Texts.Resolution(value.Resolution, value.ResolutionIsNyquist)} (FSC 0.143)")
                : Texts.Line($"iteration {value.Iteration}: {Texts.Resolution(value.Resolution, value.ResolutionIsNyquist)}; {s.Gaussians.Half1} and ")
                    + Texts.Line($"{s.Gaussians.Half2} Gaussians (map-model FSC {s.ModelFsc.Half1:F2}, {s.ModelFsc.Half2:F2}); ")
                    + (keepsPoses ? "poses kept" : Texts.Line($"poses moved by {s.MedianRotationChangeDegrees:F2} deg"))
                    + (double.IsFinite(s.MedianRotationSigmaDegrees) ? Texts.Line($", uncertainty {s.MedianRotationSigmaDegrees:F2} deg; ") : "; ")
                    + Texts.Line($"{s.ParticlesPerSecond:F0} particles/s; {ProgressLine.Text(TimeSpan.FromSeconds(s.TotalSeconds))}"));
            Warn(Doubts(value));

            if (value.Images?.Summary() is { } summary)
            {
                call.Say(summary);
            }

            Warn(value.Images?.Warnings() ?? []);
            if (Scales(value.Statistics) is { } scales)
            {
                call.Say(scales);
            }

            if (value.Symmetry is { } symmetry)
            {
                if (double.IsFinite(symmetry.Correlation))
                {
                    call.Say(
                        Texts.Line($"symmetry {symmetry.Group}: the map's correlation with its turned copies is {symmetry.Correlation:F3} to ")
                            + Texts.Line($"{symmetry.Resolution:F1} A"));
                }

                Warn(symmetry.Warning() is { } warning ? [warning] : []);
            }

            Warn(value.ReferenceWarning is { } reference ? [reference] : []);
            if (value.Ewald is { } ewald && ewald != _ewald)
            {
                _ewald = ewald;
                call.Say(ewald.Line());
            }

            if (value.Optics is { } optics)
            {
                call.Say(OpticsText.Iteration(optics));
            }

            if (value.Focus is { } focus)
            {
                call.Say(FocusRun.Iteration(focus));
            }
        }
    }
}
