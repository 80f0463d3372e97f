using System.Globalization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>Inputs that are quick to make and slow to work on.</summary>
public sealed class InterruptionInputs : IDisposable
{
    private const int Box = 160;
    private readonly Tool _tool = new();
    private int _outputs;

    public InterruptionInputs()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var random = new Random(3);
        WriteHalves(random);
        WriteAtoms(40_000, random);
        WriteModel(6000, random);
        Run("mask", "half1", "--sphere", "75", "--out", "mask");
        _tool.WriteModel("small.pdb");
        Run("simulate", "small.pdb", "--out", "set", "--particles", "600", "--box", "32", "--pixel-size", "2", "--snr", "1");
        Run("reconstruct", "set/true.star", "--out", "rec");
        foreach (var half in new[] { "1", "2" })
        {
            Run("build", $"rec_half{half}_unfil.mrc", "--resolution", "8", "--gaussians", "60", "--iterations", "5", "--out", $"small{half}.star");
        }

        Run("mask", "rec_half1_unfil.mrc", "--sphere", "12", "--out", "core");
        Run("mask", "rec_half1_unfil.mrc", "--sphere", "25", "--without", "core", "--out", "shell");
        Run("patches", "set/true.star", "--out", "patches", "--count", "2", "--iterations", "1", "--gaussians", "50");
        Run(
            "heterogeneity", "set/true.star", "--model-half1", "small1.star", "--model-half2", "small2.star", "--latent", "2", "--anchors", "8",
            "--epochs", "1", "--folds", "1",
            "--out", "motion");
    }

    public void Dispose() => _tool.Dispose();

    /// <summary>A folder for the outputs of a call.</summary>
    public string NewOutput() => Directory.CreateDirectory(_tool[$"out{Interlocked.Increment(ref _outputs)}"]).FullName;

    /// <summary>The words of a call with the names of files for those in braces.</summary>
    public string Fill(string call, string output)
    {
        foreach (var name in (string[])["half1", "half2", "mask", "core", "shell", "atoms", "model", "poses", "set", "patches", "motion", "small1", "small2"])
        {
            call = call.Replace($"{{{name}}}", _tool[FileOf(name)], StringComparison.Ordinal);
        }

        return call.Replace("{out}", output, StringComparison.Ordinal);
    }

    private static string FileOf(string name) => name switch
    {
        "half1" or "half2" or "mask" or "core" or "shell" => name + ".mrc",
        "atoms" => "atoms.pdb",
        "model" or "poses" or "small1" or "small2" => name + ".star",
        _ => name,
    };

    private void Run(string verb, params string[] words) =>
        Tool.Run([verb, .. words.Select((w, i) => i == 0 || words[i - 1] is "--out" or "--without" or "--model-half1" or "--model-half2"
            ? _tool[FileOf(w)] : w)]).RequireSuccess();

    /// <summary>A ball of random density, and noise of its own in each half.</summary>
    private void WriteHalves(Random random)
    {
        var signal = new float[Box * Box * Box];
        for (var i = 0; i < signal.Length; i++)
        {
            int x = (i % Box) - (Box / 2), y = (i / Box % Box) - (Box / 2), z = (i / Box / Box) - (Box / 2);
            signal[i] = (x * x) + (y * y) + (z * z) < 2500 ? 2 * random.NextSingle() : 0;
        }

        for (var half = 1; half <= 2; half++)
        {
            MrcFile.WriteMap(_tool[$"half{half}.mrc"], new DensityMap(Box, 1.2, Array.ConvertAll(signal, v => v + random.NextSingle() - 0.5f)));
        }
    }

    private void WriteAtoms(int count, Random random)
    {
        double At() => 55 * ((2 * random.NextDouble()) - 1);
        File.WriteAllLines(_tool["atoms.pdb"], Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"ATOM  {i + 1,5}  {"CNO"[i % 3]}   ALA {(char)('A' + (i / 9000))}{(i % 9000) + 1,4}    "
            + $"{At(),8:F3}{At(),8:F3}{At(),8:F3}  1.00 30.00          {"CNO"[i % 3],2}")).Append("END"));
    }

    /// <summary>A large model and many poses to project it at.</summary>
    private void WriteModel(int count, Random random)
    {
        float[] Column() => [.. Enumerable.Range(0, count).Select(_ => 60 * ((2 * random.NextSingle()) - 1))];
        float[] ones = [.. Enumerable.Repeat(1f, count)];
        GaussianModelFile.Write(_tool["model.star"], new GaussianModel(Column(), Column(), Column(), ones, ones, Box, 1.2));
        var rows = Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant($"{i % 360} {i % 180} {i % 77} 1.2"));
        File.WriteAllLines(_tool["poses.star"], ["data_images", "loop_", "_rlnAngleRot", "_rlnAngleTilt", "_rlnAnglePsi", "_rlnImagePixelSize", .. rows]);
    }
}
