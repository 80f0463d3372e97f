using System.Text.Json;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>to-pose and landscape on the folder of a real, small run of heterogeneity.</summary>
public class LandscapeVerbTests
{
    [Fact]
    public void Poses_and_landscape_come_from_one_folder_and_bad_input_is_told()
    {
        using var tool = new Tool();
        var star = Prepare(tool);
        ToPose(tool, star);
        Landscape(tool, star);
        BadInput(tool);
    }

    private static void ToPose(Tool tool, string star)
    {
        var report = Tool.Run("to-pose", tool["motion"], "--focus", tool["mask.mrc"], "--out", tool["out/poses.star"], "--reconstruct", "--json").Json();
        Assert.Equal(240, report.GetProperty("particles").GetInt32());
        Assert.All(report.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));
        Assert.True(report.GetProperty("resolution_in_mask_A").GetDouble() > 0);

        // Every column of the input is there as it was but for the poses, which are those of the library.
        using var before = StarParticles.Open(star);
        using var after = StarParticles.Open(tool["out/poses.star"], new StarParticlesOptions { RequireImages = false });
        foreach (var label in before.Table.Labels.Where(
            l => !l.StartsWith("rlnAngle", StringComparison.Ordinal) && !l.StartsWith("rlnOrigin", StringComparison.Ordinal)))
        {
            Assert.Equal(before.Table.GetColumn(label), after.Table.GetColumn(label));
        }

        var folder = new HeterogeneityFolder(tool["motion"]);
        var converted = ParticleConversion.Convert(
            before.Particles, folder.ReadLatents(), folder.ReadAutoencoder(1), folder.ReadAutoencoder(2), MrcFile.ReadMask(tool["mask.mrc"]));
        for (var i = 0; i < converted.Length; i++)
        {
            Assert.InRange(after.Particles[i].Pose.Rotation.AngleTo(converted[i].Pose.Rotation), 0, 1e-6);
            Assert.Equal(converted[i].ResidualAngstrom, after.Table.GetDouble(i, "gmmPoseResidual"), 1e-5);
            Assert.Equal(converted[i].RotationSigmaDegrees, after.Table.GetDouble(i, "gmmPoseRotationSigma"), 1e-5);
        }

