using System.Buffers.Binary;
using System.Text;
using Gmm.Core;
using Gmm.TestData;
using ScottPlot;
using ScottPlot.Plottables;

namespace Gmm.Reports.Tests;

/// <summary>Films and scripts that show a motion.</summary>
public class MotionPicturesTests
{
    private static readonly GaussianModel Body = new(
        [.. Enumerable.Range(0, 60).Select(j => (float)((j % 4 * 6) - 4))],
        [.. Enumerable.Range(0, 60).Select(j => (float)((j / 4 % 3 * 7) - 6))],
        [.. Enumerable.Range(0, 60).Select(j => (float)((j / 12 * 5) - 9))],
        [.. Enumerable.Repeat(1f, 60)],
        [.. Enumerable.Repeat(3f, 60)],
        64, 2);

    [Fact]
    public void An_animation_is_a_PNG_with_all_frames_there_and_back()
    {
        static ImageGrid Frame(float value) => new(string.Empty, [new ImagePanel("view", [0, value, 0, 1], 2, 2) { Limits = (0, 1) }], 1, 40);
        var bytes = AnimatedPng.Encode([Frame(0), Frame(0.5f), Frame(1)], 120, thereAndBack: true, 1);
        var first = new PngReader(bytes);
        Assert.Equal((64, 78), (first.Width, first.Height));
        var controls = new List<(int Sequence, int Width, int Delay)>();
        var frames = 0;
        var shown = new List<int> { LowerRight(first) };
        for (var at = 8; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var body = bytes.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(bytes, at + 4, 4))
            {
                case "acTL":
                    frames = BinaryPrimitives.ReadInt32BigEndian(body);
                    break;
                case "fcTL":
                    controls.Add((
                        BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]),
                        BinaryPrimitives.ReadUInt16BigEndian(body[20..])));
                    break;
                case "fdAT":
                    Assert.Equal(controls[^1].Sequence + 1, BinaryPrimitives.ReadInt32BigEndian(body));
                    shown.Add(LowerRight(new PngReader(Alone(bytes, body[4..]))));
                    break;
            }

            at += 12 + length;
        }

        // 1 2 3 2: sequence numbers of controls and data together run without a gap.
        // The lower right corner of the view goes from black over grey to white and back.
        Assert.Equal(4, frames);
        Assert.Equal([0, 128, 255, 128], shown);
        Assert.Equal([(0, 64, 120), (1, 64, 120), (3, 64, 120), (5, 64, 120)], controls);
        Assert.Throws<ArgumentException>(() => AnimatedPng.Encode([], 100, true, 1));
    }

    [Fact]
    public void A_movie_shows_the_views_by_the_projector_in_one_range_of_grey()
    {
        var moved = AlongX(Body, 10);
        var movie = MotionMovie.Create("motion", ["half 1", "half 2"], [("1 of 2", [Body, Body]), ("2 of 2", [moved, Body])], 10, 64);
        Assert.Equal(2, movie.Count);
        Assert.Equal(
            ["half 1, along z", "half 1, along y", "half 1, along x", "half 2, along z", "half 2, along y", "half 2, along x"],
            movie[0].Panels.Select(p => p.Label));
        Assert.Throws<ArgumentException>(() => MotionMovie.Create("motion", ["half 1", "half 2"], [("1", [Body])], 10));
        Assert.Equal(movie[0].Panels[0].Limits, movie[1].Panels[0].Limits);

        // The centre of mass moves by 10 A along x in the views along z and y, and not in that along x, whose horizontal axis is y.
        for (var v = 0; v < 3; v++)
        {
            var shift = CentreX(movie[1].Panels[v]) - CentreX(movie[0].Panels[v]);
            Assert.Equal(v == 2 ? 0 : 10, shift * Body.PixelSize, 0.3);
            Assert.Equal(movie[0].Panels[3 + v].Pixels, movie[1].Panels[3 + v].Pixels);
        }
    }

    [Fact]
    public void Density_has_every_point_in_one_cell_and_scripts_name_files_beside_them()
    {
        double[] x = [0, 0.1, 5, double.NaN], y = [0, 0.1, 5, 1];
        var chart = new DensityChart(
            "density", new ChartAxis("x"), new ChartAxis("y"), x, y, [new ChartSeries("row", [0, 5], [0, 5]) { Markers = true }])
        {
            Cells = 10,
        };
        var grid = chart.Count(new CoordinateRange(0, 5), new CoordinateRange(0, 5));
        Assert.Equal((10, 10, 0.5), (grid.Columns, grid.Rows, grid.CellWidth));
        Assert.Equal((2, 1, 3), (grid.Counts[0], grid.Counts[99], grid.Counts.Sum()));
        Assert.Superset(new HashSet<string> { "row", "Points in a cell", "0", "1", "2" }, new SvgPicture(chart).Texts.ToHashSet());
        Assert.Throws<ArgumentException>(() => new DensityChart("none", new ChartAxis("x"), new ChartAxis("y"), [double.NaN], [1]));

        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            MotionScript.WriteModels(Path.Combine(folder, "m.cxc"), [Path.Combine(folder, "a.cif"), Path.Combine(folder, "b.cif")], "what moves");
            var text = File.ReadAllText(Path.Combine(folder, "m.cxc"));
            Assert.StartsWith("# what moves\n", text, StringComparison.Ordinal);
            Assert.Contains("open \"a.cif\"\nopen \"b.cif\"\n", text, StringComparison.Ordinal);
            Assert.Contains("morph #1-2 ", text, StringComparison.Ordinal);
            Assert.Contains("coordset #3 1,", text, StringComparison.Ordinal);
            MotionScript.WriteMaps(Path.Combine(folder, "v.cxc"), [Path.Combine(folder, "a.mrc"), Path.Combine(folder, "b.mrc")]);
            Assert.Contains("open \"a.mrc\" \"b.mrc\" vseries true", File.ReadAllText(Path.Combine(folder, "v.cxc")), StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => MotionScript.WriteMaps(Path.Combine(folder, "w.cxc"), []));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Axes_of_one_quantity_have_one_scale_and_square_cells()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => i % 100 / 10.0)], y = [.. Enumerable.Range(0, 1000).Select(i => i / 100 / 5.0)];
        var chart = new DensityChart("density", new ChartAxis("x"), new ChartAxis("y"), x, y) { EqualScales = true };
        using var plot = chart.CreatePlot();
        plot.Settle();
        Assert.Equal(plot.Plot.LastRender.PxPerUnitX, plot.Plot.LastRender.PxPerUnitY, 1e-6);
        var grid = chart.Count(new CoordinateRange(0, 10), new CoordinateRange(0, 2));
        Assert.Equal((grid.CellWidth, chart.Cells, 1000), (grid.CellHeight, grid.Columns, grid.Counts.Sum()));
        var map = plot.Plot.PlottableList.OfType<Heatmap>().Single();
        Assert.Equal(map.GetRange().Max, map.Intensities.Cast<double>().Where(double.IsFinite).Max());

        // A flat cloud still has cells with a height, around it.
        var flat = new DensityChart("flat", new ChartAxis("x"), new ChartAxis("y"), x, [.. x.Select(v => v * 1e-6)]) { EqualScales = true };
        using var flatPlot = flat.CreatePlot();
        var extent = flatPlot.Plot.PlottableList.OfType<Heatmap>().Single().GetAlignedExtent();
        Assert.True(extent.Bottom < 0 && extent.Top > 1e-5 && extent.Height > extent.Width / 100, $"{extent}");
        using var free = new DensityChart("density", new ChartAxis("x"), new ChartAxis("y"), x, y).CreatePlot();
        free.Settle();
        Assert.True(free.Plot.LastRender.PxPerUnitY > 2 * free.Plot.LastRender.PxPerUnitX);
    }

    private static int LowerRight(PngReader picture) => picture[12 + 39, 26 + 39, 0];

    /// <summary>A frame as a picture of its own: the header, its data, the end.</summary>
    private static byte[] Alone(byte[] animation, ReadOnlySpan<byte> data)
    {
        using var file = new MemoryStream();
        file.Write(animation.AsSpan(0, 33));
        PngChunks.Write(file, "IDAT"u8, data);
        PngChunks.Write(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static double CentreX(ImagePanel panel)
    {
        double sum = 0, total = 0;
        for (var i = 0; i < panel.Pixels.Length; i++)
        {
            (sum, total) = (sum + (panel.Pixels[i] * (i % panel.Columns)), total + panel.Pixels[i]);
        }

        return sum / total;
    }

    private static GaussianModel AlongX(GaussianModel model, float angstrom)
    {
        var move = new ModelDeformation(model.Count);
        move.X.Fill(angstrom);
        return move.Apply(model);
    }
}
