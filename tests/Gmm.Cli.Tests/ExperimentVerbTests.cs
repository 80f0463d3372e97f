using Gmm.IO;

namespace Gmm.Cli.Tests;

public sealed class ExperimentVerbTests : IDisposable
{
    private readonly Tool _tool = new();

    [Fact]
    public void Flexible_domains_are_written_with_a_verdict()
    {
        var json = Tool.Run(
            "experiment", "flexible-domains", "--out", _tool["s5"], "--pdb", WriteModel(), "--box", "64", "--pixel-size", "1.4", "--copies", "3",
            "--json").Json();
        Assert.All(json.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString()), f.GetString()));
        var resolution = json.GetProperty("resolution_0143_A");
        double worse = resolution.GetProperty("flexible_15A").GetDouble(), better = resolution.GetProperty("flexible_7A").GetDouble();
        Assert.InRange(worse, 2.8, 20);
        Assert.Equal(worse < better, json.GetProperty("worse_half_has_higher_fsc").GetBoolean());
        var curves = StarFile.Read(_tool["s5/curves.star"]).Find("fsc")!.Table!;
        Assert.Equal(33, curves.RowCount);
        Assert.Equal(1, curves.GetDouble(0, "gmm_flexible_15A"), 0.2);
        var lines = File.ReadAllLines(_tool["s5/regions.csv"]);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("flexible_15A,rigid,", lines[1], StringComparison.Ordinal);
        Assert.Contains("The truth is in the regions", File.ReadAllText(_tool["s5/verdict.txt"]), StringComparison.Ordinal);
        var map = MrcFile.ReadVolume(_tool["s5/flexible_7A_half1_unfil.mrc"]);
        Assert.Equal((64, 1.4), (map.Size.X, Math.Round(map.PixelSize.X, 4)));
    }

    [Fact]
    public void Bad_input_is_named()
    {
        var run = Tool.Run("experiment", "flexible-domains", "--out", _tool["s5"], "--pdb", _tool.WriteModel());
        Assert.Equal(1, run.Code);
        Assert.Contains("the model has no chain B", run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["s5"]));
        Assert.Equal(2, Tool.Run("experiment", "other", "--out", _tool["s5"]).Code);
    }

    public void Dispose() => _tool.Dispose();

    private string WriteModel()
    {
        var random = new Random(8);
        var lines = new List<string>();
        for (var i = 0; i < 480;)
        {
            double x = (2 * random.NextDouble()) - 1, y = (2 * random.NextDouble()) - 1, z = (2 * random.NextDouble()) - 1;
            if ((x * x) + (y * y) + (z * z) < 1)
            {
                var chain = i % 4;
                double dx = chain is 0 or 1 ? -12 : 12, dy = chain is 0 or 2 ? -10 : 10;
                lines.Add(FormattableString.Invariant(
                    $"ATOM  {i + 1,5}  CA  ALA {"ABCD"[chain]}{(i / 4) + 1,4}    {(9 * x) + dx,8:F3}{(9 * y) + dy,8:F3}{9 * z,8:F3}  1.00 20.00           C"));
                i++;
            }
        }

        File.WriteAllLines(_tool["four.pdb"], [.. lines, "END"]);
        return _tool["four.pdb"];
    }
}
