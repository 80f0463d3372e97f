using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>Makes the chart of Fourier shell correlations: correlation from 0 to 1 over resolution, with the threshold 0.143.</summary>
public static class FscChart
{
    /// <summary>Makes the chart.</summary>
    /// <param name="curves">
    /// Names, frequencies (1/angstrom) and correlations, the first drawn over the others. A value that is not finite breaks its curve.
    /// </param>
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

        // Noise around 0 stays in sight, however low, without leaving a gap under curves that never get there.
        var lowest = series.SelectMany(s => s.Y).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        var y = new ChartAxis("Correlation") { Minimum = lowest < -0.005 ? Math.Max(-1, Math.Floor((lowest - 0.005) * 10) / 10) : 0, Maximum = 1 };
        return new LineChart(title, ChartAxis.Resolution(end), y, series)
        {
            ReferenceLines = [.. (thresholds ?? [0.143]).Select(t => new ReferenceLine(t, PictureText.Number(t)))],
        };
    }

    /// <summary>
    /// Makes the chart of the four curves of a gold-standard FSC with a mask; the heading says the resolution, the legend that of each curve.
    /// </summary>
    /// <param name="curves">The curves.</param>
    /// <returns>The chart.</returns>
    public static LineChart Create(CorrectedFsc curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        double[] frequencies = [.. curves.Corrected.Frequencies];
        var resolution = curves.Resolution is not { } r ? "no resolution"
            : (curves.IsNyquist ? "Nyquist, " : string.Empty) + Resolution(r) + " (masked, corrected)";

        // The curve that counts comes first: often the masked one lies on it, and must not hide it.
        return Create(
            [
                (curves.Resolution is null ? "masked, corrected" : Label("masked, corrected", curves.Corrected), frequencies, [.. curves.Corrected.Values]),
                (Label("masked", curves.Masked), frequencies, [.. curves.Masked.Values]),
                (Label("unmasked", curves.Unmasked), frequencies, [.. curves.Unmasked.Values]),
                ("masked, phases random", frequencies, [.. curves.Randomised.Values]),
            ],
            "FSC of the half maps: " + resolution);
    }

    /// <summary>The name of a curve with the resolution that is read from it: "masked, corrected: 3.42 Å".</summary>
    /// <param name="name">What the curve is.</param>
    /// <param name="curve">The curve.</param>
    /// <param name="threshold">Correlation at which the resolution is read.</param>
    /// <returns>The name for the legend; it says if the curve never falls below the threshold, or starts below.</returns>
    public static string Label(string name, FscCurve curve, double threshold = 0.143)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return curve[1] < threshold ? $"{name}: none"
            : curve.Falls(threshold) ? $"{name}: {Resolution(curve.Resolution(threshold))}"
            : $"{name}: Nyquist, {Resolution(curve.Resolution(threshold))}";
    }

    private static string Resolution(double angstrom) => FormattableString.Invariant($"{angstrom:F2} Å");
}
