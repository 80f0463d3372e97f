using System.Buffers.Binary;
using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>Bad input of each kind: exit code 1, one line that names file, row and field, and no file written, changed or left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int Box = 32;
    private const int ImageBytes = Box * Box * sizeof(float);

    private readonly Tool _tool = new();
    private readonly string _star;

    public BadInputTests() => _star = RefineSet.Write(_tool);

    private string Stack => _tool["in/particles.mrcs"];

    [Fact]
    public void A_missing_stack()
    {
        File.Delete(Stack);
        Fails(_star, $"row {RowOf(0)}", "rlnImageName", "particles.mrcs", "does not exist");
    }

    [Fact]
    public void A_box_that_is_not_the_one_of_the_optics_group()
    {
        EditOptics("rlnImageSize", _ => "40");
        Fails(_star, $"row {RowOf(0)}", "rlnImageName", "32 x 32", "rlnImageSize", "40");
    }

    [Fact]
    public void Stacks_of_different_boxes_in_one_optics_group()
    {
        using (var other = new MrcStackWriter(_tool["in/other.mrcs"], 24, 24, 2))
        {
            other.Write(Enumerable.Range(0, 24 * 24).Select(i => (float)i).ToArray());
            other.Complete();
        }

        EditRow(7, "rlnImageName", _ => "000001@other.mrcs");
        Fails(_star, $"row {RowOf(7)}", "rlnImageName", "24 x 24", "32");
    }

    [Fact]
    public void A_truncated_stack()
    {
        using (var stream = File.OpenWrite(Stack))
        {
            stream.SetLength(stream.Length - (10 * ImageBytes) - 100);
        }

        Fails(_star, $"row {RowOf(0)}", "particles.mrcs");
    }

    [Theory]
    [InlineData("000081", "image 81 is outside")]
    [InlineData("000000", "image 0 is outside")]
    [InlineData("x", "is not of the form")]
    public void An_index_beyond_the_stack(string index, string problem)
    {
        EditRow(12, "rlnImageName", name => index + name[name.IndexOf('@', StringComparison.Ordinal)..]);
        Fails(_star, $"row {RowOf(12)}", "rlnImageName", problem);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void An_image_with_a_value_that_is_not_finite(float value)
    {
        ChangeImage(33, image => BinaryPrimitives.WriteSingleLittleEndian(image.AsSpan(4 * ((5 * Box) + 3)), value));
        Fails(_star, $"row {RowOf(33)}", "rlnImageName", "image 34 of", "particles.mrcs", "(3, 5)");
    }

    [Fact]
    public void A_constant_image_is_left_out_and_stops_nothing()
    {
        ChangeImage(33, image => Array.Clear(image));
        foreach (var args in new string[][] { ["refine", _star, "--out", _tool["run"], .. RefineSet.Quick], ["reconstruct", _star, "--out", _tool["map"]] })
        {
            var run = Tool.Run(args);
            run.RequireSuccess();
            Assert.Contains("warning: 1 of ", run.Error, StringComparison.Ordinal);
            Assert.Contains($"row {RowOf(33)} (image 34 of", run.Error, StringComparison.Ordinal);
        }

        using var refined = StarParticles.Open(_tool["run/run_data.star"], new StarParticlesOptions { RequireImages = false });
        Assert.Equal(0, refined.Particles[33].Weight);
        Assert.Equal("1", refined.Table.GetText(33, "gmmPoseStatus"));
        Assert.Equal(1, refined.Particles.Count(p => p.Weight == 0));
    }

    [Theory]
    [InlineData("0.000000")]
    [InlineData("-2")]
    [InlineData("nan")]
    public void A_pixel_size_that_is_not_positive(string value)
    {
        EditOptics("rlnImagePixelSize", _ => value);
        Fails(_star, "row ", "rlnImagePixelSize");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1.5")]
    public void A_pixel_size_on_the_command_line_that_is_not_positive(string value) =>
        Fails(["refine", "reconstruct"], ["--pixel-size", value], "ixel", value);

    [Theory]
    [InlineData("rlnAngleRot")]
    [InlineData("rlnAngleTilt")]
    [InlineData("rlnAnglePsi")]
    [InlineData("rlnOriginYAngst")]
    [InlineData("rlnDefocusU")]
    [InlineData("rlnImageName")]
    public void A_missing_pose_or_CTF_column(string label)
    {
        Edit("particles", table => Without(table, label));
        Fails(_star, label);
    }

    [Theory]
    [InlineData("rlnVoltage")]
    [InlineData("rlnSphericalAberration")]
    [InlineData("rlnAmplitudeContrast")]
    public void A_missing_CTF_column_of_the_optics_table(string label)
    {
        Edit("optics", table => Without(table, label));
        Fails(_star, label, "missing");
    }

    [Fact]
    public void A_number_that_is_none()
    {
        EditRow(3, "rlnDefocusV", _ => "deep");
        Fails(_star, $"row {RowOf(3)}", "rlnDefocusV", "deep");
    }

    [Fact]
    public void An_empty_half()
    {
        Edit("particles", table => With(table, "rlnRandomSubset", [.. Enumerable.Repeat("1", RefineSet.Count)]));
        Fails(_star, "rlnRandomSubset", "half set 2");
    }

    [Fact]
    public void A_half_that_is_none()
    {
        EditRow(5, "rlnRandomSubset", _ => "3");
        Fails(_star, $"row {RowOf(5)}", "rlnRandomSubset", "3");
    }

    [Theory]
    [InlineData(24, 2.0)]
    [InlineData(32, 1.5)]
    public void A_mask_of_another_grid(int size, double pixel)
    {
        MrcFile.WriteMap(_tool["in/mask.mrc"], SolventMasks.Sphere(size, pixel, 15, 4));
        Fails(["refine"], ["--mask", _tool["in/mask.mrc"]], "mask.mrc", $"{size} voxels", "32");
        var map = _tool["in/true_map.mrc"];
        Check(_tool["in/mask.mrc"], ["fsc", map, map, "--mask", _tool["in/mask.mrc"], "--out", _tool["o"]], $"{size} voxels", "32");
    }

    [Fact]
    public void A_mask_with_values_that_are_none()
    {
        MrcFile.WriteMap(_tool["in/mask.mrc"], new DensityMap(32, 2, [.. Enumerable.Repeat(3f, 32 * 32 * 32)]));
        Fails(["refine"], ["--mask", _tool["in/mask.mrc"]], "mask.mrc", "not a mask");
    }

    [Theory]
    [InlineData("in/particles.mrcs/out")]
    [InlineData("in/particles.mrcs")]
    [InlineData("/proc/gmm/out")]
    public void An_output_that_cannot_be_written(string folder)
    {
        // Root may write anywhere, but not below a file and not in /proc.
        var path = Path.IsPathRooted(folder) ? folder : _tool[folder];
        Check(Path.IsPathRooted(folder) ? "/proc" : Stack, ["refine", _star, "--out", path, .. RefineSet.Quick]);
        Check(Path.IsPathRooted(folder) ? "/proc" : Stack, ["reconstruct", _star, "--out", path + "/map"]);
        Check(Path.IsPathRooted(folder) ? "/proc" : Stack, ["fsc", _tool["in/true_map.mrc"], _tool["in/true_map.mrc"], "--out", path + "/fsc"]);
        Check(
            Path.IsPathRooted(folder) ? "/proc" : Stack,
            ["simulate", _tool.WriteModel(), "--out", path, "--particles", "4", "--box", "32", "--pixel-size", "2"]);
    }

    [Fact]
    public void An_output_that_exists()
    {
        Directory.CreateDirectory(_tool["out/iterations"]);
        foreach (var (file, args) in new (string, string[])[]
        {
            ("out/run_data.star", ["refine", _star, "--out", _tool["out"], .. RefineSet.Quick]),
            ("out/iterations/run_it002_state.json", ["refine", _star, "--out", _tool["out"], .. RefineSet.Quick]),
            ("out/map_half2_unfil.mrc", ["reconstruct", _star, "--out", _tool["out/map"]]),
            ("out/fsc.svg", ["fsc", _tool["in/true_map.mrc"], _tool["in/true_map.mrc"], "--out", _tool["out/fsc"]]),
            ("out/model.star", ["build", _tool["in/true_map.mrc"], "--resolution", "8", "--out", _tool["out/model.star"]]),
            ("out/stack.mrcs", ["project", _tool["m.star"], "--poses", _star, "--out", _tool["out/stack.mrcs"]]),
        })
        {
            File.WriteAllText(_tool["m.star"], "a model");
            File.WriteAllText(_tool[file], "mine");
            Check(file.Contains("state", StringComparison.Ordinal) ? _tool["out"] : _tool[file], args);
            File.Delete(_tool[file]);
        }
    }

    [Fact]
    public void Bad_input_leaves_an_earlier_run_as_it_was_even_where_it_may_be_overwritten()
    {
        Tool.Run(["refine", _star, "--out", _tool["run"], .. RefineSet.Quick]).RequireSuccess();
        ChangeImage(70, image => BinaryPrimitives.WriteSingleLittleEndian(image, float.NaN));
        Check(_star, ["refine", _star, "--out", _tool["run"], .. RefineSet.Quick, "--overwrite"], "NaN");
    }

    public void Dispose() => _tool.Dispose();

    private static string Invariant(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Both verbs that read particles fail on the file.</summary>
    private void Fails(string place, params string[] mentions) => Fails(["refine", "reconstruct"], place, mentions);

    private void Fails(string[] verbs, string place, params string[] mentions)
    {
        foreach (var verb in verbs)
        {
            Check(place, [verb, _star, "--out", _tool["results/here"], .. verb == "refine" ? RefineSet.Quick : []], mentions);
        }
    }

    /// <summary>A verb fails on an option.</summary>
    private void Fails(string[] verbs, string[] options, params string[] mentions)
    {
        foreach (var verb in verbs)
        {
            Check(mentions[0], [verb, _star, "--out", _tool["results/here"], .. verb == "refine" ? RefineSet.Quick : [], .. options], mentions);
        }
    }

    private void Check(string place, string[] args, params string[] mentions)
    {
        var before = RefineSet.Contents(_tool.Folder);
        var run = Tool.Run(args);
        Assert.True(run.Code == 1, $"{run.Code}: {run.Error}");

        // Warnings and progress may come first; the error is the last line, and there is one.
        Assert.Equal(string.Empty, run.Output);
        var line = Assert.Single(run.Error.Split('\n'), l => l.StartsWith($"gmm {args[0]}:", StringComparison.Ordinal));
        Assert.EndsWith(line + "\n", run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", line, StringComparison.Ordinal);
        Assert.All(mentions.Prepend(place), m => Assert.Contains(m, line, StringComparison.Ordinal));
        Assert.Equal(before, RefineSet.Contents(_tool.Folder));
    }

    /// <summary>The line of a particle in the STAR file, from 1.</summary>
    private string RowOf(int particle) => Invariant(1 + Array.IndexOf(
        File.ReadAllLines(_star), File.ReadAllLines(_star).Where(l => l.Contains(".mrcs", StringComparison.Ordinal)).ElementAt(particle)));

    private void ChangeImage(int index, Action<byte[]> change)
    {
        using var stream = new FileStream(Stack, FileMode.Open, FileAccess.ReadWrite);
        var image = new byte[ImageBytes];
        stream.Position = 1024 + ((long)index * ImageBytes);
        stream.ReadExactly(image);
        change(image);
        stream.Position = 1024 + ((long)index * ImageBytes);
        stream.Write(image);
    }

    private void EditOptics(string label, Func<string, string> change) =>
        Edit("optics", table => With(table, label, [.. table.GetColumn(label).Select(change)]));

    private void EditRow(int row, string label, Func<string, string> change) =>
        Edit("particles", table => With(table, label, [.. table.GetColumn(label).Select((v, i) => i == row ? change(v) : v)]));

    private void Edit(string block, Func<StarTable, StarTable> change)
    {
        var file = StarFile.Read(_star);
        var found = file.Find(block)!;
        new StarFile(file.Blocks.Select(b => b == found ? new StarBlock(b.Name, change(b.Table!)) : b)).Write(_star, true);
    }

    private static StarTable With(StarTable table, string label, string[] values)
    {
        var changed = table.Clone();
        changed.SetColumn(label, values);
        return changed;
    }

    private static StarTable Without(StarTable table, string label)
    {
        Assert.True(table.Contains(label));
        var kept = table.Labels.Where(l => l != label).ToArray();
        var changed = new StarTable(kept);
        for (var row = 0; row < table.RowCount; row++)
        {
            changed.AddRow([.. kept.Select(l => table.GetText(row, l))]);
        }

        return changed;
    }
}
