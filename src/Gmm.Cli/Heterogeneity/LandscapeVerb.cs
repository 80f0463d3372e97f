using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>gmm landscape: looking at what moves.</summary>
internal sealed class LandscapeVerb : VerbCommand
{
    private static readonly LandscapeRequest Defaults = new();

    private readonly HeterogeneityInput _input = new();
    private readonly Option<string> _out = Declare.Out(
        "DIR2", "Folder for the results: scores.star, density_half#, point_###_model_half#.star, point_###_half#_unfil.mrc, movie.png, "
            + "morph_###.cif and scripts for ChimeraX.");
    private readonly Option<int> _component = Declare.Count("--component", "K", "Principal component along which the points lie.", 1);
    private readonly Option<int?> _circle = Declare.Count("--circle-with", "K2", "Puts the points around a circle in the plane of --component and this one.");
    private readonly Option<string?> _at = Declare.Text(
        "--at", "FILE", "Puts the points where this text file says: a line each, the score of every component in angstrom, as the density plots show them.");
    private readonly Option<int> _points = Declare.Count(
        "--points", "N", "Number of points, from the 1 % to the 99 % quantile of the particles.", Defaults.Points);
    private readonly Option<bool> _straight = Declare.Flag(
        "--straight", "Keeps the other components at their mean, as published; by default the points follow the mean of the particles near them.");
    private readonly Option<int> _nearest = Declare.Count(
        "--nearest", "N", "Particles of each half, nearest to a point, of which its half maps are made; 0 makes no maps.", Defaults.Nearest);
    private readonly Option<int> _clusters = Declare.Count(
        "--clusters", "N", "Cuts each half's particles into this many clusters (K-means) and writes cluster_#.star (and .cs for cryoSPARC's).", 0);
    private readonly Option<string?> _pdb = Declare.Text(
        "--pdb", "MODEL", "Atomic model of the neutral structure (.pdb, .cif), in the maps' frame, that is moved along.");
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<int?> _pdbAt = Declare.Count("--pdb-at", "N", "The atomic model has the conformation of this point, not the neutral one.");
    private readonly Option<string?> _residue = Declare.Text(
        "--residue", "CHAIN:NUMBER",
        "Measures how far this residue goes (A:205; :205 in a chain without name). The residue that goes farthest is always named.");

