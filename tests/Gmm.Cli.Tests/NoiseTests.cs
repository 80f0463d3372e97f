using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Cli.Tests;

/// <summary>Of noise no verb makes a number: it says so in words, in JSON and in the record.</summary>
public class NoiseTests
{
    private const int Size = 32;

    [Fact]
    public void Half_maps_of_noise_have_no_resolution()
    {
        using var tool = new Tool();
        var (a, b) = (Noise(tool, "a.mrc", 1), Noise(tool, "b.mrc", 2));
        var fsc = Tool.Run("fsc", a, b, "--json");
        Assert.Contains("no resolution: the maps agree no more than noise does", fsc.Error, StringComparison.Ordinal);
        RequireNone(fsc.Json());
        Assert.Contains("unmasked: no resolution", Tool.Run("fsc", a, b, "--mask", Sphere(tool), "--phase-randomise").Output, StringComparison.Ordinal);

        var post = Tool.Run("postprocess", a, b, "--out", tool["p"], "--json");
        RequireNone(post.Json());
        Assert.Contains("sphere that fills the box", post.Error, StringComparison.Ordinal);
        Assert.Contains("neither sharpened nor filtered", post.Error, StringComparison.Ordinal);
        Assert.Contains("Without a resolution there is nothing to filter by", File.ReadAllText(tool["p_report.html"]), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(999, StarFile.Read(tool["p_fsc.star"]).Find("general")!.GetDouble("rlnFinalResolution"));

        Assert.Contains(
            "No mask can be made: the half maps agree no more than noise does", Tool.Run("mask", a, b, "--out", tool["m.mrc"]).Line(),
            StringComparison.Ordinal);

        var local = Tool.Run("localres", a, b, "--out", tool["l.mrc"], "--json").Json();
        Assert.All(local.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));
        Assert.False(File.Exists(tool["l_histogram.png"]) || File.Exists(tool["l_histogram.svg"]));
        File.WriteAllText(tool["l_histogram.png"], "of another map");
        Tool.Run("localres", a, b, "--out", tool["l.mrc"], "--overwrite").RequireSuccess();
        Assert.False(File.Exists(tool["l_histogram.png"]));
        Assert.True(local.GetProperty("no_signal").GetBoolean());
        Assert.Equal(JsonValueKind.Null, local.GetProperty("median_A").ValueKind);
        Assert.All(MrcFile.ReadMap(tool["l.mrc"]).Voxels, v => Assert.Equal(Size * 3, v, 1e-2f));
    }

