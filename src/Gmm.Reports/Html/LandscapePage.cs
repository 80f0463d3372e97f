using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of a landscape: where particles are along the components of a motion, and the movie.</summary>
internal sealed class LandscapePage
{
    private const string Scores = "scores.star";
    private const string Movie = "movie.png";
    private const string Component = "gmmComponent";
    private const string Cluster = "gmmCluster";

    private readonly ReportRun _run;
    private readonly StarTable _table;
    private readonly LandscapeRecord? _record;

    private LandscapePage(ReportRun run)
    {
        _run = run;
        var path = run.Require(Scores);
        _record = run.Find(LandscapeRecord.FileName) is { } file ? LandscapeRecord.Read(file) : null;
        _table = StarFile.Read(path).Find("particles")?.Table ?? throw new InvalidInputException("has no table data_particles", path);
    }

    /// <summary>Makes the page.</summary>
    public static ReportPage Of(ReportRun run) => new LandscapePage(run).Make();

    private int Components => Enumerable.Range(1, int.MaxValue).TakeWhile(k => _table.Contains(Invariant($"{Component}{k}"))).Count();

    private ReportPage Make() => new()
    {
        Title = "Landscape of a motion",
        Subtitle = _run.Manifest.Program,
        Status = _run.Status,
        Tiles =
        [
            .. _record is { } record
                ? [new ReportTile("Motion", record.MotionFound ? "found" : "not found", record.MotionFound ? null : "what is shown may be noise")]
                : Array.Empty<ReportTile>(),
            new ReportTile("Particles", ReportText.Count(_table.RowCount)), new ReportTile("Components", ReportText.Count(Components)),
            .. Enumerable.Range(1, Math.Min(3, Components)).Select(k => new ReportTile(
                Invariant($"Spread along component {k}"), ReportText.Number(Deviation(Column(Invariant($"{Component}{k}")))) + " Å",
                "standard deviation over the particles")),
        ],
        Sections = [.. Sections()],
        Footer = RunSections.Footer(RunHost.Version),
    };

    private IEnumerable<ReportSection> Sections()
    {
        int[] halves = [.. Enumerable.Range(0, _table.RowCount).Select(i => _table.GetInteger(i, "rlnRandomSubset"))];
        var coordinates = Enumerable.Range(1, Components)
            .Select(k => (Invariant($"Component {k} (Å rms)"), Column(Invariant($"{Component}{k}"))))
            .Concat(_table.Contains(Cluster) ? [("Cluster", Column(Cluster))] : Array.Empty<(string, float[])>())
            .ToArray();
        yield return new ReportSection(
            "latent", "Particles", "A point for each particle, in angstrom of motion along the components, those of half 2 matched to those of half 1.",
            [new PointsBlock(_table.GetColumn("rlnImageName"), halves, coordinates)]);
        if (_run.Find(Movie) is { } movie && new FileInfo(movie).Length <= PictureBlock.MostBytes)
        {
            yield return new ReportSection(
                "movie", "Movie", null,
                [new PictureBlock("The Gaussians of both halves along the trajectory, there and back.", "image/png", File.ReadAllBytes(movie))]);
        }

        if (_record is { } record)
        {
            yield return Trajectory(record);
        }

        yield return new ReportSection(
            "spread", "Spread", null,
            [
                new ColumnsBlock(coordinates.Take(Math.Min(3, Components))
                    .Select(c => RunSections.Histogram(c.Item1, c.Item1, c.Item2.Select(v => (double)v))).OfType<PlotBlock>()),
            ]);
        yield return RunSections.Next(_run.Manifest.Finished ? Next() : RunSections.Unfinished(_run));
        yield return RunSections.Made(_run, [("Command", _run.Manifest.Program)]);
    }

    /// <summary>The points of the trajectory, and how far the atoms go.</summary>
    private static ReportSection Trajectory(LandscapeRecord record)
    {
        static string Angstrom(double? value) => value is { } v ? Invariant($"{v:F2}") : "–";
        static string Scores(double[] scores) => string.Join(", ", scores.Select(s => ReportText.Number(s)));
        var (maps, compared) = (record.Points.Any(p => p.Particles > 0), record.Points.Any(p => p.Agreement is not null));
        string[] headings =
        [
            "Point", "Half 1 (Å)", "Half 2 (Å)", .. maps ? ["Particles", "Resolution, unmasked (Å)"] : Array.Empty<string>(),
            .. compared ? ["In the mask (Å)", "Mean FSC", "Other point", "With half 2 there (Å)", "Mean FSC there"] : Array.Empty<string>(),
        ];
        var blocks = new List<ReportBlock>
        {
            new TableBlock(headings, record.Points.Select(p => (string[])
            [
                Invariant($"{p.Point}"), Scores(p.Scores.Half1), Scores(p.Scores.Half2),
                .. maps ? [ReportText.Count(p.Particles), Angstrom(p.Resolution)] : Array.Empty<string>(),
                .. compared && p.Agreement is { } a
                    ?
                    [
                        Angstrom(a.Halves.Resolution), Invariant($"{a.Halves.MeanFsc:F3}"), Invariant($"{a.OtherPoint}"), Angstrom(a.WithOther.Resolution),
                        Invariant($"{a.WithOther.MeanFsc:F3}"),
                    ]
                    : Array.Empty<string>(),
            ])),
        };
        if (record.Morph is { } morph)
        {
            blocks.Add(new FactsBlock(
                [
                    ("Atoms, from the first point to the last", ReportText.Number(morph.FirstToLast) + " Å rms"),
                    ("The halves' motions differ by", ReportText.Number(morph.HalvesDiffer) + " Å rms"),
                    .. new[] { ("Residue", morph.Residue), ("The longest way", morph.Longest) }.Where(r => r.Item2 is not null).Select(r => (
                        r.Item1,
                        Invariant($"{r.Item2!.Residue} {r.Item2.Name}: {r.Item2.Path:F1} Å along the points, {r.Item2.EndToEnd:F1} Å from end to end"))),
                ]));
        }

        return new ReportSection(
            "trajectory", "Trajectory",
            "Where each point is along the components, in each half's own space" + (compared
                ? "; how well the half maps of the particles nearest to it agree, and, as a yardstick, how well half 1's agrees with half 2's of another point."
                : "."),
            blocks);
    }

    private IEnumerable<(string Purpose, string[] Words)> Next()
    {
        foreach (var (script, purpose) in new[] { ("morph.cxc", "Open the morphed atoms in ChimeraX"), ("maps.cxc", "Open the maps in ChimeraX") })
        {
            if (_run.Find(script) is { } path)
            {
                yield return (purpose, ["chimerax", path]);
            }
        }

        for (var c = 1; _run.Find(Invariant($"cluster_{c}.star")) is { } cluster; c++)
        {
            yield return (Invariant($"Half maps of cluster {c}"), ["gmm", "reconstruct", cluster, "--out", _run.In(Invariant($"cluster_{c}_maps/run"))]);
        }
    }

    private float[] Column(string label) => [.. Enumerable.Range(0, _table.RowCount).Select(i => (float)_table.GetDouble(i, label))];

    private static double Deviation(float[] values)
    {
        var mean = values.DefaultIfEmpty(0).Average(v => (double)v);
        return Math.Sqrt(values.DefaultIfEmpty(0).Average(v => (v - mean) * (v - mean)));
    }
}
