using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>Reconstructs as asked, writes the maps and reports.</summary>
internal static class ReconstructRunner
{
    /// <summary>Reconstructs maps of particles.</summary>
    public static VerbResult Run(ReconstructRequest request, StarParticles particles, VerbCall call)
    {
        CheckBox(request, particles);
        var weights = ParticleSelection.Make(request, particles, call);
        var clock = Stopwatch.StartNew();
        var tasks = new ClusterSums(ClusterSums.FolderOf(request.Out), particles);
        var shared = request.Cluster is null ? null : tasks;
        var images = Prepare(request, particles, i => request.Half is null || particles.Particles[i].Half == request.Half, call, shared);
        var input = new ReconstructionInput(images, null, weights.Values);
        request = EwaldRun.Choose(request, input, call);
        if (request.BySignal)
        {
            input = SignalRun.Weigh(request, particles, input, call);
        }

        if (request.Half is { } half)
        {
            var map = MapWork.WithProgress(call, progress => request.Reconstructor.ReconstructHalf(
                input, half, request.Options, call.Compute, progress, call.CancellationToken));
            var number = input.Select(half).Count;
            var rate = number / clock.Elapsed.TotalSeconds;
            WarnOfContrast(images, map, call);
            MrcFile.WriteMap(request.Files[0], map, call.Overwrite);
            return Result(Report(request, weights, new(half == 1 ? number : 0, half == 2 ? number : 0), map, null, rate, clock, particles.Warnings, call));
        }

        Func<HalfMapPair, IReadOnlyList<double>>? ssnr = request.Wiener ? m => Ssnr(m, call) : null;
        var (maps, filtered) = shared is null ? Sum(request, input, ssnr, call) : MapWork.WithProgress(call, (progress, line) => shared.Run(
            input, request.Options, request.Reconstructor, ssnr,
            request.Cluster! with { Seen = s => line.Share(TaskProgress.Of(s)), Again = "the same call" }, call.Compute,
            new ConsoleLogger(call, LogLevel.Warning), progress, call.CancellationToken));
        WarnOfContrast(images, maps.Mean(), call);
        Pictures.Orientations(call, request.Maps.Orientations, particles.Particles.Select(p => p.Pose.Rotation), call.Overwrite);
        var result = Write(request, weights, maps, filtered, clock, call, particles.Warnings, particles);
        // Also what a shared call for the same maps left that was stopped.
        tasks.Remove();
        return result;
    }

    /// <summary>Sums parts for another process.</summary>
    /// <returns>The number of tasks done.</returns>
    public static int WorkOn(ReconstructRequest request, StarParticles particles, TaskBoard board, TaskWorker worker, VerbCall call) =>
        worker.Run(
            ClusterInput.Program,
            () =>
            {
                CheckBox(request, particles);
                return new ClusterSums(ClusterSums.FolderOf(request.Out), particles).OpenTasks(
                    board, new PreparedParticles(particles, request.Images, call.Compute), ParticleSelection.Make(request, particles, call).Values,
                    request.Options, request.Reconstructor, call.Compute);
            },
            call.CancellationToken);

    /// <summary>Writes the sums of a part.</summary>
    public static VerbResult WritePart(ReconstructRequest request, StarParticles particles, VerbCall call)
    {
        CheckBox(request, particles);
        var weights = ParticleSelection.Make(request, particles, call);
        var (part, parts) = request.Partial!.Value;
        var clock = Stopwatch.StartNew();
        int count0 = particles.Particles.Count, from = (int)((long)count0 * (part - 1) / parts), end = (int)((long)count0 * part / parts);
        var images = Prepare(request, particles, i => i >= from && i < end, call);
        WarnOfContrast(images, null, call);
        var info = MapWork.WithProgress(call, progress => PartialReconstruction.Write(
            request.Out,
            new(images, null, weights.Values),
            request.Options,
            part,
            parts,
            call.Compute,
            request.Reconstructor,
            call.Overwrite,
            progress,
            call.CancellationToken));
        var count = info.Count1 + info.Count2;
        var report = new PartialSumsReport(
            info.Part, info.Parts, count, new(info.Count1, info.Count2), info.BoxSize, info.PixelSize, info.Symmetry, weights.Name, weights.Rejected,
            Math.Round(count / clock.Elapsed.TotalSeconds, 1), Math.Round(clock.Elapsed.TotalSeconds, 2), [request.Out],
            RecordedCall.Of(call));
        return VerbResult.Of(
            report, MapReports.Default.PartialSumsReport,
            Texts.Line($"part {part} of {parts}: sums of {report.Halves.Half1} + {report.Halves.Half2} particles, {report.ParticlesPerSecond} per second"),
            $"wrote {request.Out}");
    }

    /// <summary>Finishes the sums of all parts.</summary>
    public static VerbResult Finish(ReconstructRequest request, VerbCall call)
    {
        InputFiles.Check(request.Finish);
        OutputFiles.Take(call, request.Files);
        var info = PartialReconstruction.ReadInfo(request.Finish[0]);
        var clock = Stopwatch.StartNew();
        var (maps, filtered) = PartialReconstruction.Finish(request.Finish, request.Wiener ? m => Ssnr(m, call) : null, call.Compute, call.CancellationToken);
        var done = request with
        {
            Options = request.Options with { Symmetry = SymmetryGroup.Parse(info.Symmetry) },
            Reconstructor = new FourierReconstructor { PaddingFactor = info.PaddingFactor, EwaldSign = info.EwaldSign },
            Ewald = new EwaldReport(EwaldReport.Of(info.EwaldSign)),
        };
        return Write(done, new ParticleSelection("as in the sums", null, 0, null, null), maps, filtered, clock, call, []);
    }

