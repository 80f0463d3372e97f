using Gmm.Heterogeneity;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>The charts of a heterogeneity analysis: held-out gain by epoch, and the distribution of the first latent coordinate.</summary>
/// <param name="Folder">Where they go.</param>
internal sealed record HeterogeneityCharts(string Folder)
{
    private string Gain => Path.Combine(Folder, "heldout_gain");

    private string Latent => Path.Combine(Folder, "latent1");

    public string[] All => [Gain + ".svg", Gain + ".png", Latent + ".svg", Latent + ".png"];

    /// <summary>Draws them. A resumed run draws them again, so they may be replaced.</summary>
    public void Write(HeterogeneityResult result, VerbCall call)
    {
        var gain = new LineChart(
            "Gain on held-out particles",
            new ChartAxis("Epoch") { WholeNumbers = true },
            new ChartAxis("Gain over the neutral model (log-likelihood per particle)"),
            result.Training.Select(t => new ChartSeries(
                Texts.Line($"half {t.Half}"), [.. t.Epochs.Select(e => (double)e.Epoch)], [.. t.Epochs.Select(e => e.HeldOutGain)])
            {
                Errors = [.. t.Epochs.Select(e => e.HeldOutError)],
                Markers = true,
            }))
        {
            ReferenceLines = [new ReferenceLine(0, "0")],
        };
        double[] Of(int half) =>
            [.. Enumerable.Range(0, result.Latents.Count).Where(i => result.Latents.Halves[i] == half).Select(i => (double)result.Latents.Points[i][0])];
        var latent = new HistogramChart("First latent coordinate", new ChartAxis("Latent coordinate 1"), [("half 1", Of(1)), ("half 2", Of(2))]);
        Pictures.Save(call, gain, overwrite: true, Gain + ".svg", Gain + ".png");
        Pictures.Save(call, latent, overwrite: true, Latent + ".svg", Latent + ".png");
    }
}
