using System.Text.Json;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>Refinements on a graphics card, which the processor simulates here, and what is said where there is none.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly Tool _tool = new();

    [Fact]
    public void A_refinement_on_a_card_comes_to_its_end_and_its_record_says_where_it_was()
    {
        // Signal enough for one best pose of each.
        var folder = _tool["sim"];
        Tool.Run(
            "simulate", _tool.WriteModel(), "--out", folder, "--particles", "30", "--box", "24", "--pixel-size", "2.5", "--snr", "20",
            "--disturb-degrees", "3").RequireSuccess();
        string[] quick = ["--iterations", "1", "--gaussians", "40", "--max-resolution", "8", "--threads", "2"];
        Tool.Run(["refine", Path.Combine(folder, "disturbed.star"), "--out", _tool["cpu"], .. quick]).RequireSuccess();
        Tool.Run(["refine", Path.Combine(folder, "disturbed.star"), "--out", _tool["card"], "--device", "ilgpu-cpu", .. quick]).RequireSuccess();
        var record = JsonDocument.Parse(File.ReadAllText(_tool["card/run.json"])).RootElement;
        Assert.Contains("levenberg-marquardt on ilgpu-cpu", record.ToString(), StringComparison.Ordinal);
        using var managed = StarParticles.Open(_tool["cpu/run_data.star"], new StarParticlesOptions { Root = folder });
        using var found = StarParticles.Open(_tool["card/run_data.star"], new StarParticlesOptions { Root = folder });
        for (var i = 0; i < found.Particles.Count; i++)
        {
            var angle = found.Particles[i].Pose.Rotation.AngleTo(managed.Particles[i].Pose.Rotation) * (180 / Math.PI);
            Assert.InRange(angle, 0, 0.05 * managed.Table.GetDouble(i, "gmmPoseRotationSigma"));
        }
    }

    [Theory]
    [InlineData("gpu:99", "there is no")]
    [InlineData("opencl:99", "there is no opencl:99")]
    [InlineData("gpu:x", "'gpu:x' is no device")]
    [InlineData("gpu:-1", "'gpu:-1' is no device")]
    public void A_device_that_is_not_there_is_an_error_and_never_the_processor(string device, string message)
    {
        var star = RefineSet.Write(_tool);
        var run = Tool.Run("refine", star, "--out", _tool["none"], "--device", device);
        Assert.Contains("--device: " + message, run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["none"]));
    }

    [Theory]
    [InlineData("--optimizer", "adam")]
    [InlineData("--score", "frc")]
    public void What_a_card_has_no_kernels_for_is_refused(string option, string value) => Assert.Contains(
        "--device: gpu is for --optimizer lm and --score whitened, without --focus",
        Tool.Run("refine", RefineSet.Write(_tool), "--out", _tool["none"], "--device", "gpu", option, value).Line(),
        StringComparison.Ordinal);

    [Fact]
    public void Devices_are_listed_with_the_reason_where_one_cannot_be_used()
    {
        var devices = Tool.Run("devices", "--json").Json().GetProperty("devices").EnumerateArray().ToArray();
        Assert.Contains(devices, d => d.GetProperty("id").GetString()!.StartsWith("gpu", StringComparison.Ordinal));
        Assert.Contains(devices, d => d.GetProperty("id").GetString()!.StartsWith("opencl", StringComparison.Ordinal));
        Assert.All(devices, d => Assert.True(d.GetProperty("name").GetString()!.Length > 0 || d.GetProperty("problem").GetString()!.Length > 0));
        Assert.EndsWith("cpu: the processor, the default\n", Tool.Run("devices").Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    public void Dispose() => _tool.Dispose();
}
