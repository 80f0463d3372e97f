using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>gmm experiment: simulations of the paper, made again.</summary>
internal sealed class ExperimentVerb : VerbCommand
{
    private static readonly FlexibleDomainsOptions Defaults = new();

    private readonly Argument<string> _name = Declare.Argument(
        "EXPERIMENT", "flexible-domains: what a flexible half of a complex does to the global FSC (Fig. S5).");
    private readonly Option<string> _out = Declare.Out("DIR", "Folder for curves, tables, pictures, maps and the verdict.");
    private readonly Option<string?> _pdb = Declare.Text("--pdb", "MODEL", "The complex, .pdb or .cif; the 5A1A that comes with the tool by default.");
    private readonly Option<string[]> _rigid = Declare.Words("--rigid", "CHAIN", "Chains that stay sharp; A B by default.");
    private readonly Option<string[]> _flexible = Declare.Words("--flexible", "CHAIN", "Chains that are blurred; C D by default.");
    private readonly Option<int> _copies = Declare.Count("--copies", "N", "Randomised copies averaged in each half.", Defaults.Copies);
    private readonly Option<double> _snr = Declare.Number("--snr", "S", "Variance of a half map over that of its noise.", Defaults.Snr);
    private readonly Option<bool> _fixed = Declare.Flag(
        "--fixed-distance", "Moves all atoms by one distance, as the paper's words are; by default by normal deviates, which leave no side lobes.");
    private readonly Option<int> _box = Declare.Count("--box", "N", "Side of the box, voxels.", Defaults.BoxSize);
    private readonly Option<double> _pixel = Declare.Number("--pixel-size", "A", "Angstrom per voxel.", Defaults.PixelSize);

    public ExperimentVerb()
        : base(
            "experiment",
            "Makes a simulation of the paper again: what flexible domains do to the FSC.",
            "Makes the paper's Fig. S5 again. Half of beta-galactosidase stays at 3 A; the other half is blurred to 15 A, or to 7 A, by averaging "
                + "copies with randomised atoms, and noise is added to both halves of each map. It writes the global FSC of both structures, the FSC, "
                + "local resolution and Q-score of each region, and says which structure the global FSC prefers, and why.",
            "gmm experiment flexible-domains --out figS5",
            "gmm experiment flexible-domains --out figS5 --fixed-distance --json")
    {
        _name.AcceptOnlyFromAmong("flexible-domains");
        Arguments.Add(_name);
        AddOptions(_out, _pdb, _rigid, _flexible, _copies, _snr, _fixed, _box, _pixel);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var options = ReadOptions(call);
        options.Validate();
        var path = call.Get(_pdb) ?? DemoData.Model;
        InputFiles.Check(path);
        var files = new ExperimentFiles(call.Get(_out), options.FlexibleResolutions);
        using var folder = OutputFiles.Open(call, files.Folder, "experiment", files.All);
        var clock = Stopwatch.StartNew();
        var model = AtomicInput.Read(path, call);
        FlexibleDomainsResult result;
        using (var line = new ProgressLine(call.Console, "flexible domains"))
        {
            result = FlexibleDomains.Run(model, options, call.Compute, line, call.CancellationToken);
        }

        var report = Report(result, files, clock.Elapsed.TotalSeconds);
        var verdict = Verdict(result, report);
        OutputFiles.Start(call, folder, files.All);
        files.Write(result, verdict, call);
        folder.Finish();
        return VerbResult.Of(
            report, SimulationReports.Default.ExperimentReport, [.. verdict, $"wrote {files.Folder}: look at {files.Pictures[0]} and {files.Pictures[2]}"]);
    }

    private static ExperimentReport Report(FlexibleDomainsResult result, ExperimentFiles files, double seconds)
    {
        Dictionary<string, double> Each(Func<FlexibleStructure, double> value, int digits) =>
            result.Structures.ToDictionary(s => ExperimentFiles.Name(s.FlexibleResolution), s => Math.Round(value(s), digits));
        ExperimentRegion Region(FlexibleRegion r) => new(
            Math.Round(r.Displacement, 3), Math.Round(r.Reached, 2), Math.Round(r.HalfMaps.Resolution(), 3), Math.Round(r.Truth.Resolution(0.5), 3),
            Math.Round(r.LocalMedian, 2), Math.Round(r.QScore, 4));
        var nyquist = 2 * result.RigidMask.PixelSize;
        double Mean(FscCurve curve) => curve.Mean(nyquist);
        double Difference(FscCurve a, FscCurve b, double from)
        {
            var end = Math.Min(a.Resolution(), b.Resolution());
            return Enumerable.Range(1, a.Count - 1)
                .Where(s => a.Frequency(s) >= 1 / from && a.Frequency(s) <= 1 / end)
                .Select(s => a[s] - b[s])
                .DefaultIfEmpty(0)
                .Average();
        }

        FlexibleStructure worse = result.Structures.MaxBy(s => s.FlexibleResolution)!, better = result.Structures.MinBy(s => s.FlexibleResolution)!;
        return new ExperimentReport(
            Each(s => s.Global.Resolution(), 4), Each(s => s.Global.Resolution(0.5), 4), Each(s => s.SameNoise.Resolution(), 4),
            Each(s => s.NoiseFree.Resolution(), 4),
            Each(s => s.Masked.Resolution(), 4), Each(s => Mean(s.Global), 5), Each(s => Mean(s.SameNoise), 5),
            Math.Round(Difference(worse.Global, better.Global, better.FlexibleResolution), 5),
            Math.Round(Difference(worse.SameNoise, better.SameNoise, better.FlexibleResolution), 5),
            Higher(worse.Global, better.Global), Higher(worse.SameNoise, better.SameNoise),
            result.Structures.ToDictionary(s => ExperimentFiles.Name(s.FlexibleResolution), s => new ExperimentStructure(Region(s.Rigid), Region(s.Flexible))),
            Math.Round(seconds, 1), files.All);
    }

