using Gmm.Core;
using ScottPlot;
using SkiaSharp;

namespace Gmm.Reports;

/// <summary>
/// The distribution of viewing directions as a heat map over rot and tilt. Its height is the cosine of tilt, so that equal areas of the
/// picture are equal solid angles and an even distribution looks even; the colour is the number of particles over that of an even distribution.
/// </summary>
public sealed class OrientationChart : Chart
{
    private const double PicturePerDegree = 1.35;
    private const int LeastPerCell = 6;

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

    internal override void Draw(SKCanvas canvas, bool svg)
    {
        using var plot = CreatePlot();
        plot.Draw(canvas, svg);
    }

    internal ChartPlot CreatePlot()
    {
        var rots = Enumerable.Range(-3, 7).Select(i => (i * 60.0, PictureText.Number(i * 60))).ToArray();
        var tilts = Enumerable.Range(0, 7).Select(i => 30 * i).Select(t => (Math.Cos(t * Math.PI / 180), PictureText.Number(t))).ToArray();
        var plot = new ChartPlot(
            this, (new ChartAxis("Rot (°)") { Ticks = rots }, new CoordinateRange(-180, 180)),
            (new ChartAxis("Tilt (°)") { Ticks = tilts }, new CoordinateRange(-1, 1)));
        var cells = new double[Rows, Columns];
        Buffer.BlockCopy(_density, 0, cells, 0, _density.Length * sizeof(double));
        var step = RoundNumbers.Step(_density.Max(), 5);
        var map = plot.Plot.Add.Heatmap(cells);
        map.Rectangle = new CoordinateRect(-180, 180, -1, 1);
        (map.Colormap, map.ManualRange) = (new ScottPlot.Colormaps.Viridis(), new ScottPlot.Range(0, Math.Max(2, step * Math.Ceiling(_density.Max() / step))));
        plot.AddScale(map, "Times even distribution");
        return plot;
    }
}
