using Gmm.Core;
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

    private LandscapePage(ReportRun run)
    {
        _run = run;
        var path = run.Require(Scores);
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

        yield return new ReportSection(
            "spread", "Spread", null,
            [
                new ColumnsBlock(coordinates.Take(Math.Min(3, Components))
                    .Select(c => RunSections.Histogram(c.Item1, c.Item1, c.Item2.Select(v => (double)v))).OfType<PlotBlock>()),
            ]);
        yield return RunSections.Next(Next());
        yield return RunSections.Made(_run, [("Command", _run.Manifest.Program)]);
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
