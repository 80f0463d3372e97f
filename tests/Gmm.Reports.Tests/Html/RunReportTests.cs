using System.Security.Cryptography;
using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Gmm.Testing;

namespace Gmm.Reports.Tests;

/// <summary>Reports without a browser: what is refused, and what the page carries.</summary>
public sealed class RunReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-report-").FullName;

    [Fact]
    public void The_libraries_are_those_of_the_list_in_Resources()
    {
        // Sums of Resources/README.md.
        Assert.Equal("99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba", Sum("plotly-basic.min.js"));
        Assert.Equal("f7cc78921ae72e7623e89cdd111434f58c2efddd2ffda1cd212644b406fb8016", Sum("3Dmol-min.js"));
    }

    [Theory]
    [InlineData("a < b & \"c\" 'd'")]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("<!-- --><![CDATA[")]
    [InlineData("line\nline\r\0\u2028\u2029\u0007")]
    public void Text_is_never_markup(string text)
    {
        var html = new HtmlWriter();
        html.Element("p", text, ("title", text));
        html.AddData("x", "plot", json => json.WriteString("text", text));
        var written = html.ToString();
        Assert.Equal(2, written.Count(c => c == '<'));
        Assert.DoesNotContain(written, c => char.IsControl(c) && c != '\n');
        // One block, which nothing inside ends, and which reads back as it was.
        Assert.Equal(2, html.Data.Count(c => c == '<'));
        Assert.DoesNotContain('\u2028', html.Data);
        var json = html.Data[(html.Data.IndexOf('>', StringComparison.Ordinal) + 1)..html.Data.LastIndexOf('<')];
        Assert.Equal(text, JsonDocument.Parse(json).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void What_is_no_run_is_refused_in_one_line()
    {
        Refused("there is no such folder", Path.Combine(_folder, "nowhere"));
        Refused("is not the folder of a run of gmm", _folder);
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "x");
        Refused("is a file", file);
        File.WriteAllText(Path.Combine(_folder, RunFolder.ManifestName), "{ \"broken\": ");
        Refused(RunFolder.ManifestName, _folder);
    }

    [Fact]
    public void A_run_of_another_kind_and_one_without_an_iteration_are_refused()
    {
        using (var run = RunFolder.Open(_folder, new RunFolderOptions { Job = "simulate", Program = "p" }))
        {
            run.Start([], []);
            File.WriteAllText(run.Claim("a.txt"), "x");
        }

        Refused("of which there is no report", _folder);
        var refine = Path.Combine(_folder, "refine");
        using (var run = RunFolder.Open(refine, new RunFolderOptions { Job = "refine", Program = "p" }))
        {
            run.Start([], []);
            File.WriteAllText(run.Claim("a.txt"), "x");
            Refused("no whole iteration yet", refine);
        }
    }

    [Fact]
    public void A_map_of_zeros_has_no_surface_and_keeps_its_slices()
    {
        var zero = new DensityMap(16, 2, new float[16 * 16 * 16]);
        Assert.Null(ViewerScene.Of([("zero", zero)], null, null, null, default, new ComputeOptions()));
        Assert.All(PagePanel.Of(("zero", zero)), p => Assert.All(p.Pixels, v => Assert.Equal(0, v)));
    }

    [Fact]
    public void A_scene_is_cut_to_the_mask_and_says_where_it_lies()
    {
        const int N = 24;
        var (map, mask) = (new float[N * N * N], new float[N * N * N]);
        for (var i = 0; i < map.Length; i++)
        {
            var (x, y, z) = (i % N, i / N % N, i / N / N);
            mask[i] = x is >= 6 and < 12 && y is >= 8 and < 18 && z is >= 4 and < 9 ? 1 : 0;
            map[i] = x + (100 * y) + (10_000 * z);
        }

        var scene = ViewerScene.Of([("m", new DensityMap(N, 3, map))], new SolventMask(N, 3, mask), null, null, (10, 20, 30), new ComputeOptions())!;
        // One voxel around it.
        Assert.Equal((8, 12, 7), scene.Size);
        Assert.Equal((10 + 15.0, 20 + 21.0, 30 + 9.0), scene.Origin);
        // x slowest: the voxel (8, 12, 6) of the map, inside the mask, in steps of the greatest over 255.
        var at = ((((8 - 5) * 12) + (12 - 7)) * 7) + (6 - 3);
        Assert.Equal(8 + 1200 + 60_000, scene.Maps[0].Voxels[at] / 255.0 * scene.Maps[0].Greatest, scene.Maps[0].Greatest / 255);
        // Outside the mask there is nothing.
        Assert.Equal(0, scene.Maps[0].Voxels[0]);
    }

    [Fact]
    public void All_maps_of_a_scene_fit_the_limit()
    {
        const int N = 160;
        var random = new Random(3);
        var map = new DensityMap(N, 1, [.. Enumerable.Range(0, N * N * N).Select(_ => (float)random.NextDouble())]);
        var scene = ViewerScene.Of([("a", map), ("b", map), ("c", map)], null, null, 2, default, new ComputeOptions())!;
        Assert.InRange(scene.Maps.Sum(m => m.Voxels.Length), ViewerScene.MostBytes * 0.8, ViewerScene.MostBytes);
        Assert.Equal(N, scene.Size.X * scene.PixelSize, 1e-9);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(8.7799, "8.78")]
    [InlineData(0.0533, "0.0533")]
    [InlineData(-0.00688, "\u22120.00688")]
    [InlineData(12345.6, "12\u202F346")]
    [InlineData(double.NaN, "–")]
    public void Numbers_have_the_digits_that_tell_something(double value, string text) => Assert.Equal(text, ReportText.Number(value));

    [Theory]
    [InlineData("the resolution is Nyquist, 7.08 A", "The resolution is Nyquist, 7.08 Å.")]
    [InlineData("moved by 0.5 deg, gain 4.1 +- 0.2", "Moved by 0.5°, gain 4.1 ± 0.2.")]
    [InlineData("chain A of 5 Amino acids", "Chain A of 5 Amino acids.")]
    public void Lines_of_a_terminal_get_the_signs_of_print(string line, string text) => Assert.Equal(text, ReportText.Sentence(line));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sum(string name) => Convert.ToHexStringLower(SHA256.HashData(PageResources.Bytes(name)));

    private void Refused(string words, string run)
    {
        var page = Path.Combine(_folder, "page.html");
        var error = Assert.Throws<InvalidInputException>(() => RunReport.Write(run, page));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(File.Exists(page));
    }
}
