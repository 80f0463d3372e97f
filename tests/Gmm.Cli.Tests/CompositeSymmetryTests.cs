using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public sealed class CompositeSymmetryTests
{
    [Fact]
    public void A_symmetry_averages_the_patches_over_their_places()
    {
        using var tool = new Tool();
        RefineSet.Write(tool);
        Tool.Run("reconstruct", tool["in/true.star"], "--out", tool["run"]).RequireSuccess();
        var (half1, half2) = ("run_half1_unfil.mrc", "run_half2_unfil.mrc");
        var map = MrcFile.ReadMap(tool[half1]);
        var n = map.Size;
        var mask = new float[n * n * n];
        for (int i = 0, z = 0; z < n; z++)
        {
            for (var y = 0; y < n; y++)
            {
                for (var x = 0; x < n; x++, i++)
                {
                    var d = Math.Sqrt(Math.Pow(x - (n / 2), 2) + Math.Pow(y - (n / 2), 2) + Math.Pow(z - (n / 2), 2));
                    mask[i] = (float)Math.Clamp(0.25 * (10 - d), 0, 1);
                }
            }
        }

        MrcFile.WriteMap(tool["mask.mrc"], new DensityMap(n, map.PixelSize, mask));
        const string numbers = "\"resolution_0143_A\":5,\"consensus_resolution_0143_A\":5,\"median_rotation_deg\":0,\"median_shift_A\":0,"
            + "\"median_rotation_sigma_deg\":0,\"median_shift_sigma_A\":0,"
            + "\"learnt_rotation_deg\":{\"half1\":0,\"half2\":0},\"learnt_shift_A\":{\"half1\":0,\"half2\":0}";
        File.WriteAllText(
            tool["provenance.json"],
            "{\"program\":\"t\",\"version\":\"1\",\"runtime\":\"t\",\"particles_file\":\"p\",\"particles\":40,\"settings\":{},\"box\":32,"
            + "\"pixel_size_A\":2,\"mask\":\"mask.mrc\","
            + $"\"consensus_half1\":\"{half1}\",\"consensus_half2\":\"{half2}\",\"consensus_resolution_0143_A\":5,\"composite_half1\":\"\","
            + "\"composite_half2\":\"\",\"composite\":\"\",\"composite_fsc\":\"\",\"composite_resolution_0143_A\":5,"
            + $"\"patches\":[{{\"name\":\"a\",\"mask\":\"mask.mrc\",\"particles\":\"\",\"half1\":\"{half1}\",\"half2\":\"{half2}\",\"fsc\":\"\","
            + $"\"centre_A\":[0,0,0],{numbers}}}],"
            + "\"rotation_between_patches_deg\":[[0]],\"warnings\":[],\"wall_s\":1,\"peak_rss_mb\":1}");
        Tool.Run("composite", tool["provenance.json"], "--out", tool["c"], "--symmetry", "C2", "--json").Json();
        var composite = MrcFile.ReadMap(tool["c_half1_unfil.mrc"]).Voxels;
        float At(int x, int y, int z) => map.Voxels[(((z * n) + y) * n) + x];
        var largest = map.Voxels.Max(Math.Abs);
        foreach (var (x, y, z) in new[] { (17, 16, 16), (19, 13, 18), (16, 16, 11) })
        {
            Assert.Equal(0.5f * (At(x, y, z) + At(n - x, n - y, z)), composite[(((z * n) + y) * n) + x], 1e-4f * largest);
        }

        Assert.Equal(At(1, 1, 1), composite[(n * n) + n + 1]);
        var bad = Tool.Run("composite", tool["provenance.json"], "--out", tool["d"], "--symmetry", "X");
        Assert.Contains("--symmetry: 'X' is not a symmetry", bad.Line(), StringComparison.Ordinal);
    }
}