        Refused(Tool.Run("to-pose", tool["motion"], "--focus", tool["mask.mrc"], "--out", tool["out/poses.star"]), "exists already");
        var chain = Tool.Run(
            "to-pose", tool["motion"], "--focus", tool["mask.mrc"], "--out", tool["chain/poses.star"], "--mode", "adam", "--refine", "1",
            "--json").Json();
        Assert.Equal("adam", chain.GetProperty("mode").GetString());
        Assert.Equal(240, chain.GetProperty("refinement").GetProperty("particles").GetInt32());
        Assert.True(File.Exists(tool["chain/poses_refined/run_data.star"]));
        Assert.Contains(
            JsonSerializer.Serialize(star), File.ReadAllText(tool["chain/poses_refined/run.json"]).Split("consensus_file")[1],
            StringComparison.Ordinal);
    }

    private static void Landscape(Tool tool, string star)
    {
        string[] call =
        [
            "landscape", tool["motion"], "--points", "3", "--nearest", "60", "--clusters", "2", "--pdb", tool["model.pdb"], "--centre-model",
            "--residue", "A:7",
        ];
        var report = Tool.Run([.. call, "--out", tool["seen"], "--json"]).Json();
        Assert.All(report.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));
        Assert.Equal(3, report.GetProperty("points").GetArrayLength());
        Assert.Equal(120, report.GetProperty("points")[0].GetProperty("particles").GetInt32());
        Agreement(tool, report);
        Assert.Equal("A:7", report.GetProperty("morph").GetProperty("residue").GetProperty("residue").GetString());
        Assert.Equal(150, AtomicModelFile.Read(tool["seen/morph_003.cif"]).Count);
        Assert.Equal(GaussianModelFile.Read(tool["motion/model_half2.star"]).Count, GaussianModelFile.Read(tool["seen/point_001_model_half2.star"]).Count);

        // Every particle is in exactly one cluster, with its row as it was.
        var names = StarFile.Read(star).Find("particles")!.Table!.GetColumn("rlnImageName");
        var found = Enumerable.Range(1, 2).SelectMany(
            c => StarFile.Read(tool[$"seen/cluster_{c}.star"]).Find("particles")!.Table!.GetColumn("rlnImageName")).ToArray();
        Assert.Equal(names.Order(), found.Order());
        var cluster = StarFile.Read(tool["seen/cluster_2.star"]);

        // Clusters of cryoSPARC's particles go back there.
        Tool.Run("convert", star, "--out", tool["sim/true.cs"]).RequireSuccess();
        Tool.Run(
            "landscape", tool["motion"], "--particles", tool["sim/true.cs"], "--points", "2", "--nearest", "0", "--clusters", "2", "--out", tool["cs"])
            .RequireSuccess();
        Assert.Equal(240, NpyTable.Read(tool["cs/cluster_1.cs"]).RowCount + NpyTable.Read(tool["cs/cluster_2.cs"]).RowCount);
        Assert.NotNull(cluster.Find("optics"));
        Assert.All(cluster.Find("particles")!.Table!.GetColumn("gmmCluster"), c => Assert.Equal("2", c));
        var sizes = report.GetProperty("halves").EnumerateObject().Select(h => h.Value.GetProperty("cluster_sizes").EnumerateArray().Sum(s => s.GetInt32()));
        Assert.Equal([120, 120], sizes);

        // The points of the user are scores of the components.
        File.WriteAllText(tool["at.txt"], "0.5 0\n-0.5 0.25\n");
        var at = Tool.Run("landscape", tool["motion"], "--out", tool["at"], "--at", tool["at.txt"], "--nearest", "0", "--json").Json();
        Assert.Equal(0.25, at.GetProperty("points")[1].GetProperty("scores_A").GetProperty("half2")[1].GetDouble(), 1e-3);
        Assert.False(File.Exists(tool["at/maps.cxc"]));
        Tool.Run("landscape", tool["motion"], "--out", tool["circle"], "--circle-with", "2", "--points", "4", "--nearest", "0").RequireSuccess();
    }

    private static void Agreement(Tool tool, JsonElement report)
    {
        // Without a focus the mask is that of the first point's half maps; the figures are those of the maps written.
        Assert.Contains("made from the half maps", report.GetProperty("agreement_mask").GetString(), StringComparison.Ordinal);
        HalfMap Map(int point, int half)
        {
            var map = MrcFile.ReadMap(tool[$"seen/point_{point:D3}_half{half}_unfil.mrc"]);
            return new HalfMap(map.Size, map.PixelSize, map.Voxels, half);
        }

        var mask = SolventMasks.FromHalfMaps(Map(1, 1), Map(1, 2));
        for (var p = 1; p <= 3; p++)
        {
            var agreement = report.GetProperty("points")[p - 1].GetProperty("agreement");
            var other = agreement.GetProperty("other_point").GetInt32();
            Assert.Contains(other, p == 1 ? [3] : p == 3 ? [1] : new[] { 1, 3 });
            foreach (var (name, second) in new[] { ("halves", p), ("with_other_point", other) })
            {
                var fsc = FourierShellCorrelation.PhaseRandomised(Map(p, 1), Map(second, 2), mask).Corrected;
                Assert.Equal(fsc.Resolution(0.143), agreement.GetProperty(name).GetProperty("resolution_0143_A").GetDouble(), 1e-3);
                Assert.Equal(fsc.Mean(7), agreement.GetProperty(name).GetProperty("mean_fsc").GetDouble(), 1e-3);
            }
        }
    }

    private static void BadInput(Tool tool)
    {
        Refused(Tool.Run("landscape", tool["mask.mrc"], "--out", tool["none"]), "is a file, not a folder");
        string[] With(params string[] more) => ["landscape", tool["motion"], "--out", tool["bad"], "--nearest", "0", .. more];
        Refused(Tool.Run(With("--component", "3")), "no component 3: the latent space has 2");
        Refused(Tool.Run(With("--component", "0")), "counted from 1");
        Refused(Tool.Run(With("--pdb", tool["model.pdb"], "--centre-model", "--residue", "B:7")), "no residue B:7; its chains are A");
        Refused(Tool.Run(With("--pdb", tool["model.pdb"], "--centre-model", "--residue", "seven")), "not of the form A:205");
        Refused(Tool.Run(With("--residue", "A:7")), "need --pdb");
        Refused(Tool.Run(With("--at", tool["none.txt"])), "none.txt");
        Refused(Tool.Run(With("--particles", tool["none.star"])), "none.star");
        Assert.False(Directory.Exists(tool["bad"]));

        MrcFile.WriteMap(tool["corner.mrc"], Corner());
        Refused(Tool.Run("to-pose", tool["motion"], "--focus", tool["corner.mrc"], "--out", tool["p.star"]), "corner.mrc");
        Refused(Tool.Run("to-pose", tool["motion"], "--out", tool["p.star"]), "--focus");
        Refused(Tool.Run("to-pose", tool["nowhere"], "--focus", tool["mask.mrc"], "--out", tool["p.star"]), "no such folder");

        // Particles of another set, a folder of another version, and one that is not finished.
        Tool.Run("simulate", tool["model.pdb"], "--out", tool["other"], "--particles", "60", "--box", "24", "--pixel-size", "2.5", "--snr", "2")
            .RequireSuccess();
        Refused(Tool.Run(With("--particles", tool["other/true.star"])), "do not belong together");
        var record = File.ReadAllText(tool["motion/heterogeneity.json"]);
        var version = $"\"version\": {HeterogeneityRecord.CurrentVersion}";
        File.WriteAllText(tool["motion/heterogeneity.json"], record.Replace(version, "\"version\": 99", StringComparison.Ordinal));
        Refused(Tool.Run(With()), "another version");
        File.WriteAllText(tool["motion/heterogeneity.json"], record);
        File.Delete(tool["motion/latent.star"]);
        Refused(Tool.Run(With()), "latent.star is missing");
        Assert.False(File.Exists(tool["p.star"]));
    }

    private static SolventMask Corner()
    {
        var voxels = new float[24 * 24 * 24];
        voxels[0] = 1;
        return new SolventMask(24, 2.5, voxels);
    }

    private static string Prepare(Tool tool)
    {
        Tool.Run(
            "simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", "240", "--box", "24", "--pixel-size", "2.5", "--snr", "2", "--seed",
            "3").RequireSuccess();
        var star = tool["sim/true.star"];
        Tool.Run("reconstruct", star, "--out", tool["maps/run"]).RequireSuccess();
        foreach (var half in new[] { "1", "2" })
        {
            Tool.Run("build", tool[$"maps/run_half{half}_unfil.mrc"], "--resolution", "8", "--gaussians", "60", "--out", tool[$"m{half}.star"])
                .RequireSuccess();
        }

        Tool.Run("mask", tool["maps/run.mrc"], "--sphere", "12", "--out", tool["mask.mrc"]).RequireSuccess();
        Tool.Run(
            "heterogeneity", star, "--model-half1", tool["m1.star"], "--model-half2", tool["m2.star"], "--out", tool["motion"], "--latent", "2",
            "--anchors", "8", "--epochs", "1").RequireSuccess();
        return star;
    }

    private static void Refused(ToolRun run, string words)
    {
        Assert.Equal(1, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }
}
