using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of a refinement, focused or not, whether it came to its end or is at some iteration.</summary>
internal sealed class RefinePage
{
    private readonly ReportRun _run;
    private readonly RunReportOptions _options;
    private readonly RunRecord? _record;
    private readonly IReadOnlyList<IterationRecord> _iterations;
    private readonly IterationRecord _last;
    private readonly (double[] Frequencies, IReadOnlyList<FscColumn> Curves) _fsc;
    private readonly MrcHeader _map;

    private RefinePage(ReportRun run, RunReportOptions options)
    {
        (_run, _options) = (run, options);
        _record = run.Manifest.Finished ? RunRecord.Read(run.Require("run.json")) : null;
        _iterations = _record?.Iterations ?? Whole(run);
        if (_iterations.Count == 0)
        {
            throw new InvalidInputException(
                _record is null ? "has no whole iteration yet: there is nothing to report" : "has no iteration: its record is broken", run.Path);
        }

        _last = _iterations[^1];
        // Maps of iterations may be on fewer voxels.
        _map = MrcFile.ReadHeader(run.Find(RefinementFiles.Mask) ?? run.Require(Last("half1_unfil.mrc")));
        _fsc = FscFile.ReadStar(run.Require(_record is null ? RefinementFiles.Name(_last.Iteration, "fsc.star") : "fsc.star"));
    }

    private bool Focused => _last.Focus is not null;

    /// <summary>Whether optics were estimated at poses that were kept.</summary>
    private bool IsOfOptics => RunPictures.KeepsPoses(_run.Manifest.Settings);

    /// <summary>Particles that the images are tilts of; null without --tilt-series.</summary>
    private int? TiltParticles => (int?)_run.Manifest.Settings["tilt_series"]?["count"];

    /// <summary>Makes the page.</summary>
    public static ReportPage Of(ReportRun run, RunReportOptions options) => new RefinePage(run, options).Make();

    private ReportPage Make()
    {
        var particles = _record?.ParticlesFile;
        return new ReportPage
        {
            Title = Focused ? "Focused refinement" : IsOfOptics ? "Optics" : "Refinement",
            Subtitle = _run.Manifest.Program,
            Status = _run.Status is { } status ? Invariant($"{status}: iteration {_last.Iteration}") : null,
            Verdict = _record?.Verdict is { } verdict ? new VerdictBlock(verdict) : null,
            Warnings = _record?.Warnings ?? [.. _iterations.SelectMany(i => i.Warnings()).Concat(_last.Doubts).Distinct()],
            Tiles = [.. Tiles()],
            Sections = [.. Sections()],
            Footer = RunSections.Footer(_record?.Version ?? RunHost.Version, _record?.Runtime ?? RunHost.Runtime),
        };
    }

    private static List<IterationRecord> Whole(ReportRun run)
    {
        var records = new List<IterationRecord>();
        while (run.Find(RefinementFiles.Name(records.Count, "state.json")) is { } path)
        {
            records.Add(RefinementFiles.ReadState(path, records.Count).Record);
        }

        return records;
    }

    /// <summary>A file of the end, or of the last iteration of a run that is not there yet.</summary>
    private string Last(string end) => _record is null ? RefinementFiles.Name(_last.Iteration, end) : "run_" + end;