    /// <summary>Whether a curve resolves more at 0.143 than another.</summary>
    private static bool Higher(FscCurve a, FscCurve b) => a.Resolution() < b.Resolution();

    private static string[] Verdict(FlexibleDomainsResult result, ExperimentReport report)
    {
        FlexibleStructure worse = result.Structures.MaxBy(s => s.FlexibleResolution)!, better = result.Structures.MinBy(s => s.FlexibleResolution)!;
        string A(FlexibleStructure s) => Texts.Line($"{s.FlexibleResolution:0.##} A");
        string Order(bool worseHigher) => worseHigher
            ? $"higher where the flexible half is worse ({A(worse)})"
            : $"higher where the flexible half is better ({A(better)})";
        return
        [
            "                  global FSC     same noise     noise-free     region    half maps     to truth    local res.    Q-score",
            "                       0.143          0.143          0.143                   0.143          0.5        median       mean",
            .. result.Structures.SelectMany(s => new[] { Row(s, "rigid", s.Rigid), Row(s, "flexible", s.Flexible) }),
            string.Empty,
            Texts.Line($"Noise in proportion to each map (SNR the same): the global FSC is {Order(report.WorseIsHigher)}, ")
                + Texts.Line($"{worse.Global.Resolution():F2} A against {better.Global.Resolution():F2} A."),
            Texts.Line($"The same noise in both: it is {Order(report.WorseIsHigherAtSameNoise)}, {worse.SameNoise.Resolution():F2} A against ")
                + Texts.Line($"{better.SameNoise.Resolution():F2} A."),
            Texts.Line($"From {better.FlexibleResolution:0.##} A to where they fall, the curve of the worse half is ")
                + Texts.Line($"{Math.Abs(report.MeanDifference):F3} {(report.MeanDifference > 0 ? "higher" : "lower")} on average ")
                + Texts.Line($"({Math.Abs(report.SameNoiseMeanDifference):F3} {(report.SameNoiseMeanDifference > 0 ? "higher" : "lower")} with ")
                + "the same noise).",
            Texts.Line($"A better flexible half has more variance, so at one SNR it brings more noise: its sd is {better.NoiseSd / worse.NoiseSd:F3} ")
                + "times that of the other.",
            Texts.Line($"The truth is in the regions. In its core the flexible half agrees to {worse.Flexible.HalfMaps.Resolution():F1} A against ")
                + Texts.Line($"{better.Flexible.HalfMaps.Resolution():F1} A between half maps, to {worse.Flexible.Truth.Resolution(0.5):F1} A against ")
                + Texts.Line($"{better.Flexible.Truth.Resolution(0.5):F1} A with the true map; its Q-score is {worse.Flexible.QScore:F2} against ")
                + Texts.Line($"{better.Flexible.QScore:F2}."),
            Texts.Line($"Local resolution ({worse.Flexible.LocalMedian:F1} A against {better.Flexible.LocalMedian:F1} A) is too good beside a sharp ")
                + "half: its windows reach over.",
        ];
    }

    private static string Row(FlexibleStructure s, string name, FlexibleRegion r) =>
        Texts.Line($"flexible {s.FlexibleResolution,4:0.##} A   {s.Global.Resolution(),8:F2} A     {s.SameNoise.Resolution(),8:F2} A     ")
            + Texts.Line($"{s.NoiseFree.Resolution(),8:F2} A   {name,8}   {r.HalfMaps.Resolution(),8:F2} A   {r.Truth.Resolution(0.5),8:F2} A    ")
            + Texts.Line($"{r.LocalMedian,8:F2} A   {r.QScore,8:F3}");

    private FlexibleDomainsOptions ReadOptions(VerbCall call) => Defaults with
    {
        RigidChains = call.Get(_rigid) is { Length: > 0 } rigid ? rigid : Defaults.RigidChains,
        FlexibleChains = call.Get(_flexible) is { Length: > 0 } flexible ? flexible : Defaults.FlexibleChains,
        Copies = call.Get(_copies),
        Snr = call.Get(_snr),
        Displacement = call.Get(_fixed) ? AtomDisplacement.Fixed : AtomDisplacement.Normal,
        BoxSize = call.Get(_box),
        PixelSize = call.Get(_pixel),
    };
}
