using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;

namespace Gmm.Cli.Tests;

/// <summary>How a device projects: measured once for a run, and kept when it goes on.</summary>
public sealed class DeviceWorkTests
{
    private static readonly OpticsGroup s_optics = new() { Id = 1, PixelSize = 2, ImageSize = 64 };

    [Theory]
    [InlineData("optimizer", "levenberg-marquardt on cuda:0 by gridding", "gridding")]
    [InlineData("optimizer", "levenberg-marquardt(steps 3 and 9, tolerance 1) on cuda:0 by direct", "direct")]
    [InlineData("body_scorer", "cuda:1 by direct", "direct")]
    [InlineData("optimizer", "levenberg-marquardt on torch-cpu", null)]
    [InlineData("optimizer", "levenberg-marquardt", null)]
    public void A_run_that_goes_on_keeps_the_projection_that_it_was_begun_with(string member, string part, string? projection)
    {
        using var folder = new WorkFolder();
        Manifest(new JsonObject { ["seed"] = 1, ["model_builder"] = PartJson.Of("managed"), [member] = PartJson.Of(part) })
            .Write(Path.Combine(folder.Root, RunFolder.ManifestName));
        Assert.Equal(projection, new DeviceWork(s_optics, 6, 100, folder.Root).Begun());
        Assert.Null(new DeviceWork(s_optics, 6, 100, null).Begun());
    }

    [Fact]
    public void A_folder_without_a_run_has_begun_nothing()
    {
        using var folder = new WorkFolder();
        Assert.Null(new DeviceWork(s_optics, 6, 100, folder.Root).Begun());
    }

    [Theory]
    [InlineData(8.0, 16)]
    [InlineData(null, 25)]
    [InlineData(1.0, 31)]
    public void It_is_measured_on_the_coefficients_that_will_be_compared(double? resolution, int radius) =>
        Assert.Equal(radius, new DeviceWork(s_optics, resolution, null, null).Disc().Radius);

    [Fact]
    public void The_projection_is_for_devices_of_TorchSharp()
    {
        var run = Tool.Run("refine", "p.star", "--out", "o", "--device-projection", "direct");
        Assert.Equal((1, "gmm refine: --device-projection: is for --device cuda and torch-cpu"), (run.Code, run.Line()));
    }

    private static RunManifest Manifest(JsonObject settings) =>
        new() { Version = RunManifest.CurrentVersion, Job = "refine", Program = "gmm", Settings = settings, Inputs = [], Files = [] };
}
