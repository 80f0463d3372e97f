namespace Gmm.Reports;

/// <summary>One figure in large letters.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The figure with its unit.</param>
/// <param name="Note">What belongs to it, such as the figure that it is to be compared with; null for nothing.</param>
internal sealed record ReportTile(string Label, string Value, string? Note = null)
{
    /// <summary>A held-out gain with its error.</summary>
    public static ReportTile Gain(double gain, double error, int particles) => new(
        "Held-out gain", $"{(gain < 0 ? "\u2212" : "+")}{ReportText.Number(Math.Abs(gain))} ± {ReportText.Number(error, 2)}",
        $"log-likelihood per particle, {ReportText.Count(particles)} particles");
}
