using System.Text.Json;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>gmm refine with --symmetry, --expand-symmetry and --relax-symmetry, on a set without symmetry.</summary>
public sealed class RefineSymmetryTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly string _star;

    public RefineSymmetryTests() => _star = RefineSet.Write(_tool);

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_symmetry_that_is_not_there_is_imposed_with_a_warning()
    {
        var run = Refine("c2", "--symmetry", "c2", "--iterations", "1");
        var warning = Assert.Single(run.Json().GetProperty("warnings").EnumerateArray(), IsOfSymmetry).GetString();
        Assert.Contains(warning!, run.Error, StringComparison.Ordinal);
        Assert.Contains("does not have the symmetry C2", File.ReadAllText(_tool["c2/run.json"]), StringComparison.Ordinal);
        var map = MrcFile.ReadMap(_tool["c2/run_half1_unfil.mrc"]);
        var largest = map.Voxels.Max(Math.Abs);
        for (var y = 1; y < 32; y++)
        {
            for (var x = 1; x < 32; x++)
            {
                Assert.Equal(map.Voxels[(16 * 1024) + (y * 32) + x], map.Voxels[(16 * 1024) + ((32 - y) * 32) + 32 - x], 1e-4f * largest);
            }
        }

        // The record of a run that is resumed still has it.
        Assert.Single(Refine("c2", "--symmetry", "C2", "--iterations", "1", "--resume").Json().GetProperty("warnings").EnumerateArray(), IsOfSymmetry);
        Assert.Contains("had other settings", Tool.Run(Arguments("c2", "--symmetry", "C3", "--iterations", "1", "--resume")).Output, StringComparison.Ordinal);
        Assert.Empty(Refine("c1", "--iterations", "1").Json().GetProperty("warnings").EnumerateArray());

        static bool IsOfSymmetry(JsonElement w) => w.GetString()!.Contains("does not have the symmetry C2", StringComparison.Ordinal);
    }

    [Fact]
    public void Expanded_copies_are_written_with_their_row_in_the_half_of_their_image_and_resume()
    {
        var json = Refine("whole", "--expand-symmetry", "C2", "--iterations", "2").Json();
        Assert.Equal(2 * RefineSet.Count, json.GetProperty("particles").GetInt32());
        using (var source = StarParticles.Open(_star))
        {
            using var found = StarParticles.Open(_tool["whole/run_data.star"], new StarParticlesOptions { Root = _tool["in"] });
            Assert.Equal(2 * RefineSet.Count, found.Particles.Count);
            for (var i = 0; i < found.Particles.Count; i++)
            {
                var row = found.Table.GetInteger(i, "gmmSourceRow") - 1;
                Assert.Equal((i / 2, (i % 2) + 1), (row, found.Table.GetInteger(i, "gmmSymmetryCopy")));
                Assert.Equal(source.Particles[row].Half, found.Particles[i].Half);
                Assert.Equal(source.Table.GetText(row, "rlnImageName"), found.Table.GetText(i, "rlnImageName"));
            }
        }

        Refine("parts", "--expand-symmetry", "C2", "--iterations", "1").RequireSuccess();
        Refine("parts", "--expand-symmetry", "C2", "--iterations", "2", "--resume").RequireSuccess();
        Assert.Equal(File.ReadAllBytes(_tool["whole/run_data.star"]), File.ReadAllBytes(_tool["parts/run_data.star"]));
        Assert.Equal(File.ReadAllBytes(_tool["whole/run_half2_unfil.mrc"]), File.ReadAllBytes(_tool["parts/run_half2_unfil.mrc"]));
    }

    [Fact]
    public void Relaxing_keeps_the_number_of_rows()
    {
        Assert.Equal(RefineSet.Count, Refine("relaxed", "--relax-symmetry", "C2", "--iterations", "1").Json().GetProperty("particles").GetInt32());
        using var found = StarParticles.Open(_tool["relaxed/run_data.star"], new StarParticlesOptions { Root = _tool["in"] });
        Assert.Equal(RefineSet.Count, found.Particles.Count);
        Assert.Contains("\"relax_symmetry\": \"C2\"", File.ReadAllText(_tool["relaxed/run.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--symmetry and --expand-symmetry contradict", "--symmetry", "C3", "--expand-symmetry", "C3")]
    [InlineData("--symmetry and --relax-symmetry contradict", "--symmetry", "C3", "--relax-symmetry", "C3")]
    [InlineData("--expand-symmetry and --relax-symmetry contradict", "--expand-symmetry", "C2", "--relax-symmetry", "C3")]
    [InlineData("--symmetry: 'C' is not a symmetry", "--symmetry", "C")]
    [InlineData("--expand-symmetry: '3' is not a symmetry", "--expand-symmetry", "3")]
    [InlineData("--relax-symmetry: 'I9' is not a symmetry", "--relax-symmetry", "I9")]
    public void Bad_symmetry_is_one_line_and_writes_nothing(string problem, params string[] args)
    {
        var run = Tool.Run([.. Arguments("bad", args).Where(a => a != "--json")]);
        Assert.Equal(1, run.Code);
        Assert.Contains(problem, run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["bad"]));
    }

    private ToolRun Refine(string folder, params string[] more)
    {
        var run = Tool.Run(Arguments(folder, more));
        run.RequireSuccess();
        return run;
    }

    private string[] Arguments(string folder, params string[] more) =>
        ["refine", _star, "--out", _tool[folder], "--gaussians", "50", "--max-resolution", "6", "--threads", "2", "--json", .. more];
}