    private IEnumerable<ReportTile> Tiles()
    {
        var unmasked = MapSections.Resolution(_fsc, FscFile.Unmasked, _map);
        yield return new ReportTile(
            "Resolution, masked and corrected", ReportText.Resolution(_last.Resolution),
            (_last.ResolutionIsNyquist ? "Nyquist: the images hold no more" : "FSC 0.143 of the half maps")
                + (unmasked is null ? string.Empty : "; unmasked " + ReportText.Resolution(unmasked)));
        if (_last.Iteration > 0)
        {
            yield return new ReportTile("Resolution at the start", ReportText.Resolution(_iterations[0].Resolution, _iterations[0].ResolutionIsNyquist));
        }

        if (_record?.Verdict is { HeldOutGain: { } gain, HeldOutError: { } error } verdict)
        {
            yield return ReportTile.Gain(gain, error, verdict.HeldOutParticles);
        }

        if (_last.Statistics is { } statistics)
        {
            yield return new ReportTile(
                "Uncertainty of a rotation",
                ReportText.Number(statistics.MedianRotationSigmaDegrees) + (double.IsFinite(statistics.MedianRotationSigmaDegrees) ? "°" : string.Empty),
                IsOfOptics ? "median; poses were kept"
                    : Invariant($"median; in the last iteration poses moved by {ReportText.Number(statistics.MedianRotationChangeDegrees, 2)}°"));
        }

        if (_last.Focus is { } focus)
        {
            yield return new ReportTile(
                "Motion of the region", ReportText.Number(focus.MovementRmsAngstrom) + " Å",
                Invariant($"root mean square; {ReportText.Number(focus.RotationRmsDegrees, 2)}° and {ReportText.Number(focus.ShiftRmsAngstrom, 2)} Å"));
        }

        if (_record is not null)
        {
            var done = (_record.NotRefined, IsOfOptics) switch
            {
                (0, false) => "all refined",
                (0, true) => "all compared",
                (var count, false) => ReportText.Count(count) + " kept their pose",
                var (count, _) => ReportText.Count(count) + " could not be compared",
            };
            done += _last.Optics is { Unlike: > 0 and var unlike } ? Invariant($"; {ReportText.Count(unlike)} unlike the reference") : string.Empty;
            yield return TiltParticles is { } particles
                ? new ReportTile("Tilt images", ReportText.Count(_record.Particles), $"of {ReportText.Count(particles)} particles; {done}")
                : new ReportTile("Particles", ReportText.Count(_record.Particles), done);
            yield return new ReportTile(
                "Wall time", ReportText.Time(_record.WallSeconds),
                Invariant($"{_record.Threads} {(_record.Threads == 1 ? "thread" : "threads")}, {ReportText.Bytes(_record.PeakRssMegabyte * 1e6)} at most"));
        }
    }

    private IEnumerable<ReportSection> Sections()
    {
        var (half1, half2) = MapSections.Read(Half("half1_unfil.mrc"), Half("half2_unfil.mrc"));
        var mask = _run.Find(Focused ? RefinementFiles.FocusMask : RefinementFiles.Mask) is { } file
            ? WorkingGrid.Of(half1).Resample(MrcFile.ReadMask(file), _options.Compute)
            : null;
        yield return MapSections.Surface(half1, half2, mask, _options);
        yield return Resolution();
        var after = MapSections.Mean(half1, half2);
        yield return _last.Iteration > 0 && Start("half1_unfil.mrc") is { } start1 && Start("half2_unfil.mrc") is { } start2
            && MapSections.Read(start1, start2) is var (before1, before2)
            ? MapSections.Slices(_last.Resolution, ("at the start", MapSections.Mean(before1, before2)), (Invariant($"iteration {_last.Iteration}"), after))
            : MapSections.Slices(_last.Resolution, (_last.Iteration == 0 ? "at the start" : Invariant($"iteration {_last.Iteration}"), after));
        if (_last.Optics is { } optics)
        {
            yield return OpticsSection.Of(optics);
        }

        foreach (var section in PoseSections.Of(_run.Require(Last("data.star")), _last.Iteration > 0 ? Start("data.star") : null, TiltParticles, _map))
        {
            yield return section;
        }

        yield return Iterations();
        yield return RunSections.Next(Next());
        yield return RunSections.Made(_run, Facts());
    }

    /// <summary>A half map: of the iteration, where it is there, as it has no more voxels than its resolution needs.</summary>
    private string Half(string end) => _run.Find(RefinementFiles.Name(_last.Iteration, end)) ?? _run.Require(Last(end));

