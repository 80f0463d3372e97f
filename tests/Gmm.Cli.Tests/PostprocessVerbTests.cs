using System.Xml.Linq;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public class PostprocessVerbTests
{
    [Fact]
    public void Half_maps_give_maps_tables_and_pictures()
    {
        using var tool = new Tool();
        var (a, b) = tool.Halves();
        var json = Tool.Run("postprocess", a, b, "--fit-from", "20", "--fit-to", "5", "--out", tool["post/p"], "--json").Json();
        var files = json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).ToArray();
        Assert.All(files, f => Assert.True(new FileInfo(f).Length > 0, f));
        var star = StarFile.Read(tool["post/p_fsc.star"]);
        Assert.Equal(json.GetProperty("b_factor_A2").GetDouble(), star.Find("general")!.GetDouble("rlnBfactorUsedForSharpening"), 2e-3);
        Assert.Equal(13, star.Find("fsc")!.Table!.RowCount);
        var xml = XDocument.Load(tool["post/p_fsc.xml"]).Root!;
        Assert.Equal(13, xml.Elements("coordinate").Count());
        Assert.Equal(
            star.Find("fsc")!.Table!.GetDouble(3, FscFile.Corrected),
            double.Parse(xml.Elements("coordinate").ElementAt(3).Element("y")!.Value, System.Globalization.CultureInfo.InvariantCulture), 1e-4);
        var (map, masked) = (MrcFile.ReadMap(tool["post/p.mrc"]), MrcFile.ReadMap(tool["post/p_masked.mrc"]));
        Assert.Contains(0, masked.Voxels);
        Assert.DoesNotContain(0, map.Voxels);
        Assert.Contains("p_masked.mrc", File.ReadAllText(tool["post/p.cxc"]), StringComparison.Ordinal);
        var page = File.ReadAllText(tool["post/p_report.html"]);
        Assert.All(
            ["map", "resolution", "slices", "next", "made"],
            s => Assert.Contains($"<section class=\"card\" id=\"{s}\">", page, StringComparison.Ordinal));
        Assert.Contains(System.FormattableString.Invariant($"{json.GetProperty("resolution_05_A").GetDouble():F2} Å"), page, StringComparison.Ordinal);

        // Filtered to the local resolution: the same molecule.
        Tool.Run("postprocess", a, b, "--b-factor", "0", "--out", tool["z"]).RequireSuccess();
        var inside = MrcFile.ReadMap(tool["z_masked.mrc"]).Voxels.Select(v => v != 0).ToArray();
        float[] Inside(string file) => [.. MrcFile.ReadMap(tool[file]).Voxels.Where((_, i) => inside[i])];
        Assert.InRange(Correlation(Inside("z.mrc"), Inside("z_local.mrc")), 0.8, 0.99999);

        var model = Tool.Run("postprocess", a, b, "--model", tool["model.pdb"], "--out", tool["m"], "--json").Json();
        Assert.True(model.GetProperty("model_amplitudes").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, model.GetProperty("b_factor_A2").ValueKind);
        Assert.Contains("exists already", Tool.Run("postprocess", a, b, "--out", tool["m"]).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Local_resolution_gives_quantiles_a_map_in_place_a_picture_and_a_script()
    {
        using var tool = new Tool();
        var (a, b) = tool.Halves();
        MrcFile.WriteVolume(tool["a.mrc"], MrcFile.ReadVolume(a) with { Origin = (5, 6, 7) });
        var json = Tool.Run("localres", tool["a.mrc"], b, "--out", tool["l/loc.mrc"], "--json").Json();
        var quantiles = json.GetProperty("quantiles_A").EnumerateArray().Select(q => q.GetDouble()).ToArray();
        Assert.Equal(quantiles.Order(), quantiles);
        Assert.Equal(quantiles[2], json.GetProperty("median_A").GetDouble());
        Assert.InRange(json.GetProperty("median_A").GetDouble(), 5, 20);
        var map = MrcFile.ReadVolume(tool["l/loc.mrc"]);
        Assert.Equal((5, 6, 7), map.Origin);
        Assert.All(map.Voxels, v => Assert.InRange(v, 5, 20.001)); // Nyquist to the coarsest band, a third of the box of 60 A
        Assert.All(json.GetProperty("files").EnumerateArray(), f => Assert.True(new FileInfo(f.GetString()!).Length > 0));
        var script = File.ReadAllText(tool["l/loc.cxc"]);
        Assert.Contains("open \"loc_filtered.mrc\"", script, StringComparison.Ordinal);
        Assert.Contains("color sample #1 map #2 palette ", script, StringComparison.Ordinal);
        Assert.Contains("both half maps", Tool.Run("localres", a, a, "--out", tool["q.mrc"]).Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_that_cannot_be_right_are_refused_or_warned_of()
    {
        using var tool = new Tool();
        var (a, b) = tool.Halves();
        Assert.Contains("is not a mask", Tool.Run("postprocess", a, b, "--mask", a, "--out", tool["p"]).Line(), StringComparison.Ordinal);
        Tool.Run("mask", a, "--sphere", "20", "--soft-edge", "0", "--out", tool["hard.mrc"]).RequireSuccess();
        var run = Tool.Run("postprocess", a, b, "--mask", tool["hard.mrc"], "--b-factor", "-20", "--out", tool["p"], "--json");
        Assert.Contains("{\"event\":\"warning\"", run.Error, StringComparison.Ordinal);
        Assert.Contains("binary", run.Error, StringComparison.Ordinal);
        Assert.Equal(-20, run.Json().GetProperty("b_factor_A2").GetDouble());
        Assert.Contains(
            "--b-factor: ", Tool.Run("postprocess", a, b, "--model", tool["model.pdb"], "--b-factor", "3", "--out", tool["q"]).Line(),
            StringComparison.Ordinal);
        Assert.Contains("both half maps", Tool.Run("postprocess", a, a, "--out", tool["q"]).Line(), StringComparison.Ordinal);

        // A model that the box cannot hold: its file is named.
        File.WriteAllLines(tool["large.pdb"], new[] { -900, 900, 0, 10 }.Select((x, i) => FormattableString.Invariant(
            $"ATOM  {i + 1,5}  CA  ALA A{i + 1,4}    {x,8:F3}{0,8:F3}{0,8:F3}  1.00 10.00           C")));
        Assert.Contains(
            "large.pdb: The model reaches", Tool.Run("postprocess", a, b, "--model", tool["large.pdb"], "--out", tool["q"]).Line(), StringComparison.Ordinal);
        Assert.Contains("--fit-from: ", Tool.Run("postprocess", a, b, "--fit-from", "0", "--out", tool["q"]).Line(), StringComparison.Ordinal);
    }

    private static double Correlation(float[] a, float[] b)
    {
        double p = a.Average(), q = b.Average(), ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            (ab, aa, bb) = (ab + ((a[i] - p) * (b[i] - q)), aa + ((a[i] - p) * (a[i] - p)), bb + ((b[i] - q) * (b[i] - q)));
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
