using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Reports.Tests;

public class MapViewsTests
{
    [Fact]
    public void Maps_side_by_side_have_a_column_each()
    {
        const int N = 8;
        var maps = new[] { "a", "b", "c" }.Select((name, k) =>
        {
            var voxels = new float[N * N * N];
            voxels[(((N / 2 * N) + 2) * N) + 1 + k] = 5; // z in the middle, y 2, x 1 + k
            return (name, (DensityMap)new RenderedMap(N, 2, voxels));
        }).ToArray();
        var grid = MapViews.SideBySide("Maps", maps);
        Assert.Equal(
            ["a, slice xy", "b, slice xy", "c, slice xy", "a, slice yz", "b, slice yz", "c, slice yz", "a, along z", "b, along z", "c, along z"],
            grid.Panels.Select(p => p.Label));
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal((2 * N) + 1 + k, Array.IndexOf(grid.Panels[k].Pixels, 5f));
            Assert.Equal((2 * N) + 1 + k, Array.IndexOf(grid.Panels[6 + k].Pixels, 5f));
        }

        Assert.Throws<ArgumentException>(() => MapViews.SideBySide("none", []));
    }

    [Fact]
    public void Map_views_cut_across_the_right_axis()
    {
        const int N = 4;
        var voxels = new float[N * N * N];
        voxels[(((3 * N) + 2) * N) + 1] = 5; // x 1, y 2, z 3
        var map = new RenderedMap(N, 2, voxels);

        Assert.Equal((2 * N) + 1, Array.IndexOf(MapViews.Cut(map, 2, 0, N), 5f));
        Assert.Equal((3 * N) + 1, Array.IndexOf(MapViews.Cut(map, 1, 0, N), 5f));
        Assert.Equal((3 * N) + 2, Array.IndexOf(MapViews.Cut(map, 0, 0, N), 5f));
        Assert.DoesNotContain(5f, MapViews.Cut(map, 2, 2, 3));
        var svg = new SvgPicture(MapViews.Create("Maps", [("a", map)]));
        Assert.Equal(6, svg.Images.Count());
        Assert.Superset(new HashSet<string> { "Maps", "a, slice xy", "a, along x", "2 Å" }, svg.Texts.ToHashSet());
        var embedded = new PngReader(Convert.FromBase64String(
            svg.Images.ElementAt(3).Attributes().Single(a => a.Name.LocalName == "href").Value.Split(',')[1]));
        Assert.Equal((N, N, 1), (embedded.Width, embedded.Height, embedded.Channels));

        // The first stored row is at the bottom.
        Assert.Equal(255, embedded[1, N - 1 - 2, 0]);
    }

    [Fact]
    public void A_panel_shows_its_pixels_where_they_lie()
    {
        // Black but for the left half of the upper row, which is stored last.
        var grid = new ImageGrid(string.Empty, [new ImagePanel("p", [0, 0, 1, 0], 2, 2) { Limits = (0, 1) }], 1, 100);
        var png = new PngReader(grid.ToPng(1));
        Assert.Equal((124, 138), (png.Width, png.Height));
        Assert.True(png[12 + 15, 26 + 15, 0] > 230, "upper left");
        Assert.True(png[12 + 85, 26 + 15, 0] < 25 && png[12 + 15, 26 + 85, 0] < 25 && png[12 + 85, 26 + 85, 0] < 25, "the others");
    }
}
