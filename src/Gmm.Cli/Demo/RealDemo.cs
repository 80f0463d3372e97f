using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>
/// The demo on real images of beta-galactosidase: refined from poses that are 8 and 4 degrees off, and from the published ones; maps are compared
/// with an atomic model that had no part in it.
/// </summary>
internal static class RealDemo
{
    public static VerbResult Run(VerbCall call, string folder, int count)
    {
        var files = new RealDemoFiles(folder);
        using var own = OutputFiles.Open(call, folder, "demo", files.Own);
        foreach (var refinement in files.Starts.Select(s => s.Folder))
        {
            RunFolder.Check(refinement, OutputFiles.Options(call, refinement, "refine", RefineRequest.FilesIn(refinement)));
        }

        OutputFiles.Start(call, own, files.Own);
        var clock = Stopwatch.StartNew();
        call.Say(Texts.Line($"{count} real images of beta-galactosidase (EMPIAR-10204): 64 pixels of 3.54 A, which hold nothing beyond Nyquist, 7.08 A."));
        call.Say(
            "Three starts: every published pose turned by 8 degrees about an axis of its own and shifted by 4 A (root mean square), by 4 degrees and "
                + "2 A, and as published.");
        var (comparison, stages, first) = Compute(files, count, call);
        MrcFile.WriteMap(files.Refined, stages[3].Maps.Mean(), call.Overwrite);
        Draw(files, [stages[0], stages[2], stages[3]], comparison, count, call);
        own.Finish();
        var reference = stages[^1].Poses;
        RealStage[] s = [.. stages.Select(x => x.Curves.Stage(x.Poses == reference ? null : Distance(reference, x.Poses)))];
        var report = new RealDemoReport(
            false, count, RealSet.Symmetry.Name, s[0], s[1], s[2], s[3], s[4], s[5], first.Verdict, first.WallSeconds,
            Math.Round(clock.Elapsed.TotalSeconds, 1),
            Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, 1), call.Drawn(files.All));
        return VerbResult.Of(report, DemoReports.Default.RealDemoReport, Describe(report, stages.Zip(s, (x, y) => Row(x.Name, y)), files));
    }

    /// <summary>How far poses are from the reference ones, of the poses that are equal by symmetry the nearest.</summary>
    public static PoseErrors Distance(IReadOnlyList<Particle> reference, IReadOnlyList<Particle> poses) =>
        PoseErrors.Compare(reference, [.. poses.Select(p => p.Pose)], symmetry: RealSet.Symmetry);

    /// <summary>The maps at the three starts, then those refined from each, and the report of the first refinement.</summary>
    private static (RealComparison Comparison, Outcome[] Stages, RefineReport First) Compute(RealDemoFiles files, int count, VerbCall call)
    {
        RealComparison? comparison = null;
        RefineReport? first = null;
        var (before, after) = (new List<Outcome>(), new List<Outcome>());
        foreach (var start in files.Starts)
        {
            call.Say(start.Name.Replace("°", " degrees", StringComparison.Ordinal) + ":");
            RealSet.WriteParticles(start.Star, start.Poses, count, call.Overwrite);
            using var particles = StarParticles.Open(start.Star);
            comparison ??= Prepare(files, particles.OpticsGroups[0], call);
            var maps = MapWork.Reconstruct(particles, null, new ReconstructionOptions { Symmetry = RealSet.Symmetry }, call, "maps at the start");
            start.Maps.Write(maps, call.Overwrite);
            before.Add(new(start.Name, maps, comparison.Measure(maps.Half1, maps.Half2), particles.Particles));
            var report = RefinementRunner.RunRefinement(
                new RefineRequest
                {
                    Particles = start.Star,
                    Folder = start.Folder,
                    Options = new() { Symmetry = RealSet.Symmetry },
                    ShownModel = files.Model,
                },
                call);
            first ??= report;
            maps = MapFiles.ReadRefined(start.Folder);
            using var refined = StarParticles.Open(Path.Combine(start.Folder, "run_data.star"), new StarParticlesOptions { RequireImages = false });
            after.Add(new(
                "refined from " + start.Name.Replace(" poses", string.Empty, StringComparison.Ordinal), maps, comparison.Measure(maps.Half1, maps.Half2),
                refined.Particles));
        }

        return (comparison!, [.. before, .. after], first!);
    }

    private static RealComparison Prepare(RealDemoFiles files, OpticsGroup optics, VerbCall call)
    {
        var model = RealSet.PlacedModel(optics);
        AtomicModelFile.WriteCif(files.Model, model, call.Overwrite);
        var comparison = new RealComparison(model, optics, call.Compute, call.CancellationToken);
        MrcFile.WriteMap(files.Mask, comparison.Mask, call.Overwrite);
        return comparison;
    }

    private static void Draw(RealDemoFiles files, Outcome[] stages, RealComparison comparison, int count, VerbCall call)
    {
        var curves = stages.Select(s => (
            FscChart.Label(s.Name, s.Curves.Model, 0.5), s.Curves.Model.Frequencies.ToArray(), s.Curves.Model.Values.ToArray()));
        var fsc = FscChart.Create(curves, Texts.Line($"Maps of {count:N0} real images against the atomic model 5A1A"), [0.5]);
        Pictures.Save(call, fsc, call.Overwrite, files.FscPicture);
        var maps = MapViews.SideBySide(
            Texts.Line($"Unfiltered maps of {count:N0} real images (EMPIAR-10204), and the atomic model 5A1A at 7 Å"),
            [.. stages.Select(s => (s.Name, s.Maps.Mean())), ("5A1A", comparison.Model)]);
        Pictures.Save(call, maps, call.Overwrite, files.MapPicture);
        ChimeraXScript.Write(
            files.ChimeraScript,
            [("8 degrees off", files.Starts[0].Maps.Sum), ("published poses", files.Starts[2].Maps.Sum), ("refined from 8 degrees off", files.Refined)],
            remark: "gmm demo --real: beta-galactosidase, EMPIAR-10204. 5a1a.cif lies in the frame of the maps.", overwrite: call.Overwrite);
    }

    private static string[] Describe(RealDemoReport report, IEnumerable<string> rows, RealDemoFiles files) =>
    [
        string.Empty,
        "                         half maps   map to 5A1A: resolution and FSC   poses, distance to the last row",
        "poses                      FSC 0.5   FSC 0.5  14 - 7 A   at 7.08 A     median       90 %  > 10 deg",
        .. rows,
        string.Empty,
        "5A1A is an atomic model of the same protein from other data; no refinement saw it. The last three rows should agree: the start must not matter.",
        "The refinement from 8 degrees off, as gmm refine judges it:",
        .. report.Verdict?.Lines() ?? [],
        Texts.Line($"The first refinement took {ProgressLine.Text(TimeSpan.FromSeconds(report.RefinementSeconds))}, everything ")
            + Texts.Line($"{ProgressLine.Text(TimeSpan.FromSeconds(report.WallSeconds))}, {report.PeakRssMegabyte:F0} MB at most."),
        $"The report of the first refinement: {files.Report}",
        $"Look at {files.FscPicture} and {files.MapPicture}, and open {files.ChimeraScript} in ChimeraX.",
        $"The same by hand: gmm refine {files.Starts[0].Star} --symmetry {report.Symmetry} --out again",
    ];

    private static string Row(string name, RealStage s) =>
        Texts.Line($"{name.Replace("°", " deg", StringComparison.Ordinal),-23}{Short(s.HalvesResolution05, s.HalvesResolution05IsNyquist),11}")
            + Texts.Line($"{Short(s.ModelResolution05, s.ModelResolution05IsNyquist),10}{s.ModelFine,10:F3}{s.ModelNyquist,12:F2}")
            + (s.DistanceMedian is null ? string.Empty : Texts.Line($"{s.DistanceMedian,7:F2} deg{s.DistanceNinety,7:F2} deg{100 * s.DistanceFar,8:F1} %"));

    private static string Short(double angstrom, bool isNyquist) => isNyquist ? "Nyquist" : Texts.Line($"{angstrom:F2} A");

    /// <summary>Maps and poses at one stage.</summary>
    private sealed record Outcome(string Name, HalfMapPair Maps, RealCurves Curves, IReadOnlyList<Particle> Poses);
}
