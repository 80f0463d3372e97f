using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of an analysis of heterogeneity that came to its end.</summary>
internal sealed class HeterogeneityPage
{
    private readonly ReportRun _run;
    private readonly HeterogeneityFolder _folder;
    private readonly HeterogeneityRecord _record;
    private readonly LatentTable _latents;

    private HeterogeneityPage(ReportRun run)
    {
        _run = run;
        _folder = new HeterogeneityFolder(run.Path);
        _record = _folder.ReadRecord();
        _latents = _folder.ReadLatents();
    }

    /// <summary>Makes the page.</summary>
    public static ReportPage Of(ReportRun run) => run.Has("heterogeneity.json") ? new HeterogeneityPage(run).Make() : HeterogeneityProgressPage.Of(run);

    private ReportPage Make() => new()
    {
        Title = "Heterogeneity",
        Subtitle = _run.Manifest.Program,
        Status = _run.Status,
        Verdict = _record.Verdict is { } verdict ? new VerdictBlock(verdict) : null,
        Warnings =
        [
            .. _record.Training.Both.Where(t => t.Stopped.StartsWith("diverged", StringComparison.Ordinal))
                .Select(t => Invariant($"training of half {t.Half} {t.Stopped}")),
        ],
        Tiles = [.. Tiles()],
        Sections = [.. Sections()],
        Footer = RunSections.Footer(RunHost.Version),
    };

    private IEnumerable<ReportTile> Tiles()
    {
        yield return new ReportTile(
            "Motion", _record.MotionFound ? "found" : "not found",
            _record.MotionFound ? "held-out particles of both halves show it" : "not by three standard errors in both halves");
        if (_record.Verdict is { HeldOutGain: { } gain, HeldOutError: { } error } verdict)
        {
            yield return ReportTile.Gain(gain, error, verdict.HeldOutParticles);
        }

        yield return new ReportTile(
            "Particles", ReportText.Count(_latents.Count), $"{ReportText.Count(_record.Training.Both.Sum(t => t.HeldOut))} held out of training");
        yield return new ReportTile("Latent coordinates", ReportText.Count(_record.LatentDimension), _record.Decoder);
        yield return new ReportTile("Compared to", ReportText.Resolution(_record.Resolution), _record.FocusFile is null ? "the whole" : "inside a focus mask");
        var seconds = _record.Training.Both.Sum(t => t.Epochs.Sum(e => e.Seconds ?? 0));
        yield return new ReportTile("Training", ReportText.Time(seconds), Invariant($"{_record.Training.Both.Sum(t => t.Epochs.Count)} epochs of both halves"));
    }

    private IEnumerable<ReportSection> Sections()
    {
        yield return new ReportSection(
            "latent", "Latent points", "A point for each particle: where it is in the motion that its half has learnt.",
            [new PointsBlock(_latents.ImageNames, _latents.Halves, Coordinates())]);
        yield return Gain();
        yield return Spread();
        yield return RunSections.Next(Next());
        yield return RunSections.Made(
            _run,
            [
                ("Command", _run.Manifest.Program), ("Particles", _record.ParticlesFile),
                .. _record.FocusFile is { } focus ? [("Focus mask", focus)] : Array.Empty<(string, string)>(),
                ("Decoder", _record.Decoder), ("Encoder", _record.Encoder), ("Latent refiner", _record.LatentRefiner),
                ("Folds and rounds", Invariant($"{_record.Folds}, {_record.Rounds}")), ("Seed", Invariant($"{_record.Seed}")),
            ]);
    }

    /// <summary>
    /// The components of the motion, in angstrom, then the coordinates as they are; only these where the decoder is another program's, which this one
    /// cannot run.
    /// </summary>
    private List<(string Name, float[] Values)> Coordinates()
    {
        var coordinates = new List<(string, float[])>();
        if (Decoders.Find(_record.Decoder) is not null && Encoders.Find(_record.Encoder) is not null)
        {
            var landscape = new MotionLandscape(_folder.ReadAutoencoder(1), _folder.ReadAutoencoder(2), _latents);
            for (var k = 0; k < landscape.Dimension; k++)
            {
                var values = new float[_latents.Count];
                foreach (var half in new[] { landscape.Of(1), landscape.Of(2) })
                {
                    for (var m = 0; m < half.Members.Count; m++)
                    {
                        values[half.Members[m]] = (float)half.Scores[m][k];
                    }
                }

                coordinates.Add((Invariant($"Component {k + 1} (Å rms, {100 * landscape.Of(1).Components.Shares[k]:F0} % of the motion)"), values));
            }
        }

        coordinates.AddRange(Enumerable.Range(0, _latents.Dimension).Select(k =>
            (Invariant($"Latent coordinate {k + 1}"), _latents.Points.Select(p => p[k]).ToArray())));
        return coordinates;
    }

