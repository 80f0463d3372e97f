using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of two half maps that were measured, sharpened and filtered: it is made of what the job holds, as there is no run folder.</summary>
internal sealed record PostprocessPage
{
    /// <summary>Half map 1 and its file.</summary>
    public required (HalfMap Map, string File) Half1 { get; init; }

    /// <summary>Half map 2 and its file.</summary>
    public required (HalfMap Map, string File) Half2 { get; init; }

    /// <summary>The mask.</summary>
    public required SolventMask Mask { get; init; }

    /// <summary>Its file; null where it was made from the half maps.</summary>
    public string? MaskFile { get; init; }

    /// <summary>What was made.</summary>
    public required PostProcessResult Result { get; init; }

    /// <summary>The local resolution.</summary>
    public required LocalResolutionResult Local { get; init; }

    /// <summary>The map filtered to the local resolution, sharpened alike.</summary>
    public required DensityMap LocalMap { get; init; }

    /// <summary>Where voxel 0 is, angstrom.</summary>
    public (double X, double Y, double Z) Frame { get; init; }

    /// <summary>The command line.</summary>
    public required string Program { get; init; }

    /// <summary>What a person should know, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The files that were written.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    private CorrectedFsc Curves => Result.Curves;

    /// <summary>Makes the page.</summary>
    /// <param name="options">Model and threads.</param>
    public ReportPage Make(RunReportOptions options) => new()
    {
        Title = "Sharpened map",
        Subtitle = Program,
        Warnings = Warnings,
        Tiles = [.. Tiles()],
        Sections = [.. Sections(options)],
        Footer = RunSections.Footer(RunHost.Version, RunHost.Runtime),
    };

    private IEnumerable<ReportTile> Tiles()
    {
        var unmasked = Result.Resolution is null ? null : (double?)Curves.Unmasked.Resolution();
        yield return new ReportTile(
            "Resolution, masked and corrected", ReportText.Resolution(Result.Resolution),
            (Curves.IsNyquist ? "Nyquist: the half maps hold no more" : "FSC 0.143 of the half maps")
                + (unmasked is null ? string.Empty : "; unmasked " + ReportText.Resolution(unmasked)));
        yield return new ReportTile("At FSC 0.5", ReportText.Resolution(Curves.ResolutionAt(0.5)), "masked and corrected");
        yield return new ReportTile(
            "B factor", Result.BFactor is { } b ? ReportText.Signed(b) + " Å²" : "–",
            Result.BFactor is not null ? "applied; negative sharpens"
                : Result.Guinier.Sharpened.SequenceEqual(Result.Guinier.Weighted) ? "not sharpened" : "amplitudes of an atomic model in its place");
        if (Result.Resolution is not null)
        {
            var quantiles = Local.Quantiles(Mask, 0.5, 0.05, 0.95);
            yield return new ReportTile(
                "Local resolution", double.IsFinite(quantiles[0]) ? ReportText.Resolution(quantiles[0]) : "–",
                $"median inside the mask; nine tenths lie from {Known(quantiles[1])} to {Known(quantiles[2])}");
        }

        var inside = Mask.Voxels.Average(v => (double)v);
        yield return new ReportTile("Mask", Invariant($"{100 * inside:F1} %"), MaskFile is null ? "of the box; made from the half maps" : "of the box");
    }

    private static string Known(double value) => double.IsFinite(value) ? ReportText.Resolution(value) : "no resolution";

    private IEnumerable<ReportSection> Sections(RunReportOptions options)
    {
        var (half1, half2) = (Half1.Map, Half2.Map);
        yield return MapSections.Surface(half1, half2, Mask, Result, Result.Resolution is null ? null : Local.Resolution, options, Frame);
        yield return Resolution();
        yield return new ReportSection(
            "slices", "Slices", "Central slices and projections: the mean of the half maps as it was given, then the sharpened maps, which share one scale.",
            [
                new PanelsBlock(
                    6,
                    [
                        .. PagePanel.Of(("mean of the half maps", MapSections.Mean(half1, half2))),
                        .. PagePanel.Of(("sharpened", Result.Map), ("filtered to the local resolution", LocalMap)),
                    ]),
            ]);
        yield return RunSections.Next(Next());
        yield return new ReportSection("made", "How it was made", null, [new FactsBlock(Facts()), FilesMade()]);
    }

    private ReportSection Resolution()
    {
        var names = HalfMapCurves.Of(Curves);
        PlotSeries Series(string name, FscCurve curve) => new(name, curve.Frequencies, curve.Values);
        var blocks = new List<ReportBlock>
        {
            RunSections.Fsc(
                "Half maps",
                [
                    Series(names.Label("masked, corrected", Curves.Corrected), Curves.Corrected) with { Order = 1 },
                    Series(names.Label("unmasked", Curves.Unmasked), Curves.Unmasked) with { Dashed = true },
                    Series("masked", Curves.Masked) with { Dashed = true, Hidden = true },
                    Series("phases random", Curves.Randomised) with { Dashed = true, Hidden = true },
                ]),
        };
        PlotBlock?[] charts =
        [
            new PlotBlock(
                PlotStyle.Lines, "Guinier plot", new PlotAxis(GuinierChart.XTitle), new PlotAxis(GuinierChart.YTitle),
                [.. GuinierChart.Series(Result.Guinier, Result.BFactor).Select(s => new PlotSeries(s.Name, s.X, s.Y) { Dashed = s.Dashed })])
            {
                Height = 400,
            },
            Result.Resolution is null ? null : RunSections.Histogram(
                "Local resolution inside the mask", "Local resolution (Å)",
                Local.Inside(Mask).Where(v => v < (1 - 1e-6) * Local.Resolution.BoxLength), "Voxels"),
        ];
        blocks.Add(new ColumnsBlock(charts.OfType<PlotBlock>()));
        return new ReportSection(
            "resolution", "Resolution",
            "Fourier shell correlation of the half maps, corrected for the mask by phase randomisation; the logarithm of the mean amplitude of each shell over "
                + "its squared frequency, whose slope gives the B factor; and the resolution voxel by voxel.",
            blocks);
    }

    private IEnumerable<(string Purpose, string[] Words)> Next()
    {
        var script = Files.FirstOrDefault(f => f.EndsWith(".cxc", StringComparison.Ordinal));
        if (script is not null)
        {
            yield return ("Open it in ChimeraX", ["chimerax", script]);
        }

        string[] mask = MaskFile is null ? [] : ["--mask", MaskFile];
        yield return ("Local resolution as a map, and the map filtered to it", ["gmm", "localres", Half1.File, Half2.File, .. mask, "--out", "locres.mrc"]);
        yield return ("How well an atomic model is resolved", ["gmm", "qscore", Files[0], "model.cif", "--out", "q"]);
    }

    private IEnumerable<(string, string)> Facts()
    {
        yield return ("Command", Program);
        yield return ("Half maps", $"{Half1.File}, {Half2.File}");
        yield return ("Mask", MaskFile ?? "made from the half maps");
        yield return ("Box", Invariant($"{Half1.Map.Size} voxels of {Half1.Map.PixelSize:F3} Å"));
        yield return ("Phases random beyond", ReportText.Resolution(1 / Curves.Corrected.Frequency(Curves.RandomisedFrom)));
        yield return ("Gmm", $"{RunHost.Version} on {RunHost.Runtime}");
    }

    private TableBlock FilesMade()
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(Files[0]))!;
        return RunSections.Files(
            folder, Files.Select(f => new FileInfo(f)).Where(f => f.Exists).Select(f => (Path.GetRelativePath(folder, f.FullName), f.Length)));
    }
}