    [Fact]
    public void A_refinement_of_noise_ends_at_once_with_no_signal_in_its_record()
    {
        using var tool = new Tool();
        var folder = tool["noise"];
        Tool.Run(
            "simulate", tool.WriteModel(), "--out", folder, "--particles", "40", "--box", "24", "--pixel-size", "2.5", "--snr", "1", "--pure-noise")
            .RequireSuccess();
        var run = Tool.Run("refine", Path.Combine(folder, "disturbed.star"), "--out", tool["r"], "--json");
        var json = run.Json();
        RequireNone(json);
        Assert.Equal("no_signal", json.GetProperty("verdict").GetProperty("outcome").GetString());
        Assert.Equal(0, json.GetProperty("iterations").GetArrayLength());
        using var record = JsonDocument.Parse(File.ReadAllText(tool["r/run.json"]));
        RequireNone(record.RootElement);
        Assert.Equal("no_signal", record.RootElement.GetProperty("verdict").GetProperty("outcome").GetString());
        Assert.Contains("no resolution", record.RootElement.GetProperty("stop_reason").GetString(), StringComparison.Ordinal);
        RequireFiles(tool, "r", json);

        var turned = Tool.Run("refine", Path.Combine(folder, "disturbed.star"), "--out", tool["d2"], "--symmetry", "D2", "--json");
        RequireFiles(tool, "d2", turned.Json());
        Assert.DoesNotContain("turned copies", turned.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(tool["d2/run.json"]);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
        using var symmetric = JsonDocument.Parse(text);
        var check = symmetric.RootElement.GetProperty("iterations")[0].GetProperty("symmetry");
        Assert.Equal(JsonValueKind.Null, check.GetProperty("correlation").ValueKind);
        Assert.Equal(JsonValueKind.Null, check.GetProperty("resolution_A").ValueKind);
        Assert.True(double.IsNaN(Gmm.Refinement.RunRecord.Read(tool["d2/run.json"]).Iterations[0].Symmetry!.Correlation));
    }

    /// <summary>No model is made of noise, so none is listed.</summary>
    private static void RequireFiles(Tool tool, string folder, JsonElement json)
    {
        string[] files = [.. json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
        Assert.Contains(files, f => f.EndsWith("run.json", StringComparison.Ordinal));
        Assert.All(files, f => Assert.True(File.Exists(f), f));
        Assert.False(File.Exists(tool[folder + "/run_model_half1.star"]));
    }

    /// <summary>Models of gmm refine say which half of which particles they are of; given to the other half they would decide its poses.</summary>
    [Fact]
    public void Half_models_are_not_taken_for_each_other()
    {
        using var tool = new Tool();
        var star = Path.Combine(tool.Simulate(), "true.star");
        Tool.Run("refine", star, "--out", tool["r"], "--iterations", "1", "--gaussians", "40").RequireSuccess();
        string[] models = [tool["r/run_model_half1.star"], tool["r/run_model_half2.star"]];
        Assert.Equal(2, GaussianModelFile.ReadOrigin(models[1])!.Half);

        ToolRun Learn(string particles, string first, string second) => Tool.Run(
            "heterogeneity", particles, "--model-half1", first, "--model-half2", second, "--out", tool["h"], "--latent", "1", "--resolution", "8",
            "--epochs", "0", "--overwrite");
        Assert.Contains("the models are swapped", Learn(star, models[1], models[0]).Line(), StringComparison.Ordinal);

        // The halves dealt anew.
        var text = File.ReadAllLines(star);
        var column = Array.FindIndex(text, l => l.StartsWith("_rlnRandomSubset", StringComparison.Ordinal));
        var at = int.Parse(text[column].Split('#')[1], System.Globalization.CultureInfo.InvariantCulture) - 1;
        for (var i = 0; i < text.Length; i++)
        {
            var cells = text[i].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (i > column && cells.Length > at && text[i].Contains('@', StringComparison.Ordinal))
            {
                cells[at] = cells[at] == "1" ? "2" : "1";
                text[i] = string.Join(' ', cells);
            }
        }

        var anew = Path.Combine(Path.GetDirectoryName(star)!, "anew.star");
        File.WriteAllLines(anew, text);
        Assert.Contains("the halves were dealt anew", Learn(anew, models[0], models[1]).Line(), StringComparison.Ordinal);

        // A model that does not say is taken with a warning.
        GaussianModelFile.Write(tool["plain.star"], GaussianModelFile.Read(models[0]));
        Assert.Null(GaussianModelFile.ReadOrigin(tool["plain.star"]));
        Assert.Contains("does not say which half", Learn(star, tool["plain.star"], models[1]).Error, StringComparison.Ordinal);
    }

    private static void RequireNone(JsonElement json)
    {
        Assert.Equal(JsonValueKind.Null, json.GetProperty("resolution_0143_A").ValueKind);
        Assert.True(json.GetProperty("no_resolution").GetBoolean());
        Assert.False(json.GetProperty("resolution_is_nyquist").GetBoolean());
    }

    private static string Noise(Tool tool, string name, int seed)
    {
        var random = new Random(seed);
        var voxels = Enumerable.Range(0, Size * Size * Size).Select(
            _ => (float)Draw.Normal(random)).ToArray();
        MrcFile.WriteMap(tool[name], new DensityMap(Size, 3, voxels));
        return tool[name];
    }

    private static string Sphere(Tool tool)
    {
        MrcFile.WriteMap(tool["sphere.mrc"], SolventMasks.Sphere(Size, 3, 20, 10));
        return tool["sphere.mrc"];
    }
}