    private string? Start(string end) => _run.Find(RefinementFiles.Name(0, end));

    private ReportSection Resolution()
    {
        var series = new List<PlotSeries>();
        foreach (var record in _iterations)
        {
            var isLast = record == _last;
            var table = isLast ? _fsc
                : _run.Find(RefinementFiles.Name(record.Iteration, "fsc.star")) is { } path ? FscFile.ReadStar(path) : ([], []);
            if (table.Curves.FirstOrDefault(c => c.Label == FscFile.Corrected) is { } corrected)
            {
                series.Add(new PlotSeries(
                    (record.Iteration == 0 ? "start" : Invariant($"iteration {record.Iteration}"))
                        + (record.Resolution is null ? string.Empty : ": " + ReportText.Resolution(record.Resolution)),
                    table.Frequencies, corrected.Values)
                {
                    Order = _iterations.Count == 1 ? 1 : (double)record.Iteration / (_iterations.Count - 1),
                });
            }
        }

        foreach (var (label, name) in new[] { (FscFile.Masked, "masked"), (FscFile.Unmasked, "unmasked"), (FscFile.PhaseRandomized, "phases random") })
        {
            if (_fsc.Curves.FirstOrDefault(c => c.Label == label) is { } curve)
            {
                series.Add(new PlotSeries("last, " + name, _fsc.Frequencies, curve.Values) { Dashed = true, Hidden = label != FscFile.Unmasked });
            }
        }

        return new ReportSection(
            "resolution", "Resolution",
            "Fourier shell correlation of the two half maps, whose particles never meet. Full lines are inside the mask and corrected for it by phase "
                + "randomisation. Click a name to show or hide its curve.",
            [RunSections.Fsc("Half maps, iteration by iteration", series)]);
    }

    private ReportSection Iterations()
    {
        var done = _iterations.Where(i => i.Statistics is not null).ToArray();
        var blocks = new List<ReportBlock>
        {
            new TableBlock(
                [
                    "", "Resolution (Å)", "Worked to (Å)", "Gaussians", "Map-model FSC", "Moved (°)", "Shift (Å)", "Uncertainty (°)", "Correlation",
                    IsOfOptics ? "Not compared" : "Not refined", "Particles/s", "Time",
                ],
                _iterations.Select(i => (string[])[
                    i.Iteration == 0 ? "start" : Invariant($"{i.Iteration}"),
                    i.Resolution is { } r ? Invariant($"{r:F2}") + (i.ResolutionIsNyquist ? " ᴺ" : string.Empty) : "–",
                    i.PreviousLimit is { } limit ? Invariant($"{limit:F2}") : "–",
                    .. i.Statistics is { } s
                        ?
                        [
                            Invariant($"{ReportText.Count(s.Gaussians.Half1)}, {ReportText.Count(s.Gaussians.Half2)}"),
                            Invariant($"{s.ModelFsc.Half1:F3}, {s.ModelFsc.Half2:F3}"),
                            ReportText.Number(s.MedianRotationChangeDegrees), ReportText.Number(s.MedianShiftChangeAngstrom),
                            ReportText.Number(s.MedianRotationSigmaDegrees), ReportText.Number(s.MeanCorrelation), ReportText.Count(s.Unrefined),
                            ReportText.Count((long)s.ParticlesPerSecond), ReportText.Time(s.TotalSeconds),
                        ]
                        : Enumerable.Repeat("–", 9)])),
        };
        if (_iterations.Any(i => i.ResolutionIsNyquist))
        {
            blocks.Add(new TextBlock("ᴺ Nyquist: the correlation never falls below 0.143.", "small"));
        }

        if (done.Length > 0)
        {
            string[] names = [.. done.Select(i => Invariant($"{i.Iteration}"))];
            PlotSeries Part(string name, Func<IterationStatistics, double> seconds) =>
                new(name, [], [.. done.Select(i => seconds(i.Statistics!))]) { Names = names };
            blocks.Add(new PlotBlock(
                PlotStyle.Stack, "Where the time went", new PlotAxis("Iteration"), new PlotAxis("Seconds"),
                [
                    Part("models", s => s.FitSeconds), Part(IsOfOptics ? "optics" : "poses", s => s.PoseSeconds),
                    Part("half maps and FSC", s => s.ReconstructionSeconds),
                    Part("other", s => Math.Max(0, s.TotalSeconds - s.FitSeconds - s.PoseSeconds - s.ReconstructionSeconds)),
                ])
            {
                Height = 260,
            });
        }

        return new ReportSection("iterations", "Iterations", _record is null ? null : ReportText.Sentence("it stopped: " + _record.StopReason), blocks);
    }

