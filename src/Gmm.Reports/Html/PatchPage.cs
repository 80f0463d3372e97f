using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of a refinement of patches or bodies that came to its end.</summary>
internal sealed class PatchPage
{
    private readonly ReportRun _run;
    private readonly RunReportOptions _options;
    private readonly PatchProvenance _record;
    private readonly MrcHeader _map;
    private readonly (double[] Frequencies, IReadOnlyList<FscColumn> Curves) _fsc;

    private PatchPage(ReportRun run, RunReportOptions options)
    {
        (_run, _options) = (run, options);
        _record = PatchProvenance.Read(run.Require(PatchFiles.Provenance));
        _map = MrcFile.ReadHeader(run.Require(_record.CompositeHalf1));
        _fsc = FscFile.ReadStar(run.Require(_record.CompositeFsc));
    }

    private string Parts => _run.Manifest.Job == "bodies" ? "bodies" : "patches";

    /// <summary>Makes the page.</summary>
    public static ReportPage Of(ReportRun run, RunReportOptions options) =>
        run.Has(PatchFiles.Provenance) ? new PatchPage(run, options).Make() : PatchProgressPage.Of(run, options);

    private ReportPage Make() => new()
    {
        Title = _run.Manifest.Job == "bodies" ? "Bodies" : "Patches",
        Subtitle = _run.Manifest.Program,
        Status = _run.Status,
        Verdict = _record.Verdict is { } verdict ? new VerdictBlock(verdict) : null,
        Warnings = _record.Warnings,
        Tiles = [.. Tiles()],
        Sections = [.. Sections()],
        Footer = RunSections.Footer(_record.Version, _record.Runtime),
    };

    private IEnumerable<ReportTile> Tiles()
    {
        var unmasked = MapSections.Resolution(_fsc, FscFile.Unmasked, _map);
        yield return new ReportTile(
            "Composite, masked and corrected", ReportText.Resolution(_record.CompositeResolution),
            "FSC 0.143 of the half maps" + (unmasked is null ? string.Empty : "; unmasked " + ReportText.Resolution(unmasked)));
        yield return new ReportTile("Consensus", ReportText.Resolution(_record.ConsensusResolution), "the same mask, all at one pose");
        if (_record.Verdict is { HeldOutGain: { } gain, HeldOutError: { } error } verdict)
        {
            yield return ReportTile.Gain(gain, error, verdict.HeldOutParticles);
        }

        var best = _record.Patches.Where(p => p.Resolution is not null).MinBy(p => p.Resolution);
        yield return new ReportTile(
            char.ToUpperInvariant(Parts[0]) + Parts[1..], ReportText.Count(_record.Patches.Count),
            best is null ? null : $"the finest {best.Name}, {ReportText.Resolution(best.Resolution)}");
        yield return new ReportTile("Particles", ReportText.Count(_record.Particles));
        yield return new ReportTile("Wall time", ReportText.Time(_record.WallSeconds), ReportText.Bytes(_record.PeakRssMegabyte * 1e6) + " of memory at most");
    }

    private IEnumerable<ReportSection> Sections()
    {
        var mask = MrcFile.ReadMask(_run.Require(_record.Mask));
        var (half1, half2) = MapSections.Read(_run.Require(_record.CompositeHalf1), _run.Require(_record.CompositeHalf2));
        var (whole1, whole2) = MapSections.Read(_run.Require(_record.ConsensusHalf1), _run.Require(_record.ConsensusHalf2));
        yield return Gains();
        yield return MapSections.Surface(half1, half2, mask, _options);
        yield return Resolution();
        yield return MapSections.Slices(
            _record.CompositeResolution, ("consensus", MapSections.Mean(whole1, whole2)), ("composite", MapSections.Mean(half1, half2)));
        yield return Motions();
        yield return RunSections.Next(Next());
        yield return RunSections.Made(
            _run,
            [
                ("Command", _record.Program), ("Particles", _record.ParticlesFile), ("Box", Invariant($"{_record.Box} voxels of {_record.PixelSize:F3} Å")),
                ("Composite", _record.Rule), ("Seed", RunSections.Setting(_record.Settings, "seed")), ("Gmm", $"{_record.Version} on {_record.Runtime}"),
            ]);
    }

