using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;
using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>The options that patches and bodies share, and the one place where the tool runs them.</summary>
internal sealed class PatchInput
{
    private readonly Option<string?> _mask = Declare.Mask(
        "Soft solvent mask of the whole, 0 to 1, of the maps' box; made from the consensus half maps by default.");
    private readonly Option<int?> _gaussians = GaussianCount.MakeOption();
    private readonly Option<int> _iterations = Declare.Count("--iterations", "N", "Iterations.", new PatchOptions().Iterations);
    private readonly Option<double?> _max = Declare.Number(
        "--max-resolution", "A", "Finest resolution ever compared, angstrom; by default only the half maps' FSC limits it.");
    private readonly Option<string> _ewald = Declare.Choice(
        "--ewald", "Curvature of the Ewald sphere in images and maps: positive (an atom at height z has the defocus less z) or negative, as the particles were "
            + "refined.", EwaldReport.Off, EwaldReport.Positive, EwaldReport.Negative);
    private readonly DeviceInput _device = new("models are fitted, poses refined and half maps summed", "poses and half maps, on one card", projects: true);
    private readonly ClusterInput _cluster = new();
    private readonly Option<bool> _resume = Declare.Resume();

    public IEnumerable<Option> Options =>
        [_mask, _gaussians, _iterations, _max, _ewald, .. _device.Options, .. _cluster.Options, _resume, RecordedCall.Option("provenance.json")];

    /// <summary>The options' values.</summary>
    public PatchOptions Read(VerbCall call, ParticleInput input, OpticsGroup optics)
    {
        InputFiles.Check(call.Get(_mask));
        Require(
            call.Get(_iterations) is > 0 and <= RefinementOptions.MostIterations, "--iterations",
            Texts.Line($"must be from 1 to {RefinementOptions.MostIterations}"));
        Require(call.Get(_max) is null or > 0, "--max-resolution", "must be positive");
        Require(
            call.Get(_ewald) == EwaldReport.Off || _device.Read(call).IsCpu, _ewald.Name, "is for --device cpu");
        Require(!call.Get(_resume) || !call.Overwrite, "command line", "--resume and --overwrite contradict each other");
        return new PatchOptions
        {
            Mask = call.Get(_mask) is { } mask ? MapChecks.ReadMask(mask, optics) : null,
            Images = input.Images.Read(call),
            Gaussians = call.Get(_gaussians),
            Iterations = call.Get(_iterations),
            MaxResolution = call.Get(_max),
            Ewald = EwaldReport.ModeOf(call.Get(_ewald)),
        };
    }

    /// <summary>Runs the job. Warnings that were shown already come into the report.</summary>
    public VerbResult Run(VerbCall call, StarParticles particles, PatchOptions options, string folder, params IReadOnlyList<string> warned)
    {
        using var line = new JobProgress(call.Console);
        var files = new JobOptions
        {
            Cluster = _cluster.Read(call) is { } plan ? plan with { Seen = line.Share } : null,
            Folder = folder,
            Resume = call.Get(_resume),
            Overwrite = call.Overwrite,
            Program = call.Files.Program,
            Call = RecordedCall.Of(call),
            Inputs = call.Files.Inputs,
            MoreFiles = [.. RunPictures.FilesOfPatches, RunReport.FileName],
            AtEnd = at => RunDrawing.Try(
                call, at, RunPictures.FilesOfPatches, () => RunPictures.OfPatches(at.Path, call.Compute, overwrite: true)),
        };
        using var device = Devices.Open(_device.Read(call), call.Compute);
        options = On(device, options, particles, files.Resume ? folder : null, call);
        var job = new PatchJob(particles, options, call.Compute, files, new ConsoleLogger(call, before: line.Clear));
        var record = job.Run(line, call.CancellationToken);
        line.Dispose();
        call.Warn(record.Warnings.Except([.. particles.Warnings, .. record.ImageWarnings]));
        ReportWriting.AtEnd(call, folder);
        var report = new PatchesReport(
            [.. record.Patches.Select(p => new PatchReport(
                p.Name, p.Resolution, p.ConsensusResolution, p.MedianRotation, p.MedianShift, p.MedianRotationSigma, p.MedianShiftSigma, p.HeldOutGain,
                p.HeldOutError,
                Path.Combine(folder, p.Particles)))],
            record.CompositeResolution, record.ConsensusResolution, record.Particles, record.WallSeconds, record.PeakRssMegabyte, record.Verdict,
            WrittenFiles.Results(folder),
            [.. warned, .. record.Warnings]);
        call.Console.Emit(new ToolEvent("wrote") { Files = report.Files });
        return VerbResult.Of(report, RefinementReports.Default.PatchesReport, [.. Describe(report, 2 * particles.OpticsGroups[0].PixelSize)]);
    }

