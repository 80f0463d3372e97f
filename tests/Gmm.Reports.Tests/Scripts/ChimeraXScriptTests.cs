namespace Gmm.Reports.Tests;

public class ChimeraXScriptTests
{
    [Fact]
    public void Maps_are_opened_by_relative_paths_each_in_its_colour()
    {
        var folder = Path.Combine(Path.GetTempPath(), "run");

        var script = ChimeraXScript.Create(
            folder, [("before", Path.Combine(folder, "a b.mrc")), ("after", Path.Combine(folder, "maps", "b.mrc"))], 3.5, "Simulated images.");

        var lines = script.Split('\n');
        Assert.Equal("# Simulated images.", lines[0]);
        Assert.Contains("open \"a b.mrc\" name \"before\"", lines);
        Assert.Contains("open \"maps/b.mrc\" name \"after\"", lines);
        Assert.Contains("volume #1 style surface step 1 sdLevel 3.5 color #999999", lines);
        Assert.Contains("volume #2 style surface step 1 sdLevel 3.5 color #0072b2", lines);
        Assert.Contains("tile", lines);
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ChimeraXScript.Create("/tmp", [], 3, ""));
        Assert.Throws<ArgumentException>(() => ChimeraXScript.Create("/tmp", [("a", "a.mrc")], double.NaN, ""));
    }

    /// <summary>What ChimeraX takes for the end of a word or of a command must not stand in a name as it is.</summary>
    [Fact]
    public void Whatever_is_in_a_name_is_text_and_never_a_command()
    {
        var folder = Path.Combine(Path.GetTempPath(), "run\n\";x");
        string[] names = ["a\" ; exit\nexit \u2028 #1.mrc", "back\\slash.mrc"];
        var script = ChimeraXScript.Create(folder, [.. names.Select(n => (n, Path.Combine(folder, n)))], 3, "remark\nexit\rexit\u001b[2J");
        var known = new[] { "#", "close session", "set bgColor white", "open \"", "volume #", "lighting soft", "view", "tile", "" };
        Assert.All(script.Split('\n'), l => Assert.True(known.Any(k => l == k || (k.Length > 0 && l.StartsWith(k, StringComparison.Ordinal))), l));
        Assert.DoesNotContain("\r", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", script, StringComparison.Ordinal);
        Assert.DoesNotContain(";", script.Replace("# Open", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var open = script.Split('\n').Where(l => l.StartsWith("open ", StringComparison.Ordinal)).ToArray();
        Assert.Equal("open \"a\\x22 \\x3b exit\\x0aexit \\u2028 #1.mrc\" name \"a\\x22 \\x3b exit\\x0aexit \\u2028 #1.mrc\"", open[0]);
        Assert.Equal("open \"back\\x5cslash.mrc\" name \"back\\x5cslash.mrc\"", open[1]);

        var file = Path.Combine(Directory.CreateTempSubdirectory("gmm-cxc-").FullName, "m.cxc");
        MotionScript.WriteMaps(file, [Path.Combine(Path.GetDirectoryName(file)!, names[0])]);
        MotionScript.WriteModels(Path.ChangeExtension(file, ".2.cxc"), [Path.Combine(Path.GetDirectoryName(file)!, names[0])]);
        Assert.Contains("open \"a\\x22 \\x3b exit\\x0aexit \\u2028 #1.mrc\" vseries true\n", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Contains(
            "open \"a\\x22 \\x3b exit\\x0aexit \\u2028 #1.mrc\"\n", File.ReadAllText(Path.ChangeExtension(file, ".2.cxc")), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public void Pictures_open_whatever_their_labels_hold()
    {
        var chart = new LineChart(
            "a\0b\u001b[31m <&> \ud800 \u0085", new ChartAxis("x\ny"), new ChartAxis("\u0007"), [new ChartSeries("s\u0001\u007f", [0, 1], [0, 1])]);
        var file = Path.Combine(Path.GetTempPath(), $"gmm-{Guid.NewGuid():N}.svg");
        chart.Save(file);
        var text = File.ReadAllText(file);
        File.Delete(file);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c is not ('\n' or '\t'));
        Assert.Contains("<&>", System.Xml.Linq.XDocument.Parse(text).Root!.Value, StringComparison.Ordinal);
    }
}
