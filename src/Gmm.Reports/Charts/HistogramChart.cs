using ScottPlot;
using SkiaSharp;

namespace Gmm.Reports;

/// <summary>Distributions side by side, such as the pose error before and after: the share of the values in each bin, in per cent.</summary>
public sealed class HistogramChart : Chart
{
    private readonly (string Name, double[] Values)[] _samples;

    /// <summary>Makes a histogram.</summary>
    /// <param name="title">The heading; none if empty.</param>
    /// <param name="x">The axis of the values. Values beyond limits given there count towards the total but are not shown.</param>
    /// <param name="samples">Names and values, in the order of the legend. Values that are not finite are left out.</param>
    /// <param name="bins">About how many bins; their edges are round numbers, the same for all samples.</param>
    /// <exception cref="ArgumentException">No sample, or one without a finite value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one bin.</exception>
    public HistogramChart(string title, ChartAxis x, IEnumerable<(string Name, double[] Values)> samples, int bins = 50)
        : base(title, 560, 400)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        _samples = [.. samples.Select(s => (s.Name, Array.FindAll(s.Values, double.IsFinite)))];
        (XAxis, Bins) = (x, bins);
        if (_samples.Length == 0 || Array.Exists(_samples, s => s.Values.Length == 0))
        {
            throw new ArgumentException($"The histogram \"{title}\" needs samples with at least one finite value each.", nameof(samples));
        }
    }

    /// <summary>The axis of the values.</summary>
    public ChartAxis XAxis { get; }

    /// <summary>About how many bins there are.</summary>
    public int Bins { get; }

    internal override void Draw(SKCanvas canvas, bool svg)
    {
        using var plot = CreatePlot();
        plot.Draw(canvas, svg);
    }

    internal ChartPlot CreatePlot()
    {
        var x = ChartPlot.Range(XAxis, _samples.Min(s => s.Values.Min()), _samples.Max(s => s.Values.Max()), 0);
        var step = RoundNumbers.Step(x.Max - x.Min, Bins);
        var first = Math.Floor((x.Min / step) + 1e-6) * step;
        var count = Math.Max(1, (int)Math.Ceiling(((x.Max - first) / step) - 1e-6));
        var shares = _samples.Select(s => Shares(s.Values, first, step, count)).ToArray();
        var last = first + (count * step);
        var plot = new ChartPlot(
            this, (XAxis, new CoordinateRange(XAxis.Minimum ?? first, XAxis.Maximum ?? last)),
            (new ChartAxis("Share (%)"), new CoordinateRange(0, shares.Max(s => s.Max()) * 1.06)))
        {
            HasLegend = _samples.Length > 1,
        };
        for (var i = shares.Length - 1; i >= 0; i--)
        {
            var edge = Outline(shares[i], first, step);
            var area = plot.Plot.Add.Polygon(edge);
            area.FillColor = ChartTheme.SeriesColour(i).WithAlpha(0.22);
            area.LineColor = ChartTheme.SeriesColour(i);
            area.LegendText = PictureText.Line(_samples[i].Name);
            plot.Dash(area, 1.4f, ChartTheme.SeriesPattern(i));
            plot.Occupy(edge);
            foreach (var (share, bin) in shares[i].Select((s, b) => (s, b)))
            {
                var middle = first + ((bin + 0.5) * step);
                plot.Occupy(new(middle, 0), new(middle, share));
            }
        }

        return plot;
    }

    /// <summary>Per cent of the values in each bin [first + i step, first + (i + 1) step); the last bin includes its end.</summary>
    internal static double[] Shares(double[] values, double first, double step, int count)
    {
        var shares = new double[count];
        foreach (var value in values)
        {
            var bin = (value - first) / step;
            if (bin >= 0 && bin <= count + 1e-9)
            {
                shares[Math.Min(count - 1, (int)bin)] += 100.0 / values.Length;
            }
        }

        return shares;
    }

    /// <summary>The steps of a histogram as one outline, so that no seam shows between bins.</summary>
    private static Coordinates[] Outline(double[] shares, double first, double step) =>
    [
        new(first, 0),
        .. shares.SelectMany((s, i) => new Coordinates[] { new(first + (i * step), s), new(first + ((i + 1) * step), s) }),
        new(first + (shares.Length * step), 0),
    ];
}
