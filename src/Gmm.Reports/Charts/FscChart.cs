namespace Gmm.Reports;

/// <summary>Makes the chart of Fourier shell correlations: correlation from 0 to 1 over resolution, with the threshold 0.143.</summary>
public static class FscChart
{
    /// <summary>Makes the chart.</summary>
    /// <param name="curves">Names, frequencies (1/angstrom) and correlations. A value that is not finite breaks its curve.</param>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="thresholds">Heights of the reference lines; 0.143 (gold-standard half maps) by default, 0.5 suits a map against a model.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentException">No curve, curves without a finite point, or a curve with as many frequencies as correlations not.</exception>
    public static LineChart Create(
        IEnumerable<(string Name, double[] Frequencies, double[] Values)> curves,
        string title = "Fourier shell correlation",
        IReadOnlyList<double>? thresholds = null)
    {
        var series = curves.Select(c => new ChartSeries(c.Name, c.Frequencies, c.Values)).ToArray();
        var end = series.SelectMany(s => s.X).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (!(end > 0))
        {
            throw new ArgumentException("An FSC chart needs at least one curve with a positive frequency.", nameof(curves));
        }

        var lowest = series.SelectMany(s => s.Y).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        var y = new ChartAxis("Correlation")
        {
            // Noise around 0 stays in sight without leaving a gap under curves that never get there.
            Minimum = lowest < -0.1 ? -0.2 : lowest < -0.005 ? -0.1 : 0,
            Maximum = 1,
            Ticks = [.. Enumerable.Range(0, 6).Select(i => (i * 0.2, NiceTicks.Label(i * 0.2, 0.2)))],
        };
        return new LineChart(title, ChartAxis.Resolution(end), y, series)
        {
            ReferenceLines = [.. (thresholds ?? [0.143]).Select(
                t => new ReferenceLine(t, t.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)))],
        };
    }
}
