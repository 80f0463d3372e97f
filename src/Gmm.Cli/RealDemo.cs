using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>
/// The demo on real images of beta-galactosidase: refined from poses that are 8 degrees off, and from the published ones; maps are compared with an atomic model
/// that had no part in it.
/// </summary>
internal static class RealDemo
{
    public static VerbResult Run(VerbCall call, string folder, int count)
    {
        var files = new RealDemoFiles(folder);
        OutputFiles.Check(call.Overwrite, files.All);
        OutputFiles.MakeFolders(files.All);
        var clock = Stopwatch.StartNew();
        call.Say(Texts.Line($"{count} real images of beta-galactosidase (EMPIAR-10204): 64 pixels of 3.54 A, which hold nothing beyond Nyquist, 7.08 A."));
        call.Say("The start: every published pose turned by 8 degrees about an axis of its own and shifted by 4 A (root mean square).");
        RealSet.WriteParticles(files.StartStar, RealSet.Disturbed, count, call.Overwrite);
        RealSet.WriteParticles(files.PublishedStar, RealSet.Published, count, call.Overwrite);
        using StarParticles start = StarParticles.Open(files.StartStar), published = StarParticles.Open(files.PublishedStar);
        var comparison = Prepare(files, start.OpticsGroups[0], call);
        var startMaps = Reconstruct(start, files.Start, "maps at the start", call);
        var publishedMaps = Reconstruct(published, files.Published, "maps at the published poses", call);
        var (refinedMaps, refined, seconds) = Refine(files.StartStar, files.RefinedFolder, "refining from 8 degrees off", call);
        MrcFile.WriteMap(files.Refined, refinedMaps.Mean(), call.Overwrite);
        var (againMaps, again, _) = Refine(files.PublishedStar, files.FromPublishedFolder, "refining from the published poses, to compare", call);
        (string Name, HalfMapPair Maps, RealCurves Curves, IReadOnlyList<Particle>? Poses)[] stages =
        [
            .. new (string, HalfMapPair, IReadOnlyList<Particle>?)[]
            {
                ("8° off (start)", startMaps, start.Particles), ("published poses", publishedMaps, published.Particles),
                ("refined from 8° off", refinedMaps, refined), ("refined from published", againMaps, null),
            }.Select(s => (s.Item1, s.Item2, comparison.Measure(s.Item2.Half1, s.Item2.Half2), s.Item3)),
        ];
        Draw(files, [.. stages.Take(3).Select(s => (s.Name, s.Maps, s.Curves))], comparison, count, call);
        var measured = stages.Select(s => s.Curves.Stage(s.Poses is null ? null : Distance(again, s.Poses))).ToArray();
        var report = new RealDemoReport(
            false, count, RealSet.Symmetry.Name, measured[0], measured[1], measured[2], measured[3], seconds, Math.Round(clock.Elapsed.TotalSeconds, 1),
            Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, 1), files.All);
        return VerbResult.Of(report, CliJson.Default.RealDemoReport, Describe(report, [.. stages.Select(s => s.Name)], files));
    }

    /// <summary>How far poses are from the reference ones, of the poses that are equal by symmetry the nearest.</summary>
    public static PoseErrors Distance(IReadOnlyList<Particle> reference, IReadOnlyList<Particle> poses) =>
        PoseErrors.Compare(reference, [.. poses.Select(p => p.Pose)], symmetry: RealSet.Symmetry);

    private static RealComparison Prepare(RealDemoFiles files, OpticsGroup optics, VerbCall call)
    {
        var model = RealSet.PlacedModel(optics);
        AtomicModelFile.WriteCif(files.Model, model, call.Overwrite);
        var comparison = new RealComparison(model, optics, call.Compute, call.CancellationToken);
        MrcFile.WriteMap(files.Mask, comparison.Mask, call.Overwrite);
        return comparison;
    }

    private static HalfMapPair Reconstruct(StarParticles particles, MapFiles files, string label, VerbCall call)
    {
        var maps = Maps.Reconstruct(particles, null, new ReconstructionOptions { Symmetry = RealSet.Symmetry }, call, label);
        files.Write(maps, call.Overwrite);
        return maps;
    }

    private static (HalfMapPair Maps, IReadOnlyList<Particle> Poses, double Seconds) Refine(string star, string folder, string label, VerbCall call)
    {
        call.Say(label);
        var report = RefinementRunner.RunRefinement(new RefineRequest { Particles = star, Folder = folder, Symmetry = RealSet.Symmetry }, call);
        using var result = StarParticles.Open(Path.Combine(folder, "run_data.star"), new StarParticlesOptions { RequireImages = false });
        return (MapFiles.ReadRefined(folder), result.Particles, report.WallSeconds);
    }

    private static void Draw(RealDemoFiles files, (string Name, HalfMapPair Maps, RealCurves Curves)[] stages, RealComparison comparison, int count, VerbCall call)
    {
        var curves = stages.Select(s => (
            Texts.Line($"{s.Name}: {(s.Curves.Model.Falls(0.5) ? string.Empty : "Nyquist, ")}{s.Curves.Model.Resolution(0.5):F1} Å"),
            s.Curves.Model.Frequencies.ToArray(), s.Curves.Model.Values.ToArray()));
        FscChart.Create(curves, Texts.Line($"Maps of {count:N0} real images against the atomic model 5A1A"), [0.5]).Save(files.FscPicture, call.Overwrite);
        MapViews.SideBySide(
            Texts.Line($"Unfiltered maps of {count:N0} real images (EMPIAR-10204), and the atomic model 5A1A at 7 Å"),
            [.. stages.Select(s => (s.Name, s.Maps.Mean())), ("5A1A", comparison.Model)]).Save(files.MapPicture, call.Overwrite);
        ChimeraXScript.Write(
            files.ChimeraScript, [("8 degrees off", files.Start.Sum), ("published poses", files.Published.Sum), ("refined from 8 degrees off", files.Refined)],
            remark: "gmm demo --real: beta-galactosidase, EMPIAR-10204. 5a1a.cif lies in the frame of the maps.", overwrite: call.Overwrite);
    }

    private static string[] Describe(RealDemoReport report, string[] names, RealDemoFiles files) =>
    [
        string.Empty,
        "                         half maps   map to 5A1A: resolution and FSC   poses, distance to the last row",
        "poses                      FSC 0.5   FSC 0.5  14 - 7 A   at 7.08 A     median       90 %  > 10 deg",
        .. new[] { report.Start, report.Published, report.Refined, report.FromPublished }.Select((s, i) => Row(names[i].Replace("°", " deg", StringComparison.Ordinal), s)),
        string.Empty,
        "5A1A is an atomic model of the same protein from other data; no refinement saw it. The last row is a check: another start must end at the same poses.",
        Texts.Line($"Refined in {ProgressLine.Text(TimeSpan.FromSeconds(report.RefinementSeconds))}, all in {ProgressLine.Text(TimeSpan.FromSeconds(report.WallSeconds))}, {report.PeakRssMegabyte:F0} MB at most."),
        $"Look at {files.FscPicture} and {files.MapPicture}, and open {files.ChimeraScript} in ChimeraX.",
        $"The same by hand: gmm refine {files.StartStar} --symmetry {report.Symmetry} --out again",
    ];

    private static string Row(string name, RealStage s) => Texts.Line(
        $"{name,-23}{Short(s.HalvesResolution05, s.HalvesResolution05IsNyquist),11}{Short(s.ModelResolution05, s.ModelResolution05IsNyquist),10}{s.ModelFine,10:F3}{s.ModelNyquist,12:F2}")
        + (s.DistanceMedian is null ? string.Empty : Texts.Line($"{s.DistanceMedian,7:F2} deg{s.DistanceNinety,7:F2} deg{100 * s.DistanceFar,8:F1} %"));

    private static string Short(double angstrom, bool isNyquist) => isNyquist ? "Nyquist" : Texts.Line($"{angstrom:F2} A");
}