    private IEnumerable<(string Purpose, string[] Words)> Next()
    {
        var folder = _run.Path;
        string In(string name) => Path.Combine(folder, name);
        if (_record is null)
        {
            foreach (var command in RunSections.Unfinished(_run))
            {
                yield return command;
            }

            yield break;
        }

        if (IsOfOptics)
        {
            yield return ("Refine the poses with these optics",
                ["gmm", "refine", In("run_data.star"), "--out", folder + "_refined", .. Symmetry(), .. Mask(), .. RunSections.Reading(_run)]);
        }

        yield return ("Sharpen the map, with its FSC and Guinier plot",
            ["gmm", "postprocess", In("run_half1_unfil.mrc"), In("run_half2_unfil.mrc"), "--mask", In("run_mask.mrc"), "--out", In("post")]);
        yield return ("Local resolution",
            ["gmm", "localres", In("run_half1_unfil.mrc"), In("run_half2_unfil.mrc"), "--mask", In("run_mask.mrc"), "--out", In("locres.mrc")]);
        if (_record.Verdict is { Outcome: not (VerdictOutcome.Worse or VerdictOutcome.NoSignal) } && !Focused)
        {
            yield return ("Every part at its own poses, and a composite map",
                ["gmm", "patches", In("run_data.star"), "--out", folder + "_patches", .. Symmetry(), .. RunSections.Reading(_run)]);
            yield return ("Find how the structure moves",
                [
                    "gmm", "heterogeneity", In("run_data.star"), "--model-half1", In("run_model_half1.star"), "--model-half2", In("run_model_half2.star"),
                    "--out", folder + "_motion", .. RunSections.Reading(_run),
                ]);
        }

        if (_run.Has("run.cxc"))
        {
            yield return ("Open it in ChimeraX", ["chimerax", In("run.cxc")]);
        }
    }

    private string[] Symmetry() =>
        RunSections.Setting(_record!.Settings, "symmetry") is { Length: > 0 } group && group != "C1" ? ["--symmetry", group] : [];

    /// <summary>The mask that was given, and the finest resolution.</summary>
    private string[] Mask() =>
    [
        .. _record!.Settings["mask"] is null ? Array.Empty<string>() : ["--mask", _run.In(RefinementFiles.Mask)],
        .. _record.Settings["max_resolution"] is { } max ? ["--max-resolution", max.ToString()] : Array.Empty<string>(),
    ];

    private IEnumerable<(string, string)> Facts()
    {
        yield return ("Command", _record?.Program ?? _run.Manifest.Program);
        if (_record is null)
        {
            yield break;
        }

        yield return ("Particles", _record.ParticlesFile);
        if (_record.ConsensusFile is { } consensus)
        {
            yield return ("Consensus poses", consensus);
        }

        yield return ("Box", Invariant($"{_map.Columns} voxels of {_map.PixelSize.X:F3} Å"));
        yield return ("Symmetry", RunSections.Setting(_record.Settings, "symmetry"));
        yield return ("Seed", RunSections.Setting(_record.Settings, "seed"));
        yield return ("Gmm", $"{_record.Version} on {_record.Runtime}");
    }
}
