using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>Refinements on a graphics card, which the processor simulates here, and what is said where there is none.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly Tool _tool = new();

    [Fact]
    public void A_refinement_on_a_card_comes_to_its_end_and_its_record_says_where_it_was()
    {
        Simulate();
        Refine("cpu");
        Refine("card", "--device", "ilgpu-cpu");
        var record = JsonDocument.Parse(File.ReadAllText(_tool["card/run.json"])).RootElement;
        Assert.Contains("levenberg-marquardt on ilgpu-cpu", record.ToString(), StringComparison.Ordinal);
        AssertPoses();
    }

    [Fact]
    public void A_region_is_refined_on_two_cards_and_maps_are_made_on_them()
    {
        Simulate();
        MrcFile.WriteMap(_tool["focus.mrc"], SolventMasks.Sphere(24, 2.5, 14, 6));
        Refine("cpu", "--focus", _tool["focus.mrc"]);
        Refine("card", "--focus", _tool["focus.mrc"], "--device", "ilgpu-cpu:0,1");
        AssertPoses();
        string[] Map(string name) => [_tool["card/run_data.star"], "--root", _tool["sim"], "--out", _tool[name]];
        Tool.Run(["reconstruct", .. Map("managed")]).RequireSuccess();
        Tool.Run(["reconstruct", .. Map("summed"), "--device", "ilgpu-cpu:0,1"]).RequireSuccess();
        DensityMap Half(string name) => MrcFile.ReadMap(_tool[name + "_half1_unfil.mrc"]);
        float[] managed = Half("managed").Voxels.ToArray(), summed = Half("summed").Voxels.ToArray();
        var largest = managed.Max(Math.Abs);
        Assert.All(managed.Zip(summed), v => Assert.Equal(v.First, v.Second, 1e-5f * largest));
    }

    [Fact]
    public void Patches_are_refined_on_a_card()
    {
        Simulate();
        void Patches(string name, params string[] device) => Tool.Run(
            [
                "patches", _tool["sim/true.star"], "--out", _tool[name], "--count", "2", "--gaussians", "50", "--iterations", "1", "--max-resolution", "8",
                "--threads", "2", "--joint", .. device,
            ]).RequireSuccess();
        Patches("cpu");
        Patches("card", "--device", "ilgpu-cpu");
        AssertPoses("patch01/");
        AssertPoses("patch02/");
    }

    [Theory]
    [InlineData("gpu:99", "there is no")]
    [InlineData("opencl:99", "there is no opencl:99")]
    [InlineData("gpu:x", "'gpu:x' is no device")]
    [InlineData("gpu:-1", "'gpu:-1' is no device")]
    [InlineData("gpu:0,", "'gpu:0,' is no device")]
    [InlineData("gpu:0,0", "gpu:0,0 names a card twice")]
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
        "--device: gpu is for --optimizer lm and --score whitened",
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

    /// <summary>Thirty images with signal enough for one best pose of each.</summary>
    private void Simulate() => Tool.Run(
        "simulate", _tool.WriteModel(), "--out", _tool["sim"], "--particles", "30", "--box", "24", "--pixel-size", "2.5", "--snr", "20",
        "--disturb-degrees", "3").RequireSuccess();

    private void Refine(string name, params string[] options) => Tool.Run(
        [
            "refine", _tool["sim/disturbed.star"], "--out", _tool[name], "--iterations", "1", "--gaussians", "40", "--max-resolution", "8", "--threads", "2",
            .. options,
        ]).RequireSuccess();

    /// <summary>The poses of the card are those of the processor to a twentieth of their uncertainty.</summary>
    private void AssertPoses(string folder = "")
    {
        using var managed = StarParticles.Open(_tool[$"cpu/{folder}run_data.star"], new StarParticlesOptions { Root = _tool["sim"] });
        using var found = StarParticles.Open(_tool[$"card/{folder}run_data.star"], new StarParticlesOptions { Root = _tool["sim"] });
        for (var i = 0; i < found.Particles.Count; i++)
        {
            var angle = found.Particles[i].Pose.Rotation.AngleTo(managed.Particles[i].Pose.Rotation) * (180 / Math.PI);
            Assert.InRange(angle, 0, 0.05 * managed.Table.GetDouble(i, "gmmPoseRotationSigma"));
        }
    }
}
