namespace Gmm.Cli.Tests;

/// <summary>The options that say where a verb computes, in a tool without TorchSharp.</summary>
public sealed class DeviceOptionTests
{
    private const string Flat = "--device: is for flat images, not weighted by their signal: leave out --ewald and --weights signal";

    [Theory]
    [InlineData("build", "map.mrc", "--resolution", "8", "--out", "m.star")]
    [InlineData("reconstruct", "p.star", "--out", "rec")]
    public void A_device_that_the_tool_does_not_have_is_told_before_anything_is_read(params string[] call)
    {
        var run = Tool.Run([.. call, "--device", "cuda:1"]);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"gmm {call[0]}: --device: cuda:1 needs a gmm that is built with TorchSharp", run.Line(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--device-memory: only with --device", "--device-memory", "2")]
    [InlineData("--device-memory: must be over 0 and at most 10000", "--device", "torch-cpu", "--device-memory", "0")]
    [InlineData(Flat, "--device", "cuda", "--ewald", "positive")]
    [InlineData(Flat, "--device", "cuda", "--weights", "signal")]
    public void What_does_not_go_together_is_told(string problem, params string[] more)
    {
        var run = Tool.Run(["reconstruct", "p.star", "--out", "rec", .. more]);
        Assert.Equal((1, $"gmm reconstruct: {problem}"), (run.Code, run.Line()));
    }
}