    /// <summary>Works on the tasks of a run that another process controls.</summary>
    /// <returns>The number of tasks done.</returns>
    public int WorkOn(VerbCall call, StarParticles particles, PatchOptions options, string folder, TaskBoard board, TaskWorker worker)
    {
        using var device = Devices.Open(_device.Read(call), call.Compute);
        var job = new PatchJob(
            particles, On(device, options, particles, folder, call), call.Compute, new JobOptions { Folder = folder },
            new ConsoleLogger(call, LogLevel.Warning));
        return job.WorkOn(board, worker, ClusterInput.Program, call.CancellationToken);
    }

    /// <summary>The options with the parts of a device, which projects as it did in the run that is gone on with.</summary>
    private static PatchOptions On(IDeviceParts device, PatchOptions options, StarParticles particles, string? begun, VerbCall call)
    {
        device.Choose(new DeviceWork(particles.OpticsGroups[0], options.MaxResolution, options.Gaussians, begun), call);
        return options with
        {
            ModelBuilder = device.ModelBuilder(options.ModelBuilder),
            BodyScorer = device.BodyScorer(),
            Reconstructor = device.Reconstructor(new FourierReconstructor()),
        };
    }

    private static IEnumerable<string> Describe(PatchesReport report, double nyquist)
    {
        string Text(double? resolution) => Texts.Resolution(resolution, resolution <= nyquist * (1 + 1e-6));
        var width = Texts.Width("FSC 0.143", report.Patches.Select(p => Text(p.Resolution)));
        var there = Texts.Width("consensus there", report.Patches.Select(p => Text(p.ConsensusResolution)));
        yield return $"part        {"FSC 0.143".PadRight(width)}   {"consensus there".PadRight(there)}   moved by                "
            + "uncertainty             held-out gain per particle";
        foreach (var p in report.Patches)
        {
            yield return Texts.Line($"{p.Name,-9}   {Text(p.Resolution).PadLeft(width)}   {Text(p.ConsensusResolution).PadLeft(there)}   ")
                + Texts.Line($"{p.MedianRotation,7:F2} deg, {p.MedianShift,5:F2} A   {p.MedianRotationSigma,5:F2} deg, {p.MedianShiftSigma:F2} A")
                + (p is { HeldOutGain: { } gain, HeldOutError: { } error } ? Texts.Line($"   {gain,6:F2} +- {error:F2}") : string.Empty);
        }

        yield return Texts.Line($"{report.Particles} particles; composite {Text(report.CompositeResolution)}, consensus ")
            + Texts.Line($"{Text(report.ConsensusResolution)} (FSC 0.143) in {ProgressLine.Text(TimeSpan.FromSeconds(report.WallSeconds))}, ")
            + Texts.Line($"{report.PeakRssMegabyte:F0} MB at most");
        foreach (var line in report.Verdict?.Lines() ?? [])
        {
            yield return line;
        }

        foreach (var line in WrittenFiles.Lines(report.Files))
        {
            yield return line;
        }
    }

    private static void Require(bool condition, string option, string problem)
    {
        if (!condition)
        {
            throw new InvalidInputException(problem, option);
        }
    }
}
