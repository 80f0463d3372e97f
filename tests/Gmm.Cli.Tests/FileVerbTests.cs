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
    public void A_folder_that_links_lead_round_to_is_looked_into_once()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var star = RefineSet.Write(_tool);
        Directory.CreateDirectory(_tool["project/d"]);
        File.Copy(star, _tool["project/a.star"]);
        Directory.CreateSymbolicLink(_tool["project/d/up"], "..");
        Directory.CreateSymbolicLink(_tool["project/d/upper"], "..");
        Directory.CreateSymbolicLink(_tool["project/e"], "d");
        File.WriteAllText(_tool["project/d/b.star"], "data_optimisation_set\n_rlnTomoParticlesFile p.star\n_rlnTomoTomogramsFile t.star\n");
        var items = Tool.Run("info", _tool["project"], "--json").Json().GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(
            [_tool["project/a.star"], _tool["project/d/b.star"]], items.Select(i => i.GetProperty("facts").GetProperty("path").GetString()));
        Assert.Contains("optimisation set", Tool.Run("info", _tool["project/d/b.star"]).Output, StringComparison.Ordinal);
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
    public void Files_of_EMAN2_and_cryoDRGN_are_looked_into()
    {
        var star = RefineSet.Write(_tool);
        Directory.CreateDirectory(_tool["other"]);
        Tool.Run("convert", star, "--out", _tool["other/p.lst"]).RequireSuccess();
        Tool.Run("convert", star, "--out", _tool["other/d.pkl"]).RequireSuccess();
        File.WriteAllBytes(_tool["other/weights.pkl"], [.. "PK\u0003\u0004"u8, 1, 2, 3]);
        var json = Tool.Run("info", _tool["other"], "--json").Json();
        var facts = json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("facts"))
            .ToDictionary(f => Path.GetFileName(f.GetProperty("path").GetString()!));
        Assert.Equal(("particles", 80, 0, "bright"), (
            facts["p.lst"].GetProperty("kind").GetString(), facts["p.lst"].GetProperty("count").GetInt32(),
            facts["p.lst"].GetProperty("missing_stacks").GetInt32(), facts["p.lst"].GetProperty("contrast").GetString()));
        Assert.Equal(("poses", 80, true), (
            facts["d_pose.pkl"].GetProperty("kind").GetString(), facts["d_pose.pkl"].GetProperty("count").GetInt32(),
            facts["d_pose.pkl"].GetProperty("has_shifts").GetBoolean()));
        Assert.Equal(("ctfs", 32, 2.0), (
            facts["d_ctf.pkl"].GetProperty("kind").GetString(), facts["d_ctf.pkl"].GetProperty("size")[0].GetInt32(),
            facts["d_ctf.pkl"].GetProperty("pixel_size_A").GetDouble()));
        Assert.Equal("unknown", facts["weights.pkl"].GetProperty("kind").GetString());
        var text = Tool.Run("info", _tool["other"]).Output;
        Assert.Contains("80 CTFs, images 32 x 32 of 2 A; defocus", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_files_of_EMAN2_and_cryoDRGN_is_an_error_of_validate()
    {
        var star = RefineSet.Write(_tool);
        Tool.Run("convert", star, "--out", _tool["in/p.lst"]).RequireSuccess();
        Tool.Run("convert", star, "--out", _tool["in/d.pkl"]).RequireSuccess();
        var text = File.ReadAllText(_tool["in/p.lst"]);
        void Fails(string name, string mention)
        {
            var run = Tool.Run("validate", _tool[$"in/{name}"]);
            Assert.Equal(1, run.Code);
            Assert.Contains(mention, run.Output, StringComparison.Ordinal);
        }

        File.WriteAllText(_tool["in/gone.lst"], text.Replace("\tparticles.mrcs", "\tgone.mrcs", StringComparison.Ordinal));
        Assert.Contains("1 of 1 stacks are not there, the first gone.mrcs", Tool.Run("validate", _tool["in/gone.lst"]).Output, StringComparison.Ordinal);
        File.WriteAllText(_tool["in/outside.lst"], text.Replace("\n79\t", "\n99\t", StringComparison.Ordinal));
        Fails("outside.lst", "image 100 is outside the stack");
        var at = text.LastIndexOf("xform", StringComparison.Ordinal);
        File.WriteAllText(_tool["in/some.lst"], string.Concat(text.AsSpan(0, at), "yform", text.AsSpan(at + 5)));
        Fails("some.lst", "row 83, xform.projection: 1 of 80 images have no pose");
        var none = Tool.Run("validate", Text("none.lst", text.Replace("xform", "yform", StringComparison.Ordinal)));
        Assert.Equal(0, none.Code);
        Assert.Contains("note, xform.projection: 80 of 80 images have no pose", none.Output, StringComparison.Ordinal);
        var pickle = File.ReadAllBytes(_tool["in/d_ctf.pkl"]);
        BitConverter.TryWriteBytes(pickle.AsSpan(pickle.Length - "tb.".Length - (9 * 4), 4), float.NaN);
        File.WriteAllBytes(_tool["in/nan.pkl"], pickle);
        Fails("nan.pkl", "not a finite number");
        File.WriteAllBytes(_tool["in/cut.pkl"], pickle[..200]);
        Fails("cut.pkl", "is no pickle");
        var folder = Directory.CreateDirectory(_tool["none"]).FullName;
        File.WriteAllText(Path.Combine(folder, "notes.md"), "x");
        var run = Tool.Run("validate", folder, star);
        Assert.Equal(1, run.Code);
        Assert.Contains("hold no file of a kind", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Stacks_and_maps_go_to_EMAN2s_form_and_back()
    {
        RefineSet.Write(_tool);
        foreach (var (name, kind, back) in new[] { ("in/particles.mrcs", "images", "p.mrcs"), ("in/true_map.mrc", "map", "m.mrc") })
        {
            var json = Tool.Run("convert", _tool[name], "--out", _tool["x.hdf"], "--json", "--overwrite").Json();
            Assert.Equal((kind, kind == "map" ? 1 : 80), (json.GetProperty("kind").GetString(), json.GetProperty("written").GetInt32()));
            Assert.Equal(0, Tool.Run("validate", _tool["x.hdf"]).Code);
            Tool.Run("convert", _tool["x.hdf"], "--out", _tool[back]).RequireSuccess();
            byte[] from = File.ReadAllBytes(_tool[name]), to = File.ReadAllBytes(_tool[back]);
            Assert.Equal(from[MrcHeader.ByteCount..], to[MrcHeader.ByteCount..]);
            Assert.Equal(MrcFile.ReadHeader(_tool[name]).PixelSize, MrcFile.ReadHeader(_tool[back]).PixelSize);
        }

        // A list of the new stack is refined as the STAR file of the old one is.
        var star = _tool["in/disturbed.star"];
        Tool.Run("convert", _tool["in/particles.mrcs"], "--out", _tool["in/particles.hdf"]).RequireSuccess();
        File.WriteAllText(_tool["in/hdf.star"], File.ReadAllText(star).Replace("@particles.mrcs", "@particles.hdf", StringComparison.Ordinal));
        Assert.Equal(0, Tool.Run("validate", _tool["in/hdf.star"]).Code);
        var refused = Tool.Run("convert", _tool["in/particles.mrcs"], "--out", _tool["y.hdf"], "--box", "3");
        Assert.Contains("--box: is not for a stack", refused.Line(), StringComparison.Ordinal);
        Assert.Contains("is no stack or map", Tool.Run("convert", star, "--out", _tool["y.hdf"]).Line(), StringComparison.Ordinal);
        Assert.False(File.Exists(_tool["y.hdf"]));
    }

    [Fact]
    public void Options_of_convert_that_would_change_nothing_are_refused()
    {
        var star = RefineSet.Write(_tool);
        string Line(params string[] args)
        {
            var run = Tool.Run(["convert", .. args]);
            Assert.Equal(1, run.Code);
            return run.Line();
        }

        Assert.Contains("--box: is not needed", Line(star, "--out", _tool["a.cs"], "--box", "64"), StringComparison.Ordinal);
        Assert.Contains("--stack: is for a file of cisTEM's", Line(star, "--out", _tool["a.cs"], "--stack", "x.mrcs"), StringComparison.Ordinal);
        Tool.Run("convert", star, "--out", _tool["p.cs"]).RequireSuccess();
        Assert.Contains("--pixel-size: is not for a .cs", Line(_tool["p.cs"], "--out", _tool["q.cs"], "--pixel-size", "3"), StringComparison.Ordinal);
        Assert.False(File.Exists(_tool["a.cs"]) || File.Exists(_tool["q.cs"]));
    }

    private string Text(string name, string text)
    {
        File.WriteAllText(_tool[$"in/{name}"], text);
        return _tool[$"in/{name}"];
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
