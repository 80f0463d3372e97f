using Gmm.IO;

namespace Gmm.Cli.Tests;

public class MolmapVerbTests
{
    [Fact]
    public void A_map_lies_over_its_model_and_another_can_have_its_grid()
    {
        using var tool = new Tool();
        var model = tool.WriteModel();
        var report = Tool.Run("molmap", model, "--resolution", "3", "--pixel-size", "1", "--box", "48", "--out", tool["a.mrc"], "--json").Json();
        Assert.Equal(150, report.GetProperty("atoms").GetInt32());
        var map = MrcFile.ReadVolume(tool["a.mrc"]);
        Assert.Equal((48, 48, 48), map.Size);

        // The map's own model scores high in it only where the frame is right.
        var q = Tool.Run("qscore", tool["a.mrc"], model, "--out", tool["q"], "--json").Json();
        Assert.InRange(q.GetProperty("mean_q").GetDouble(), 0.5, 1);

        Tool.Run("molmap", model, "--resolution", "3", "--like", tool["a.mrc"], "--out", tool["b.mrc"]).RequireSuccess();
        var again = MrcFile.ReadVolume(tool["b.mrc"]);
        Assert.InRange(again.Voxels.Zip(map.Voxels, (x, y) => Math.Abs(x - y)).Max(), 0, 1e-3 * map.Voxels.Max());
        Tool.Run("molmap", model, "--resolution", "3", "--like", tool["a.mrc"], "--no-b-factors", "--out", tool["c.mrc"]).RequireSuccess();
        Assert.True(MrcFile.ReadVolume(tool["c.mrc"]).Voxels.Max() > 1.1 * map.Voxels.Max());
    }

    [Fact]
    public void Bad_calls_are_one_line()
    {
        using var tool = new Tool();
        var model = tool.WriteModel();
        Assert.Contains(
            "--box: is needed", Tool.Run("molmap", model, "--resolution", "3", "--pixel-size", "1", "--out", tool["a.mrc"]).Line(),
            StringComparison.Ordinal);
        Assert.Contains(
            "two voxels", Tool.Run("molmap", model, "--resolution", "3", "--pixel-size", "2", "--box", "32", "--out", tool["a.mrc"]).Line(),
            StringComparison.Ordinal);
        Assert.Contains(
            "outside the box", Tool.Run("molmap", model, "--resolution", "3", "--pixel-size", "1", "--box", "16", "--out", tool["a.mrc"]).Line(),
            StringComparison.Ordinal);
        File.WriteAllText(tool["empty.pdb"], "END\n");
        Assert.Contains(
            "no atoms", Tool.Run("molmap", tool["empty.pdb"], "--resolution", "3", "--pixel-size", "1", "--box", "32", "--out", tool["a.mrc"]).Line(),
            StringComparison.Ordinal);
        Assert.False(File.Exists(tool["a.mrc"]));
    }
}
