using System.Text.Json;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>gmm info and gmm validate: what files hold, and what is wrong with them.</summary>
public sealed class FileVerbTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Info_says_what_particles_are()
    {
        var star = RefineSet.Write(_tool);
        var json = Tool.Run("info", star, _tool["in/true_map.mrc"], "--json", "--picture", _tool["p.png"]).Json();
        var facts = json.GetProperty("items")[0].GetProperty("facts");
        Assert.Equal(("particles", 80, true), (
            facts.GetProperty("kind").GetString(), facts.GetProperty("count").GetInt32(), facts.GetProperty("has_poses").GetBoolean()));
        Assert.Equal((40, "bright", 0), (
            facts.GetProperty("halves").GetProperty("half2").GetInt32(), facts.GetProperty("contrast").GetString(),
            facts.GetProperty("missing_stacks").GetInt32()));
        var optics = facts.GetProperty("optics")[0];
        Assert.Equal((32, 2.0), (optics.GetProperty("box").GetInt32(), optics.GetProperty("pixel_size_A").GetDouble()));
        Assert.Equal(32, json.GetProperty("items")[1].GetProperty("facts").GetProperty("size")[2].GetInt32());
        Assert.True(new FileInfo(_tool["p.png"]).Length > 1000);
        var wrong = Tool.Run("info", star, "--picture", _tool["p.xyz"]);
        Assert.Equal(1, wrong.Code);
        Assert.EndsWith("p.xyz is to end in .png or .svg", wrong.Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_lists_what_is_wrong_and_fails()
    {
        var star = RefineSet.Write(_tool);
        Assert.Equal(0, Tool.Run("validate", star, "--no-notes").Code);

        // A stack cut short, a number that is none, a stack that is not there, and a pixel size that was not told of the binning.
        var text = File.ReadAllText(star);
        File.WriteAllText(_tool["in/gone.star"], text.Replace("@particles.mrcs", "@gone.mrcs", StringComparison.Ordinal));
        File.Copy(_tool["in/particles.mrcs"], _tool["in/p_bin8.mrcs"]);
        File.WriteAllText(_tool["in/binned.star"], text.Replace("@particles.mrcs", "@p_bin8.mrcs", StringComparison.Ordinal));
        var rows = text.Split('\n');
        var last = Array.FindLastIndex(rows, r => r.Contains('@', StringComparison.Ordinal));
        rows[last] = rows[last].Replace(rows[last].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], "x1", StringComparison.Ordinal);
        File.WriteAllText(_tool["in/bad.star"], string.Join('\n', rows));
        var bytes = File.ReadAllBytes(_tool["in/particles.mrcs"]);
        File.WriteAllBytes(_tool["in/short.mrcs"], bytes[..^100]);

        var run = Tool.Run("validate", _tool["in"], "--json");
        Assert.Equal(1, run.Code);
        using var document = JsonDocument.Parse(run.Output);
        var json = document.RootElement;
        var found = json.GetProperty("items").EnumerateArray().ToDictionary(
            i => Path.GetFileName(i.GetProperty("facts").GetProperty("path").GetString()!),
            i => i.GetProperty("problems").EnumerateArray().Where(p => p.GetProperty("severity").GetString() != "note").ToArray());
        Assert.Equal(2, json.GetProperty("errors").GetInt32());
        Assert.Empty(found["disturbed.star"]);
        Assert.Contains("truncated", found["short.mrcs"].Single().GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(last + 1, found["bad.star"].Single().GetProperty("row").GetInt32());
        Assert.Contains("gone.mrcs", found["gone.star"].Single().GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("binned 8 times", found["binned.star"].Single().GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("gone.star", Tool.Run("validate", _tool["in"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_verbs_that_refine_refuse_is_an_error_of_validate()
    {
        var star = RefineSet.Write(_tool);
        var file = StarFile.Read(star);
        var table = file.Find("particles")!.Table!;
        table.SetColumn("rlnRandomSubset", [.. Enumerable.Repeat("1", table.RowCount)]);
        file.Write(_tool["in/half.star"]);
        table.SetColumn("rlnTomoVisibleFrames", [.. Enumerable.Repeat("[1,1]", table.RowCount)]);
        file.Write(_tool["in/stacks.star"]);
        var half = Tool.Run("validate", _tool["in/half.star"]);
        Assert.Equal(1, half.Code);
        Assert.Contains("rlnRandomSubset: half set 2 has no particles", half.Output, StringComparison.Ordinal);
        var stacks = Tool.Run("validate", _tool["in/stacks.star"]);
        Assert.Equal(1, stacks.Code);
        Assert.Contains("rlnTomoVisibleFrames: the column is there", stacks.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Particles_without_poses_are_looked_at_all_the_same()
    {
        var star = RefineSet.Write(_tool);
        File.WriteAllText(_tool["in/n.star"], File.ReadAllText(star).Replace("_rlnAngleRot", "_rlnOther", StringComparison.Ordinal));
        var facts = Tool.Run("info", _tool["in/n.star"], "--json").Json().GetProperty("items")[0];
        Assert.False(facts.GetProperty("facts").GetProperty("has_poses").GetBoolean());
        Assert.Equal(2, facts.GetProperty("facts").GetProperty("pixel_size_A").GetDouble());
        Assert.All(facts.GetProperty("problems").EnumerateArray(), p => Assert.Equal("note", p.GetProperty("severity").GetString()));
    }
}
