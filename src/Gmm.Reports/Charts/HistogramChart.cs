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

    internal override void Draw(ICanvas canvas)
    {
        var (low, high) = (_samples.Min(s => s.Values.Min()), _samples.Max(s => s.Values.Max()));
        var x = AxisScale.Create(XAxis, low, high);
        var step = NiceTicks.Step(x.Maximum - x.Minimum, Bins);
        var first = Math.Floor((x.Minimum / step) + 1e-6) * step;
        var count = Math.Max(1, (int)Math.Ceiling(((x.Maximum - first) / step) - 1e-6));
        var shares = _samples.Select(s => Shares(s.Values, first, step, count)).ToArray();
        var y = AxisScale.Create(new ChartAxis("Share (%)") { Minimum = 0 }, 0, shares.Max(s => s.Max()) * 1.05);
        var frame = new PlotFrame(Title, x, y, Width, Height);
        var drawn = new List<(double X, double Y)>();
        for (var i = 0; i < shares.Length; i++)
        {
            DrawSample(canvas, frame, shares[i], first, step, ChartTheme.SeriesLine(i, dashed: false), drawn);
        }

        frame.DrawAxes(canvas);
        if (_samples.Length > 1)
        {
            new Legend([.. _samples.Select((s, i) => (s.Name, ChartTheme.SeriesLine(i, false) with { Width = 7 }))]).Draw(canvas, frame, drawn);
        }
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

    private static void DrawSample(
        ICanvas canvas, PlotFrame frame, double[] shares, double first, double step, LineStyle style, List<(double X, double Y)> drawn)
    {
        var edgeX = new List<double>();
        var edgeY = new List<double>();
        for (var i = 0; i < shares.Length; i++)
        {
            var (from, to) = (first + (i * step), first + ((i + 1) * step));
            // Whole pixels, so that neighbouring bars leave no seam.
            var (left, right, top) = (Math.Round(Math.Max(frame.Left, frame.X(from))), Math.Round(Math.Min(frame.Right, frame.X(to))), frame.Y(shares[i]));
            if (shares[i] > 0 && right > left)
            {
                canvas.Rectangle(left, top, right - left, frame.Bottom - top, style.Colour, 0.25);
                for (var y = top; y < frame.Bottom; y += 8)
                {
                    drawn.Add(((left + right) / 2, y));
                }
            }

            edgeX.AddRange([from, to]);
            edgeY.AddRange([shares[i], shares[i]]);
        }

        frame.DrawLine(canvas, edgeX, edgeY, style with { Width = 1.4 });
    }
}
