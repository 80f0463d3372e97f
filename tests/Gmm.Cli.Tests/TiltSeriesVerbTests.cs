namespace Gmm.Cli.Tests;

/// <summary>Tilt series and a given reference on the command line.</summary>
public sealed class TiltSeriesVerbTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void What_does_not_go_together_is_told_with_the_option()
    {
        var particles = RefineSet.Write(_tool);
        void Fails(string words, params string[] more)
        {
            var run = Tool.Run(["refine", particles, "--out", _tool["run"], .. more]);
            Assert.Equal(1, run.Code);
            Assert.Contains(words, run.Line(), StringComparison.Ordinal);
            Assert.False(Directory.Exists(_tool["run"]));
        }

        Fails("rlnNoSuchColumn: there is no such column", "--tilt-series", "rlnNoSuchColumn");
        Fails("it is different in every row", "--tilt-series", "_rlnImageName");
        Fails("--tilt-shift-sigma: only with --tilt-series", "--tilt-shift-sigma", "2");
        Fails("--tilt-rotation-sigma: must be from 0 to 45", "--tilt-series", "rlnRandomSubset", "--tilt-rotation-sigma", "50");
        Fails("--tilt-series: is for --optimizer lm", "--tilt-series", "rlnRandomSubset", "--optimizer", "adam");
        Fails("--reference-resolution: is needed with --reference", "--reference", particles);
        Fails("--reference-resolution: only with --reference", "--reference-resolution", "20");
        Fails("--reference-resolution: must be positive", "--reference", particles, "--reference-resolution", "0");
    }
}
