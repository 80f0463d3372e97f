using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>The report of an analysis of heterogeneity that has not come to its end: what the epochs that are whole have found.</summary>
internal static class HeterogeneityProgressPage
{
    /// <summary>Makes the page.</summary>
    public static ReportPage Of(ReportRun run)
    {
        var halves = HeterogeneityCheckpoints.ReadStates(run.Find);
        if (halves.Count == 0)
        {
            throw new InvalidInputException("has no whole epoch yet: there is nothing to report", run.Path);
        }

        return new ReportPage
        {
            Title = "Heterogeneity",
            Subtitle = run.Manifest.Program,
            Status = run.Status,
            Tiles = [.. halves.Select(h => new ReportTile(
                Invariant($"Half {h.Half}") + (h.Round > 1 ? Invariant($", round {h.Round}") : string.Empty), h.IsFinished ? "finished" : Epoch(h),
                $"held-out gain {ReportText.Number(h.Best.HeldOutGain)} ± {ReportText.Number(h.Best.HeldOutError, 2)}"))],
            Sections =
            [
                new ReportSection(
                    "gain", "Held-out gain",
                    "Log-likelihood per particle over the neutral model, on particles that training did not see. Bars of error are one standard error. Above "
                        + "zero by three of them: motion.",
                    [HeterogeneityPage.ByEpoch(halves.Select(h => (h.Half, h.Epochs)))]),
                RunSections.Next(RunSections.Unfinished(run)),
                RunSections.Made(run, [("Command", run.Manifest.Program), ("Seed", RunSections.Setting(run.Manifest.Settings, "seed"))]),
            ],
            Footer = RunSections.Footer(RunHost.Version, RunHost.Runtime),
        };
    }

    private static string Epoch(TrainingState half) => Invariant($"epoch {half.Epochs[^1].Epoch}");
}
