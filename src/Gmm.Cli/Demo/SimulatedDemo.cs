using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>The demo on simulated images of beta-galactosidase.</summary>
internal static class SimulatedDemo
{
    public const int DefaultParticles = 1200;
    private const int Box = 128;
    private const double PixelSize = 1.75;
    private const double Snr = 0.1;
    private const double MaskThreshold = 0.15;

    public static VerbResult Run(VerbCall call, string folder, int particles, double degrees)
    {
        var files = new DemoFiles(folder);
        using var own = OutputFiles.Open(call, folder, "demo", files.Own);
        using var simulated = OutputFiles.Open(call, files.Simulation.Folder, "simulate", files.Simulation.All);
        RunFolder.Check(files.RefinedFolder, OutputFiles.Options(call, files.RefinedFolder, "refine", RefineRequest.FilesIn(files.RefinedFolder)));
        var clock = Stopwatch.StartNew();
        call.Say(
            Texts.Line($"The images of this demo are simulated: {particles} of beta-galactosidase (PDB 5A1A), at real orientations and defoci of ")
                + "EMPIAR-10204.");
        var model = AtomicInput.Read(DemoData.Model, call);
        var simulator = SimulationRun.Prepare(DemoData.Model, model, Options(particles, degrees), call.Compute);
        OutputFiles.Start(call, own, files.Own);
        OutputFiles.Start(call, simulated, files.Simulation.All);
        SimulationRun.Write(simulator, model, files.Simulation, call);
        simulated.Finish();
        var mask = MakeMask(MrcFile.ReadMap(files.Simulation.TrueMap), call);
        MrcFile.WriteMap(files.Mask, mask, call.Overwrite);
        using var source = StarParticles.Open(files.Simulation.DisturbedStar);
        var truth = simulator.TrueParticles;
        var (disturbed, curve0) = Measure(call, source, mask, truth, null, files.Disturbed, "maps at the disturbed poses");
        var (ceiling, curve1) = Measure(call, source, mask, truth, [.. truth.Select(p => p.Pose)], files.TruePoses, "maps at the true poses");
        var request = new RefineRequest { Particles = files.Simulation.DisturbedStar, Folder = files.RefinedFolder, Mask = files.Mask };
        RefinementRunner.RunRefinement(request, call);
        var (refined, curve2) = MeasureRefined(request, files, mask, truth, call);
        files.WritePictures([("disturbed poses", curve0), ("refined poses", curve2), ("true poses", curve1)], call);
        own.Finish();
        var report = new DemoReport(
            true, particles, disturbed, refined, ceiling, Math.Round(clock.Elapsed.TotalSeconds, 1),
            Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, 1), call.Drawn(files.All));
        return VerbResult.Of(report, DemoReports.Default.DemoReport, Describe(report, files));
    }

    private static SimulationOptions Options(int particles, double degrees)
    {
        using var poses = StarParticles.Open(DemoData.Poses, new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        return new SimulationOptions
        {
            ParticleCount = particles,
            BoxSize = Box,
            PixelSize = PixelSize,
            Snr = Snr,
            DisturbDegrees = degrees,
            Orientations = [.. poses.Particles.Select(p => p.Pose.Rotation)],
            Ctfs = [.. poses.Particles.Select(p => p.Ctf)],
        };
    }

    private static SolventMask MakeMask(DensityMap map, VerbCall call) =>
        SolventMasks.FromDensity(map, MaskThreshold * map.Voxels.Max(), 6, 10, call.Compute);

    private static (DemoStage Stage, FscCurve Curve) Measure(
        VerbCall call, StarParticles source, SolventMask mask, IReadOnlyList<Particle> truth, IReadOnlyList<Pose>? poses, MapFiles files, string label)
    {
        var maps = MapWork.Reconstruct(source, poses, new ReconstructionOptions(), call, label);
        files.Write(maps, call.Overwrite);
        return Stage(maps.Half1, maps.Half2, mask, truth, poses ?? [.. source.Particles.Select(p => p.Pose)], call);
    }

    private static (DemoStage Stage, FscCurve Curve) MeasureRefined(
        RefineRequest request, DemoFiles files, SolventMask mask, IReadOnlyList<Particle> truth, VerbCall call)
    {
        using var result = StarParticles.Open(Path.Combine(request.Folder, "run_data.star"), new StarParticlesOptions { RequireImages = false });
        var maps = MapFiles.ReadRefined(request.Folder);
        MrcFile.WriteMap(files.Refined, maps.Mean(), call.Overwrite);
        return Stage(maps.Half1, maps.Half2, mask, truth, [.. result.Particles.Select(p => p.Pose)], call);
    }

    private static (DemoStage Stage, FscCurve Curve) Stage(
        HalfMap half1, HalfMap half2, SolventMask mask, IReadOnlyList<Particle> truth, IReadOnlyList<Pose> poses, VerbCall call)
    {
        var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, mask, call.Compute);
        var errors = PoseErrors.Compare(truth, poses);
        return (
            new DemoStage(
                MapWork.Resolution(fsc), fsc.IsNyquist, Math.Round(errors.RotationMedian, 3), Math.Round(errors.RotationRms, 3),
                Math.Round(errors.ShiftRms, 3)),
            fsc.Corrected);
    }

    private static string[] Describe(DemoReport report, DemoFiles files) =>
    [
        string.Empty,
        "                   resolution   rotation error     shift error",
        "                  (FSC 0.143)   median     rms             rms",
        Row("disturbed poses", report.Disturbed),
        Row("refined poses", report.Refined),
        Row("true poses", report.TruePoses),
        string.Empty,
        Texts.Line($"These {report.Particles} images are simulated, not measured. Done in ")
            + Texts.Line($"{ProgressLine.Text(TimeSpan.FromSeconds(report.WallSeconds))}, {report.PeakRssMegabyte:F0} MB at most."),
        $"The report of the refinement: {files.Report}",
        $"Look at {files.FscPicture}, and open {files.ChimeraScript} in ChimeraX.",
    ];

    private static string Row(string name, DemoStage s) =>
        Texts.Line($"{name,-16}  {Texts.Resolution(s.Resolution0143, s.ResolutionIsNyquist),11}  {s.RotationErrorMedian,6:F2}  ")
            + Texts.Line($"{s.RotationErrorRms,6:F2} deg  {s.ShiftErrorRms,8:F2} A");
}
