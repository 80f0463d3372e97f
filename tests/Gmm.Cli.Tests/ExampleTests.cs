using System.Globalization;
using System.IO.Compression;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>
/// Every example of every help text runs, on small data: files lie where the examples have them, sizes are small, and steps that need another's output find it.
/// (That names are found from any working folder is in ChainTests; demo and experiment have tests of their own.)
/// </summary>
public sealed class ExampleTests : IDisposable
{
    /// <summary>What stands for an example's numbers where the data are of a box of 24 pixels of 2.5 A.</summary>
    private static readonly Dictionary<string, string> Sizes = new()
    {
        ["--particles"] = "40",
        ["--box"] = "24",
        ["--pixel-size"] = "2.5",
        ["--resolution"] = "8",
        ["--gaussians"] = "60",
        ["--count"] = "3",
        ["--sphere"] = "12",
        ["--max-resolution"] = "8",
        ["--reference-resolution"] = "8",
        ["--window"] = "45",
        ["--points"] = "3",
        ["--iterations"] = "1",
        ["--refine"] = "1",
        ["--residue"] = "A:7",
    };

    private static readonly string[] Files =
        [".html", ".star", ".mrc", ".mrcs", ".pdb", ".cif", ".gz", ".json", ".gmmsum", ".cs", ".bild", ".png", ".pkl", ".lst"];
    private readonly Tool _tool = new();

    [Fact]
    public void All_examples_run()
    {
        Prepare();
        foreach (var verb in GmmTool.MakeRoot().Subcommands.Cast<VerbCommand>().Where(v => v.Name is not ("demo" or "experiment")))
        {
            foreach (var example in verb.Examples)
            {
                var args = Small(example, verb);
                var resumed = Array.IndexOf(args, "--resume");
                if (resumed >= 0)
                {
                    // A run that goes on is one that was started so.
                    Run(example, [.. args.Where((_, i) => i != resumed), "--overwrite"]);
                    Run(example, args);
                }
                else
                {
                    Run(example, [.. args, "--overwrite"]);
                }

                if (example.Contains("--partial 1/2", StringComparison.Ordinal))
                {
                    Run(example,
                    [
                        .. args.Select(a => a.Replace("1/2", "2/2", StringComparison.Ordinal).Replace("part1", "part2", StringComparison.Ordinal)),
                        "--overwrite",
                    ]);
                }
            }
        }

        // All that the verbs wrote, run by run, fits its schema too.
        var records = SchemaCheck.ValidFiles(_tool.Folder);
        Assert.Superset(
            new HashSet<string> { "run", "refine-state", "provenance", "patches-state", "heterogeneity-record", "landscape", "gmm-files" },
            records.Keys.ToHashSet());
    }

    public void Dispose() => _tool.Dispose();

    private static void Run(string example, string[] args)
    {
        var run = Tool.Run([.. args, "--threads", "2", "--json"]);
        Assert.True(run.Code == 0, $"{example}\n{string.Join(' ', args)}\n{run.Error}");
        _ = run.Json();
    }

    /// <summary>The example's words, files in the test's folder and numbers small.</summary>
    private string[] Small(string example, VerbCommand verb)
    {
        string[] words = [.. example.Split(' ')[1..].Select(w => w.Trim('"'))];
        for (var i = 1; i < words.Length; i++)
        {
            if (Sizes.TryGetValue(words[i - 1], out var size))
            {
                words[i] = size;
            }
            else if (words[i] == "/data/project")
            {
                words[i] = _tool.Folder;
            }
            else if (!words[i].StartsWith('-')
                && (words[i - 1] == "--out" || Files.Contains(Path.GetExtension(words[i]))
                    || (verb.Name is "to-pose" or "landscape" or "report" or "status" && i == 1)))
            {
                words[i] = _tool[words[i]];
            }
        }

        string[] more = verb.Name switch
        {
            "refine" => words.Contains("--iterations") ? [] : ["--iterations", "1", "--gaussians", "60"],
            "ctf" => words.Contains("--iterations") ? [] : ["--iterations", "1"],
            "patches" => words.Contains("--count") ? ["--gaussians", "60"] : ["--count", "3", "--gaussians", "60"],
            "bodies" => ["--gaussians", "60"],
            "heterogeneity" => ["--epochs", "1", "--anchors", "8"],
            "landscape" => words.Contains("--nearest") ? [] : ["--nearest", "60"],
            "postprocess" => words.Contains("--model") ? [] : ["--b-factor", "100"],
            _ => [],
        };
        return [.. words, .. more];
    }