    /// <summary>The held-out gain of each half, epoch by epoch.</summary>
    public static PlotBlock ByEpoch(IEnumerable<(int Half, IReadOnlyList<EpochRecord> Epochs)> halves) => new(
        PlotStyle.Lines, "By epoch", new PlotAxis("Epoch"), new PlotAxis("Gain (log-likelihood per particle)"),
        [.. halves.Select(t => new PlotSeries(
            Invariant($"half {t.Half}"), [.. t.Epochs.Select(e => (double)e.Epoch)], [.. t.Epochs.Select(e => e.HeldOutGain)])
        {
            Errors = [.. t.Epochs.Select(e => e.HeldOutError)],
            Markers = true,
        })])
    {
        Lines = [(0, string.Empty)],
    };

    private ReportSection Gain()
    {
        string[] names = [.. _record.Training.Both.Select(t => Invariant($"half {t.Half}"))];
        return new ReportSection(
            "gain", "Held-out gain",
            "Log-likelihood per particle over the neutral model, on particles that training did not see, the cost of the latent point taken off. Bars of error "
                + "are one standard error. Above zero by three of them: motion.",
            [
                new ColumnsBlock(
                [
                    ByEpoch(_record.Training.Both.Select(t => (t.Half, t.Epochs))),
                    new PlotBlock(
                        PlotStyle.Points, "Kept, and the linear model beside it", new PlotAxis(string.Empty),
                        new PlotAxis("Gain (log-likelihood per particle)"),
                        [
                            new PlotSeries("kept", [], [.. _record.Training.Both.Select(t => t.HeldOutGain)])
                            {
                                Names = names,
                                Errors = [.. _record.Training.Both.Select(t => t.HeldOutError)],
                            },
                            new PlotSeries("linear model", [], [.. _record.Training.Both.Select(t => t.LinearGain)]) { Names = names },
                        ])
                    {
                        Lines = [(0, string.Empty)],
                    },
                ]),
                new TableBlock(
                    ["", "Particles", "Held out", "Gain", "Linear model", "Best epoch", "Epochs", "Particles/s", "Ended"],
                    _record.Training.Both.Select(t => (string[])
                    [
                        Invariant($"half {t.Half}"), ReportText.Count(t.Particles), ReportText.Count(t.HeldOut),
                        Invariant($"{t.HeldOutGain:F3} ± {t.HeldOutError:F3}"), Invariant($"{t.LinearGain:F3}"), Invariant($"{t.BestEpoch}"),
                        Invariant($"{t.Epochs.Count}"), t.ParticlesPerSecond is { } rate ? ReportText.Count((long)rate) : "–", t.Stopped,
                    ])),
            ]);
    }

    private ReportSection Spread() => new(
        "spread", "Spread and uncertainty", "The points of all particles, and the standard deviation that each point has.",
        [
            new ColumnsBlock(Enumerable.Range(0, Math.Min(3, _latents.Dimension)).SelectMany(k => new[]
            {
                RunSections.Histogram(Invariant($"Coordinate {k + 1}"), Invariant($"Latent coordinate {k + 1}"), _latents.Points.Select(p => (double)p[k])),
                RunSections.Histogram(
                    Invariant($"Uncertainty of coordinate {k + 1}"), Invariant($"Standard deviation of coordinate {k + 1}"),
                    _latents.Sigmas.Select(s => (double)s[k])),
            }).OfType<PlotBlock>()),
        ]);

    private IEnumerable<(string Purpose, string[] Words)> Next()
    {
        if (!_record.MotionFound)
        {
            yield return ("The poses that were given stay the best there are: patches need no model of motion",
                ["gmm", "patches", _record.ParticlesFile, "--out", _run.Path + "_patches"]);
            yield break;
        }

        yield return ("Show the motion: components, models and a movie", ["gmm", "landscape", _run.Path, "--out", _run.Path + "_seen"]);
        yield return ("Turn the conformation into a pose of a region",
            [
                "gmm", "to-pose", _run.Path, .. _record.FocusFile is null ? ["--focus", "domain.mrc"] : Array.Empty<string>(),
                "--out", _run.Path + "_poses.star",
            ]);
    }
}
