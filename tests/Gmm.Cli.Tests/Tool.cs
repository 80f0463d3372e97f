using System.Globalization;
using System.Text.Json;

namespace Gmm.Cli.Tests;

/// <summary>Runs the tool in this process with its streams captured, in a folder of its own.</summary>
internal sealed class Tool : IDisposable
{
    public Tool() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "gmm-cli-" + Guid.NewGuid().ToString("N"));

    public string this[string name] => Path.Combine(Folder, name);

    public static ToolRun Run(params string[] args) => Run(CancellationToken.None, args);

    public static ToolRun Run(CancellationToken token, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = GmmTool.Run(args, new CliConsole(output, error), token);
        return new ToolRun(code, output.ToString(), error.ToString(), args.FirstOrDefault());
    }

    /// <summary>A small model: 150 carbon, nitrogen and oxygen atoms within 14 A, no symmetry.</summary>
    public string WriteModel(string name = "model.pdb", double shift = 0)
    {
        var random = new Random(4);
        var lines = new List<string>();
        while (lines.Count < 150)
        {
            double x = (2 * random.NextDouble()) - 1, y = (2 * random.NextDouble()) - 1, z = (2 * random.NextDouble()) - 1;
            if ((x * x) + (y * y) + (z * z) < 1)
            {
                var element = "CNO"[lines.Count % 3];
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"ATOM  {lines.Count + 1,5}  {element}   ALA A{lines.Count + 1,4}    "
                    + $"{(14 * x) + shift,8:F3}{14 * y,8:F3}{14 * (z + (0.3 * x)),8:F3}  1.00{20 + (lines.Count % 30),6:F2}          {element,2}"));
            }
        }

        File.WriteAllLines(this[name], [.. lines, "END"]);
        return this[name];
    }

    /// <summary>Simulates a small set and returns its folder.</summary>
    public string Simulate(string name = "sim", params string[] more)
    {
        var folder = this[name];
        var run = Run(["simulate", WriteModel(), "--out", folder, "--particles", "40", "--box", "24", "--pixel-size", "2.5", "--snr", "2", .. more]);
        Assert.True(run.Code == 0, run.Error);
        return folder;
    }

    /// <summary>Simulates a small set at its true poses and returns its two half maps.</summary>
    public (string Half1, string Half2) Halves()
    {
        Run("reconstruct", Path.Combine(Simulate("halves"), "true.star"), "--out", this["halves/run"]).RequireSuccess();
        return (this["halves/run_half1_unfil.mrc"], this["halves/run_half2_unfil.mrc"]);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

internal sealed record ToolRun(int Code, string Output, string Error, string? Verb = null)
{
    /// <summary>The one JSON object of standard output, and nothing else; it fits the schema of the verb's results.</summary>
    public JsonElement Json()
    {
        Assert.True(Code == 0, Error);
        using var document = JsonDocument.Parse(Output);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        SchemaCheck.ValidResult(Verb!, Output);
        return document.RootElement.Clone();
    }

    public void RequireSuccess() => Assert.True(Code == 0, Error);

    /// <summary>The one line of standard error of a failed call.</summary>
    public string Line()
    {
        Assert.Equal(string.Empty, Output);
        return Assert.Single(Error.TrimEnd().Split('\n'));
    }
}