    /// <summary>A particle whose image is a stack of two tilts.</summary>
    private void PrepareTilts()
    {
        using (var stack = new MrcStackWriter(_tool["subtomo.mrcs"], 8, 8, 4))
        {
            stack.Write([.. Enumerable.Range(0, 64).Select(i => (float)i)]);
            stack.Write([.. Enumerable.Range(0, 64).Select(i => (float)-i)]);
            stack.Complete();
        }

        File.WriteAllText(
            _tool["subtomos.star"],
            "data_optics\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n_rlnImageSize\n"
                + "1 300 2.7 0.1 4 8\ndata_particles\nloop_\n_rlnTomoName\n_rlnImageName\n_rlnOpticsGroup\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
                + "_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n_rlnCenteredCoordinateZAngst\nT subtomo.mrcs 1 10 20 30 1 2 3\n");
        File.WriteAllText(
            _tool["tomograms.star"],
            "data_global\nloop_\n_rlnTomoName\n_rlnTomoHand\n_rlnTomoTiltSeriesPixelSize\nT 1 2\n"
                + "data_T\nloop_\n_rlnTomoYTilt\n_rlnTomoZRot\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n0 85 20000 19000 0\n3 85 20100 19100 0\n");
    }

    /// <summary>The files that the examples begin from, by their names.</summary>
    private void Prepare()
    {
        // The model lies where its map has it, so that --model needs no more.
        _tool.WriteModel("origin.pdb");
        var lines = File.ReadAllLines(_tool["origin.pdb"]).Select(l => !l.StartsWith("ATOM", StringComparison.Ordinal) ? l : l[..30]
            + string.Concat(new[] { 30, 38, 46 }.Select(
                c => (double.Parse(l[c..(c + 8)], CultureInfo.InvariantCulture) + 30).ToString("F3", CultureInfo.InvariantCulture).PadLeft(8)))
            + l[54..]);
        var text = string.Join('\n', lines);
        foreach (var name in new[] { "6vxx.pdb", "5a1a.pdb", "model.pdb" })
        {
            File.WriteAllText(_tool[name], text);
        }

        Do("simulate", "model.pdb", "--out", "in", "--particles", "240", "--box", "24", "--pixel-size", "2.5", "--snr", "2");
        using (var zipped = new GZipStream(File.Create(_tool["5a1a.cif.gz"]), CompressionLevel.Fastest))
        {
            zipped.Write(File.ReadAllBytes(_tool["in/model.cif"]));
        }

        PrepareTilts();
        Copy("in/model.cif", "model.cif");
        Copy("in/particles.mrcs", "particles.mrcs");
        Copy("in/true.star", "EMPIAR-10204.star", "particles.star", "more.star");
        Do("convert", "particles.star", "--out", "particles.cs");
        Copy("in/true_map.mrc", "map.mrc", "postprocess.mrc", "refined.mrc");
        Do("refine", "in/disturbed.star", "--out", "first", "--iterations", "1", "--gaussians", "60");
        Copy("first/run_data.star", "run_data.star");
        var names = StarFile.Read(_tool["run_data.star"]).Find("particles")!.Table!.GetColumn("rlnImageName");
        File.WriteAllLines(
            _tool["scores.star"], ["data_particles", "loop_", "_rlnImageName #1", "_gmmComponent1 #2", .. names.Select((n, i) => $"{n} {i - 100}")]);
        Copy("first/run_half1_unfil.mrc", "run_half1_unfil.mrc", "half1.mrc", "before.mrc");
        Copy("first/run_half2_unfil.mrc", "run_half2_unfil.mrc", "half2.mrc");
        Copy("first/run_model_half1.star", "run_model_half1.star", "m1.star");
        Copy("first/run_model_half2.star", "run_model_half2.star", "m2.star");
        Do("mask", "map.mrc", "--sphere", "16", "--out", "mask.mrc");
        Do("mask", "map.mrc", "--sphere", "10", "--out", "core.mrc");
        Copy("core.mrc", "domain_mask.mrc", "domain.mrc", "head.mrc");
        Do("mask", "mask.mrc", "--sphere", "15", "--without", "core.mrc", "--out", "arm.mrc");
        Copy("arm.mrc", "tail.mrc");
        File.WriteAllText(
            _tool["spike.json"],
            """{"domains": [{"name": "head", "atoms": "A:1-40", "hinge": {"residues": "A:41-60", "axis": [0, 0, 1], "sd_deg": 5}}]}""");
    }

    private void Do(string verb, params string[] words) =>
        Run(verb, [verb, .. words.Select(w => Files.Contains(Path.GetExtension(w)) || w is "in" or "first" ? _tool[w] : w)]);

    private void Copy(string from, params string[] to)
    {
        foreach (var name in to)
        {
            File.Copy(_tool[from], _tool[name]);
        }
    }
}