    private ReportSection Gains()
    {
        string[] names = [.. _record.Patches.Select(p => p.Name)];
        var blocks = new List<ReportBlock>
        {
            new TableBlock(
                [
                    "Part", "Resolution (Å)", "Consensus there (Å)", "Held-out gain", "Moved (°)", "Moved (Å)", "Uncertainty (°)", "Uncertainty (Å)",
                    "Learnt motion, halves (°)", "Learnt motion, halves (Å)",
                ],
                _record.Patches.Select(p => (string[])
                [
                    p.Name, Angstrom(p.Resolution), Angstrom(p.ConsensusResolution), Gain(p), ReportText.Number(p.MedianRotation),
                    ReportText.Number(p.MedianShift),
                    Known(p.MedianRotationSigma), Known(p.MedianShiftSigma), string.Join(", ", p.LearntRotation.Both.Select(v => ReportText.Number(v))),
                    string.Join(", ", p.LearntShift.Both.Select(v => ReportText.Number(v))),
                ])),
        };
        if (_record.Patches.Any(p => p.Resolution is not null && p.ConsensusResolution is not null))
        {
            blocks.Insert(0, new PlotBlock(
                PlotStyle.Bars, $"Resolution inside each of the {Parts}", new PlotAxis(string.Empty), new PlotAxis("FSC 0.143 (Å), lower is finer"),
                [
                    new PlotSeries("consensus", [], [.. _record.Patches.Select(p => p.ConsensusResolution ?? double.NaN)]) { Names = names },
                    new PlotSeries("at its own poses", [], [.. _record.Patches.Select(p => p.Resolution ?? double.NaN)]) { Names = names },
                ])
            {
                Height = 280,
            });
        }

        if (_record.Patches.Any(p => p.HeldOutGain is not null))
        {
            blocks.Insert(0, new PlotBlock(
                PlotStyle.Points, $"Held-out gain of each of the {Parts}", new PlotAxis(string.Empty), new PlotAxis("Log-likelihood per particle"),
                [
                    new PlotSeries("alone at its own poses", [], [.. _record.Patches.Select(p => p.HeldOutGain ?? double.NaN)])
                    {
                        Names = names,
                        Errors = [.. _record.Patches.Select(p => p.HeldOutError ?? double.NaN)],
                    },
                ])
            {
                Height = 280,
                Lines = [(0, string.Empty)],
                Caption = "Gain over the consensus where this part alone is at its own pose, on Fourier coefficients that did not find it, with one standard "
                    + "error. Above zero by three of them, the part moves.",
            });
        }

        return new ReportSection("parts", char.ToUpperInvariant(Parts[0]) + Parts[1..], "Medians over the particles.", blocks);
    }

    private ReportSection Resolution()
    {
        var series = new List<PlotSeries>();
        void Add(string name, string? path, Func<PlotSeries, PlotSeries> change)
        {
            if (path is not null && FscFile.ReadStar(path) is var table && table.Curves.FirstOrDefault(c => c.Label == FscFile.Corrected) is { } curve)
            {
                series.Add(change(new PlotSeries(name, table.Frequencies, curve.Values)));
            }
        }

        foreach (var patch in _record.Patches.Where(p => p.Fsc.Length > 0))
        {
            Add($"{patch.Name}: {ReportText.Resolution(patch.Resolution)}", _run.Find(patch.Fsc), s => s);
        }

        Add($"composite: {ReportText.Resolution(_record.CompositeResolution)}", _run.Find(_record.CompositeFsc), s => s with { Order = 1 });
        if (_fsc.Curves.FirstOrDefault(c => c.Label == FscFile.Unmasked) is { } unmasked)
        {
            series.Add(new PlotSeries("composite, unmasked", _fsc.Frequencies, unmasked.Values) { Dashed = true });
        }

        return new ReportSection(
            "resolution", "Resolution",
            "Fourier shell correlation of half maps, corrected for the mask by phase randomisation: of the composite inside the solvent mask, and of each part "
                + "inside its own.",
            [RunSections.Fsc("Half maps", series)]);
    }

    private ReportSection Motions() => new(
        "between", "Motion between parts", "Root mean square angle between the poses of every two over the particles, degrees.",
        [
            new TableBlock(
                [string.Empty, .. _record.Patches.Select(p => p.Name)],
                _record.Patches.Select((p, i) => (string[])[p.Name, .. _record.RotationBetween[i].Select((v, j) => i == j ? "·" : ReportText.Number(v))])),
        ]);

    private IEnumerable<(string Purpose, string[] Words)> Next()
    {
        string In(string name) => _run.In(name);
        yield return ("The composite again, with symmetry imposed on it",
            ["gmm", "composite", In(PatchFiles.Provenance), "--symmetry", "C3", "--out", In("symmetric")]);
        yield return ("Local resolution of the composite",
            ["gmm", "localres", In(_record.CompositeHalf1), In(_record.CompositeHalf2), "--mask", In(_record.Mask), "--out", In("locres.mrc")]);
        if (_record.Patches[0].Particles is { Length: > 0 } particles)
        {
            yield return ("One part alone, with its motion learnt",
                [
                    "gmm", "refine", In(particles), "--focus", In(_record.Patches[0].Mask), "--out", _run.Path + "_" + _record.Patches[0].Name,
                    .. RunSections.Reading(_run),
                ]);
        }
    }

    private static string Angstrom(double? value) => value is { } v ? Invariant($"{v:F2}") : "–";

    private static string Gain(PatchRecord part) => part is { HeldOutGain: { } gain, HeldOutError: { } error }
        ? $"{ReportText.Number(gain)} ± {ReportText.Number(error, 2)}" : "–";

    private static string Known(double value) => value < 0 ? "–" : ReportText.Number(value);
}