    private static VerbResult Write(
        ReconstructRequest request, ParticleSelection weights, HalfMapPair maps, DensityMap? filtered, Stopwatch clock, VerbCall call,
        IReadOnlyList<string> warnings, StarParticles? particles = null)
    {
        var seconds = clock.Elapsed.TotalSeconds;
        request.Maps.Write(maps, call.Overwrite, filtered);
        var fsc = MapWork.Unmasked(maps, call.Compute);
        var count = maps.Count1 + maps.Count2;
        if (particles is not null && BoxCheck.Warning(maps, particles, fsc.Resolution) is { } box)
        {
            call.Warn([box]);
            warnings = [.. warnings, box];
        }

        var report = Report(request, weights, new(maps.Count1, maps.Count2), maps.Half1, fsc, count / seconds, clock, warnings, call);
        return Result(report with { Files = call.Drawn(report.Files) });
    }

    /// <summary>Makes the half maps, and the filtered map if there is an SSNR, in this process.</summary>
    private static (HalfMapPair Halves, DensityMap? Filtered) Sum(
        ReconstructRequest request, ReconstructionInput input, Func<HalfMapPair, IReadOnlyList<double>>? ssnr, VerbCall call) =>
        MapWork.WithProgress(call, progress => ssnr is not null
            ? request.Reconstructor.ReconstructFiltered(input, request.Options, ssnr, call.Compute, progress, call.CancellationToken)
            : (request.Reconstructor.ReconstructHalves(input, request.Options, call.Compute, progress, call.CancellationToken), null as DensityMap));

    /// <summary>Looks at the images that will be read.</summary>
    private static PreparedParticles Prepare(
        ReconstructRequest request, StarParticles particles, Func<int, bool> isRead, VerbCall call, ClusterSums? shared = null) =>
        ImageInput.Prepare(
            call, particles, request.Images, [.. Enumerable.Range(0, particles.Particles.Count).Where(isRead)], images => shared?.TakeFigures(images));

    /// <summary>A map of the wrong contrast is a map still: it is made, and said.</summary>
    private static void WarnOfContrast(PreparedParticles images, DensityMap? map, VerbCall call)
    {
        if (!images.Options.KeepContrast && ContrastCheck.Measure(images, map, null, call.Compute, call.CancellationToken).Warning() is { } warning)
        {
            call.Warn([warning]);
        }
    }

    private static double[] Ssnr(HalfMapPair maps, VerbCall call) =>
        RadialProfiles.SsnrFromFsc(FourierShellCorrelation.GoldStandard(maps.Half1, maps.Half2, null, call.Compute).Values, ofFullMap: true);

    /// <summary>Images hold nothing beyond their own box, and their Fourier samples are too far apart for a larger one.</summary>
    private static void CheckBox(ReconstructRequest request, StarParticles particles)
    {
        var images = particles.OpticsGroups[0].ImageSize;
        if (request.Options.BoxSize > images)
        {
            throw new InvalidInputException($"the box of {request.Options.BoxSize} is larger than the images, {images}", "--box");
        }
    }

    private static ReconstructReport Report(
        ReconstructRequest request, ParticleSelection weights, HalfPair<int> counts, DensityMap map, NamedFsc? fsc, double rate, Stopwatch clock,
        IReadOnlyList<string> warnings, VerbCall call) => new(
        counts.Half1 + counts.Half2,
        counts,
        map.Size,
        map.PixelSize,
        fsc?.Resolution,
        fsc is { } curve ? curve.Found && !curve.Curve.Falls() : null,
        request.Options.Symmetry.Name,
        request.Reconstructor.PaddingFactor,
        weights.Name,
        weights.Rejected,
        weights.RejectedBy,
        weights.WorstKept,
        request.Wiener,
        request.Ewald,
        Math.Round(rate, 1),
        Math.Round(clock.Elapsed.TotalSeconds, 2),
        request.Files,
        warnings,
        RecordedCall.Of(call));

    private static VerbResult Result(ReconstructReport report)
    {
        var agreement = report.Resolution0143 is { } resolution
            ? $"; unmasked half maps agree to {Texts.Resolution(resolution, report.ResolutionIsNyquist == true)} (FSC 0.143)"
            : report.ResolutionIsNyquist is null ? string.Empty : "; no resolution: unmasked half maps agree no more than noise does";
        var lines = new List<string>
        {
            Texts.Line($"{report.Halves.Half1} + {report.Halves.Half2} particles, {report.ParticlesPerSecond} per second") + agreement,
        };
        if (report.Rejected > 0)
        {
            lines.Add(Texts.Line($"{report.Rejected} particles were rejected by {report.RejectedBy}"));
        }

        lines.AddRange(WrittenFiles.Lines(report.Files));
        return VerbResult.Of(report, MapReports.Default.ReconstructReport, lines);
    }
}
