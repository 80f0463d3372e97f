using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>--odd-origin from the command line to the pixels.</summary>
public sealed class OddOriginTests : IDisposable
{
    private readonly Tool _tool = new();

    public OddOriginTests()
    {
        // One Gaussian at the centre, seen from three sides.
        GaussianModelFile.Write(_tool["m.star"], new GaussianModel([0], [0], [0], [100], [3], 33, 2));
        File.WriteAllText(
            _tool["poses.star"],
            "data_\n\nloop_\n_rlnImagePixelSize\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginX\n_rlnOriginY\n_rlnRandomSubset\n"
            + "2 0 0 0 0 0 1\n2 10 90 0 0 0 2\n2 70 50 30 0 0 1\n");
    }

    [Theory]
    [InlineData("relion", 17)]
    [InlineData("half", 16)]
    public void Projections_are_centred_where_it_says(string origin, int pixel)
    {
        Tool.Run("project", _tool["m.star"], "--poses", _tool["poses.star"], "--out", _tool["p.mrcs"], "--odd-origin", origin).RequireSuccess();
        using var stack = MrcStack.Open(_tool["p.mrcs"]);
        var image = new float[33 * 33];
        for (var i = 0; i < 3; i++)
        {
            stack.ReadImage(i, image);
            Assert.Equal((33 * pixel) + pixel, Array.IndexOf(image, image.Max()));
        }
    }

    [Fact]
    public void Readers_take_it_and_warn_without_it()
    {
        Tool.Run("project", _tool["m.star"], "--poses", _tool["poses.star"], "--out", _tool["p.mrcs"], "--odd-origin", "half").RequireSuccess();
        var asRelion = Tool.Run("reconstruct", _tool["p.star"], "--out", _tool["a"], "--ctf-state", "none");
        Assert.Contains("odd side, 33 pixels", asRelion.Error, StringComparison.Ordinal);
        var right = Tool.Run("reconstruct", _tool["p.star"], "--out", _tool["b"], "--ctf-state", "none", "--odd-origin", "half");
        Assert.DoesNotContain("odd side", right.Error, StringComparison.Ordinal);
        var map = MrcFile.ReadMap(_tool["b.mrc"]);
        Assert.Equal((((16 * 33) + 16) * 33) + 16, Array.IndexOf(map.Voxels, map.Voxels.Max()));
    }

    public void Dispose() => _tool.Dispose();
}
