using Gmm.Core;

namespace Gmm.Reports;

/// <summary>
/// The distribution of viewing directions as a heat map over rot and tilt. Its height is the cosine of tilt, so that equal areas of the
/// picture are equal solid angles and an even distribution looks even; the colour is the number of particles over that of an even distribution.
/// </summary>
public sealed class OrientationChart : Chart
{
    private const double PicturePerDegree = 1.35;
    private const double BarWidth = 14;
    private const int LeastPerCell = 6;

    // Viridis (Smith and van der Walt, CC0) at eighths.
    private static readonly (int R, int G, int B)[] s_colours =
        [(68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140), (40, 174, 128), (94, 201, 98), (173, 220, 48), (253, 231, 37)];

    private readonly double[] _density;

    private OrientationChart(string title, int columns, int rows, double[] density, int particles)
        : base(title, (360 * PicturePerDegree) + 130, 380) =>
        (Columns, Rows, _density, ParticleCount) = (columns, rows, density, particles);

    /// <summary>Cells along rot.</summary>
    public int Columns { get; }

    /// <summary>Cells along tilt.</summary>
    public int Rows { get; }

    /// <summary>Particles counted.</summary>
    public int ParticleCount { get; }

    /// <summary>
    /// Particles in each cell over the number that an even distribution has there, row by row from tilt 0, columns from rot -180 degrees; all
    /// cells have the same solid angle.
    /// </summary>
    public IReadOnlyList<double> Density => _density;

    /// <summary>Part of the sphere's cells that no particle is seen from.</summary>
    public double EmptyFraction => (double)_density.Count(d => d == 0) / _density.Length;

    /// <summary>Counts the viewing directions.</summary>
    /// <param name="rotations">The particles' orientations.</param>
    /// <param name="title">The heading; none if empty.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentException">No orientation, or one that is not finite.</exception>
    public static OrientationChart Create(IEnumerable<Rotation> rotations, string title = "Viewing directions")
    {
        var directions = rotations.Select(r => (X: r.M20, Y: r.M21, Z: r.M22)).ToArray();
        if (directions.Length == 0 || !Array.TrueForAll(directions, d => double.IsFinite(d.X + d.Y + d.Z)))
        {
            throw new ArgumentException("An orientation chart needs orientations, all of them finite.", nameof(rotations));
        }

        // Enough particles in a cell that chance does not look like a preference.
        var rows = Math.Clamp((int)Math.Sqrt(directions.Length / (2.0 * LeastPerCell)), 4, 36);
        var columns = 2 * rows;
        var density = new double[rows * columns];
        var share = (double)density.Length / directions.Length;
        foreach (var (x, y, z) in directions)
        {
            var column = (int)((Math.Atan2(y, x) + Math.PI) / (2 * Math.PI) * columns);
            var row = (int)((1 - z) / 2 * rows);
            density[(Math.Clamp(row, 0, rows - 1) * columns) + Math.Clamp(column, 0, columns - 1)] += share;
        }

        return new OrientationChart(title, columns, rows, density, directions.Length);
    }

    internal override void Draw(ICanvas canvas)
    {
        var x = AxisScale.Create(
            new ChartAxis("Rot (°)")
            {
                Minimum = -180,
                Maximum = 180,
                Ticks = [.. Enumerable.Range(-3, 7).Select(i => (i * 60.0, NiceTicks.Label(i * 60, 60)))],
            }, -180, 180);
        var tilts = Enumerable.Range(0, 7).Select(i => 30 * i).Select(t => (Math.Cos(t * Math.PI / 180), NiceTicks.Label(t, 30))).ToArray();
        var y = AxisScale.Create(new ChartAxis("Tilt (°)") { Minimum = -1, Maximum = 1, Ticks = tilts }, -1, 1);
        var frame = new PlotFrame(Title, x, y, Width - 74, Height);
        var step = NiceTicks.Step(_density.Max(), 5);
        var top = Math.Max(2, step * Math.Ceiling(_density.Max() / step));
        double width = (frame.Right - frame.Left) / Columns, height = (frame.Bottom - frame.Top) / Rows;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                // A little wider than the cell, so that no white shows between neighbours.
                canvas.Rectangle(
                    frame.Left + (column * width), frame.Top + (row * height), width + (column < Columns - 1 ? 0.5 : 0), height + (row < Rows - 1 ? 0.5 : 0),
                    Colour(_density[(row * Columns) + column] / top));
            }
        }

        frame.DrawAxes(canvas);
        DrawBar(canvas, frame, top);
    }

    private static Rgb Colour(double level)
    {
        var at = Math.Clamp(level, 0, 1) * (s_colours.Length - 1);
        var i = Math.Min((int)at, s_colours.Length - 2);
        var (a, b, t) = (s_colours[i], s_colours[i + 1], at - i);
        return new Rgb((byte)(a.R + (t * (b.R - a.R))), (byte)(a.G + (t * (b.G - a.G))), (byte)(a.B + (t * (b.B - a.B))));
    }

    private void DrawBar(ICanvas canvas, PlotFrame frame, double top)
    {
        const int Steps = 64;
        var left = frame.Right + 18;
        var step = (frame.Bottom - frame.Top) / Steps;
        for (var i = 0; i < Steps; i++)
        {
            canvas.Rectangle(left, frame.Bottom - ((i + 1) * step), BarWidth, step + (i > 0 ? 0.5 : 0), Colour((i + 0.5) / Steps));
        }

        var ticks = NiceTicks.Step(top, 4);
        for (var v = 0.0; v <= top * 1.0001; v += ticks)
        {
            var y = frame.Bottom - (v / top * (frame.Bottom - frame.Top));
            canvas.Polyline([(left + BarWidth, ChartTheme.Crisp(y - 0.25)), (left + BarWidth + 4, ChartTheme.Crisp(y - 0.25))], ChartTheme.AxisLine);
            canvas.Text(left + BarWidth + 7, y + (ChartTheme.SmallSize * 0.36), NiceTicks.Label(v, ticks), new TextStyle(ChartTheme.SmallSize, ChartTheme.Ink));
        }

        canvas.Text(
            Width - 14, (frame.Top + frame.Bottom) / 2, "Times even distribution",
            new TextStyle(ChartTheme.SmallSize, ChartTheme.Ink, TextAnchor.Middle, Upwards: true));
    }
}
