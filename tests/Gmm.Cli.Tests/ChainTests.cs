using System.Diagnostics;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>
/// One step leads to the next, as typed: names in the files are relative, the working folder is not theirs, and it changes between the steps. The tool runs
/// in a process of its own, because a working folder is the process's.
/// </summary>
public sealed class ChainTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "gmm.dll");
    private readonly Tool _tool = new();

    [Fact]
    public void From_a_simulation_to_patches_bodies_composite_and_maps_from_any_folder()
    {
        _tool.WriteModel();
        Gmm(".", "simulate model.pdb --out sim --particles 120 --box 24 --pixel-size 2.5 --snr 2");
        Gmm(".", "refine sim/disturbed.star --out refined --iterations 1 --gaussians 60");

        // The names in refined/run_data.star are relative to sim/.
        Gmm(".", "patches refined/run_data.star --out patches --count 2");
        Gmm("refined", "reconstruct run_data.star --out again");
        Gmm("patches/patch01", "reconstruct run_data.star --out ../patch01_again");
        Gmm(".", "composite patches/provenance.json --out final/composite");
        Gmm("sim", "mask true_map.mrc --model model.cif --out ../mask.mrc");
        Gmm(".", "refine refined/run_data.star --out domain --focus mask.mrc --iterations 1 --gaussians 60");
        Gmm("elsewhere", "refine ../domain/run_data.star --out third --iterations 1 --gaussians 60");

        // The whole tree moves, and goes on.
        foreach (var folder in new[] { "sim", "refined" })
        {
            Directory.CreateDirectory(_tool["moved"]);
            Directory.Move(_tool[folder], _tool["moved/" + folder]);
        }

        Gmm("elsewhere", "reconstruct ../moved/refined/run_data.star --out moved");
        var missing = Run("elsewhere", "reconstruct ../domain/run_data.star --out none");
        Assert.Equal(1, missing.Code);
        Assert.Contains("the stack particles.mrcs does not exist; looked in", missing.Error, StringComparison.Ordinal);
        Assert.Contains("--root says which folder names are relative to", missing.Error, StringComparison.Ordinal);
        Gmm("elsewhere", "reconstruct ../domain/run_data.star --out none --root ../moved/sim");
        Assert.Equal(File.ReadAllBytes(_tool["moved/refined/again.mrc"]).Length, File.ReadAllBytes(_tool["elsewhere/none.mrc"]).Length);
    }

    [Fact]
    public void From_heterogeneity_to_poses_a_landscape_and_scores_from_any_folder()
    {
        _tool.WriteModel();
        Gmm(".", "simulate model.pdb --out sim --particles 240 --box 24 --pixel-size 2.5 --snr 2");
        Gmm("sim", "mask true_map.mrc --sphere 15 --out sphere.mrc");
        Gmm(".", "refine sim/disturbed.star --out refined --iterations 1 --gaussians 60");
        Gmm("refined", "heterogeneity run_data.star --model-half1 run_model_half1.star --model-half2 run_model_half2.star --out ../motion --focus "
            + "../sim/sphere.mrc --latent 2 --anchors 8 --epochs 1");

        // The region is in the folder, and so are the particles: nothing need be named again.
        Gmm("elsewhere", "to-pose ../motion --out domain.star --reconstruct --refine 1");
        Assert.True(File.Exists(_tool["elsewhere/domain_refined/run_half1_unfil.mrc"]));
        Assert.Equal(MrcFile.ReadVolume(_tool["sim/sphere.mrc"]).Voxels, MrcFile.ReadVolume(_tool["motion/focus.mrc"]).Voxels);
        Gmm(".", "reconstruct elsewhere/domain.star --out domain_map");
        Gmm("elsewhere", "landscape ../motion --out seen --points 3 --nearest 60 --clusters 2 --pdb ../sim/model.cif --residue A:7");
        Gmm(".", "reconstruct elsewhere/seen/cluster_1.star --out cluster");

        // The morphed atoms lie in the maps' frame, and the model simulate wrote in its map's.
        Gmm("elsewhere", "qscore ../sim/true_map.mrc seen/morph_002.cif --out q");
        var q = Run(".", "qscore sim/true_map.mrc sim/model.cif --out q --json").Json();
        Assert.Equal(0, q.GetProperty("atoms_outside").GetInt32());
    }

    public void Dispose() => _tool.Dispose();

    private void Gmm(string folder, string call)
    {
        var run = Run(folder, call);
        Assert.True(run.Code == 0, $"in {folder}: gmm {call}: {run.Error}");
    }

    private ToolRun Run(string folder, string call)
    {
        Directory.CreateDirectory(_tool[folder]);
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = _tool[folder],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { Program }.Concat(call.Split(' ')).Append("--threads").Append("2"))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolRun(process.ExitCode, output, error.Result, call.Split(' ')[0]);
    }
}
