using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of a refinement of patches or bodies that has not come to its end: what the iterations that are whole have found.</summary>
internal static class PatchProgressPage
{
    /// <summary>Makes the page.</summary>
    public static ReportPage Of(ReportRun run, RunReportOptions options)
    {
        var states = PatchFiles.ReadStates(run.Find);
        if (states.Count == 0)
        {
            throw new InvalidInputException("has no whole iteration yet: there is nothing to report", run.Path);
        }

        var (first, last) = (states[0], states[^1]);
        var best = states.MinBy(s => s.Resolution ?? double.PositiveInfinity)!;
        return new ReportPage
        {
            Title = run.Manifest.Job == "bodies" ? "Bodies" : "Patches",
            Subtitle = run.Manifest.Program,
            Status = Invariant($"{run.Status}: iteration {last.Iteration}"),
            Tiles =
            [
                new ReportTile(
                    "Composite, masked and corrected", ReportText.Resolution(last.Resolution),
                    last == best ? "FSC 0.143 of the half maps"
                        : Invariant($"the finest {ReportText.Resolution(best.Resolution)}, iteration {best.Iteration}")),
                new ReportTile("Consensus", ReportText.Resolution(first.Resolution), "the same mask, all at one pose"),
                new ReportTile(run.Manifest.Job == "bodies" ? "Bodies" : "Patches", ReportText.Count(first.Patches.Count)),
            ],
            Sections = [.. Sections(run, options, states)],
            Footer = RunSections.Footer(RunHost.Version, RunHost.Runtime),
        };
    }

    private static IEnumerable<ReportSection> Sections(ReportRun run, RunReportOptions options, IReadOnlyList<PatchStateFile> states)
    {
        var last = states[^1];
        yield return new ReportSection(
            "iterations", "Iterations", null,
            [
                new TableBlock(
                    ["", "Composite (Å)", "Worked to next (Å)"],
                    states.Select(s => (string[])
                    [
                        s.Iteration == 0 ? "consensus" : Invariant($"{s.Iteration}"), s.Resolution is { } r ? Invariant($"{r:F2}") : "–",
                        Invariant($"{s.Limit:F2}"),
                    ])),
            ]);
        if (last.Statistics.Count > 0)
        {
            yield return new ReportSection(
                "parts", "Parts", Invariant($"Medians over the particles, iteration {last.Iteration}."),
                [
                    new TableBlock(
                        ["Part", "Moved (°)", "Moved (Å)", "Uncertainty (°)", "Uncertainty (Å)"],
                        last.Patches.Zip(last.Statistics, (p, s) => (string[])
                        [
                            p.Name, ReportText.Number(s.Rotation), ReportText.Number(s.Shift), ReportText.Number(s.RotationSigma),
                            ReportText.Number(s.ShiftSigma),
                        ])),
                ]);
        }

        var (half1, half2) = MapSections.Read(run.Require(PatchFiles.Consensus(1)), run.Require(PatchFiles.Consensus(2)));
        yield return MapSections.Surface(half1, half2, MrcFile.ReadMask(run.Require(PatchFiles.Mask)), options) with
        {
            Title = "Map of the consensus",
        };
        yield return MapSections.Slices(last.Resolution, ("consensus", MapSections.Mean(half1, half2)));
        yield return RunSections.Next(RunSections.Unfinished(run));
        yield return RunSections.Made(run, [("Command", run.Manifest.Program), ("Seed", RunSections.Setting(run.Manifest.Settings, "seed"))]);
    }
}