    public LandscapeVerb()
        : base(
            "landscape",
            "Shows the motion: density of particles, maps, moved atoms, a movie.",
            "Shows what gmm heterogeneity found. Principal components of the motion of each half (in angstrom; half 2's order and signs are matched "
                + "to half 1's for display only), points along one of them, and for each point the Gaussians, half maps of the nearest particles, the "
                + "atomic model moved along, and a movie.",
            "gmm landscape motion --out seen --pdb model.pdb --residue A:205",
            "gmm landscape motion --out seen --component 2 --points 12 --nearest 0",
            "gmm landscape motion --out classes --clusters 2 --nearest 0 --json")
    {
        Arguments.Add(_input.Dir);
        AddOptions([
            _out, _component, _circle, _at, _points, _straight, _nearest, _clusters, _pdb, _centre, _pdbAt, _residue,
            RecordedCall.Option("landscape.json"), .. _input.Options,
        ]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var request = ReadRequest(call);
        InputFiles.Check(request.At, request.Atoms);
        var clock = Stopwatch.StartNew();
        using var motion = _input.Open(call, request.Nearest > 0);
        var landscape = new MotionLandscape(motion.Half1, motion.Half2, motion.Latents);
        var row = LandscapeRun.Row(request, landscape);
        var files = new LandscapeFiles(
            call.Get(_out), row.Count, request.Clusters, request.Nearest > 0, request.Atoms is not null, motion.Particles.AreCryosparcs);
        if (request.AtomsAt >= row.Count)
        {
            throw new InvalidInputException($"there are {row.Count} points", _pdbAt.Name);
        }

        using var folder = OutputFiles.Open(call, files.Folder, "landscape", files.All);
        var atoms = request.Atoms is null ? null : MorphFiles.Read(request, landscape.Of(1).Model, call);
        var run = new LandscapeRun(motion, landscape, row, request, files, call);
        OutputFiles.Start(call, folder, files.All);
        var report = run.Write(atoms, clock);
        folder.Finish();
        ReportWriting.AtEnd(call, files.Folder);
        return VerbResult.Of(report, LandscapeJson.Default.LandscapeRecord, Describe(report));
    }

    private static List<string> Describe(LandscapeRecord report)
    {
        var lines = new List<string>();
        foreach (var half in report.Halves.Both)
        {
            lines.Add(Texts.Line($"half {half.Half}: {half.Particles} particles; ") + string.Join("; ", half.ComponentRms.Select((r, k) =>
                Texts.Line($"component {k + 1}: {r:F2} A rms, {100 * half.ComponentShare[k]:F0} % of the motion")
                    + (half.Match is { } m ? Texts.Line($" (like half 1's: {m[k]:F2})") : string.Empty))));
            if (half.ClusterSizes is { } sizes)
            {
                lines.Add(Texts.Line($"half {half.Half}: clusters of {string.Join(", ", sizes)} particles"));
            }
        }

        if (report.Halves.Both.Any(h => h.Match is not null))
        {
            lines.Add(
                "the components of half 2 are put in the order and with the signs of half 1's for display only; the latent spaces have nothing in common");
        }

        lines.AddRange(
            report.Points.Where(p => p.Resolution is not null).Select(p =>
                Texts.Line($"point {p.Point}: {p.Scores.Half1[0]:F1} A along component 1, {p.Particles} particles, half maps agree to {p.Resolution:F2} A ")
                    + "(FSC 0.143)"
                    + (p.Agreement is { } a
                        ? Texts.Line($"; in the mask {Texts.Resolution(a.Halves.Resolution)}, mean FSC {a.Halves.MeanFsc:F3}, with half 2's map of ")
                            + Texts.Line($"point {a.OtherPoint} {Texts.Resolution(a.WithOther.Resolution)}, {a.WithOther.MeanFsc:F3}")
                        : string.Empty)));
        if (report.Morph is { } morph)
        {
            lines.Add(
                Texts.Line($"atoms: {morph.FirstToLast:F2} A rms from the first point to the last; the halves' motions differ by ")
                    + Texts.Line($"{morph.HalvesDiffer:F2} A rms"));
            foreach (var (residue, what) in new[] { (morph.Residue, "residue"), (morph.Longest, "longest way, residue") })
            {
                if (residue is { } r)
                {
                    lines.Add(
                        Texts.Line($"{what} {r.Residue} {r.Name}: {r.Path:F1} A along the points, {r.EndToEnd:F1} A from end to end, {r.Most:F1} A at most"));
                }
            }
        }

        lines.AddRange(WrittenFiles.Lines(report.Files));
        return lines;
    }

    private LandscapeRequest ReadRequest(VerbCall call)
    {
        var request = new LandscapeRequest
        {
            Component = call.Get(_component) - 1,
            CircleWith = call.Get(_circle) - 1,
            At = call.Get(_at),
            Points = call.Get(_points),
            Straight = call.Get(_straight),
            Nearest = call.Get(_nearest),
            Clusters = call.Get(_clusters),
            Atoms = call.Get(_pdb),
            CentreAtoms = call.Get(_centre),
            AtomsAt = call.Get(_pdbAt) - 1,
            Residue = call.Get(_residue) is { } text ? ReadResidue(text) : null,
        };
        Require(request.Component >= 0, _component, "components are counted from 1");
        Require(request.CircleWith is null or >= 0, _circle, "components are counted from 1");
        Require(request.CircleWith is null || request.At is null, _at, "and --circle-with contradict each other");
        Require(request.Points is >= 2 and <= 200, _points, "must be from 2 to 200");
        Require(request.Nearest >= 0, _nearest, "must not be negative");
        Require(request.Clusters is 0 or (>= 2 and <= 100), _clusters, "must be from 2 to 100, or 0 for none");
        Require(request.AtomsAt is null or >= 0, _pdbAt, "points are counted from 1");
        Require(
            request.Atoms is not null || (request.Residue is null && request.AtomsAt is null && !request.CentreAtoms), _residue.Name,
            "--residue, --pdb-at and --centre-model need --pdb");
        return request;
    }

    private static (string Chain, string Number) ReadResidue(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        var number = text[(at + 1)..];
        return at >= 0 && int.TryParse(number.TrimEnd([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? (text[..at], number)
            : throw new InvalidInputException($"\"{text}\" is not of the form A:205", "--residue");
    }

    private static void Require(bool condition, Option option, string problem) => Require(condition, option.Name, problem);

    private static void Require(bool condition, string option, string problem)
    {
        if (!condition)
        {
            throw new InvalidInputException(problem, option);
        }
    }
}
