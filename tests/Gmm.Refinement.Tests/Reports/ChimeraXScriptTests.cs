namespace Gmm.Refinement.Tests;

public class ChimeraXScriptTests
{
    [Fact]
    public void MapsAreOpenedByRelativePathsEachInItsColour()
    {
        var folder = Path.Combine(Path.GetTempPath(), "run");

        var script = ChimeraXScript.Create(folder, [("before", Path.Combine(folder, "a b.mrc")), ("after", Path.Combine(folder, "maps", "b.mrc"))], 3.5, "Simulated images.");

        var lines = script.Split('\n');
        Assert.Equal("# Simulated images.", lines[0]);
        Assert.Contains("open \"a b.mrc\" name \"before\"", lines);
        Assert.Contains("open \"maps/b.mrc\" name \"after\"", lines);
        Assert.Contains("volume #1 style surface step 1 sdLevel 3.5 color #999999", lines);
        Assert.Contains("volume #2 style surface step 1 sdLevel 3.5 color #0072b2", lines);
        Assert.Contains("tile", lines);
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<ArgumentException>(() => ChimeraXScript.Create("/tmp", [], 3, ""));
        Assert.Throws<ArgumentException>(() => ChimeraXScript.Create("/tmp", [("a", "a.mrc")], double.NaN, ""));
        Assert.Throws<ArgumentException>(() => ChimeraXScript.Create("/tmp", [("a", "a\".mrc")], 3, ""));
    }
}
