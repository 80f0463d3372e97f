using Gmm.Core;

namespace Gmm.Torch.Tests;

public sealed class ModuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-torch").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [TorchFact]
    public void Parameters_are_trained_moved_saved_and_loaded()
    {
        using var scope = NewDisposeScope();
        using var gaussians = GaussianTensors.From(Samples.Model(20));
        using var poses = PoseTensors.From(Samples.Poses(4));
        Assert.Equal(["amplitude_logs", "centres", "width_logs"], gaussians.named_parameters().Select(p => p.name).Order());
        Assert.Equal(["angles", "shifts"], poses.named_parameters().Select(p => p.name).Order());
        using var projector = new TorchProjector(new FourierDisc(Samples.BoxLength, 12));
        using var adam = optim.Adam([.. gaussians.parameters(), .. poses.parameters()], 0.1);
        var (rotations, shifts) = poses.call(arange(4));
        projector.Project(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, rotations, shifts).abs().square().sum().backward();
        adam.step();
        Assert.True((gaussians.WidthLogs.abs() > 0.09).all().item<bool>());

        var path = Path.Combine(_folder, "model.dat");
        gaussians.save(path);
        using var other = GaussianTensors.From(Samples.Model(20, seed: 8));
        other.load(path);
        Assert.Equal(Samples.Reals(gaussians.Widths), Samples.Reals(other.Widths));
        Assert.Equal(Samples.Reals(gaussians.Centres), Samples.Reals(other.Centres));

        gaussians.to(ScalarType.Float64);
        Assert.Equal((ScalarType.Float64, ScalarType.Float64), (gaussians.Centres.dtype, gaussians.Widths.dtype));
        Assert.Equal(Samples.Reals(other.Widths), Samples.Reals(gaussians.Widths), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.InRange(poses.ToPoses()[2].Rotation.AngleTo(Samples.Poses(4)[2].Rotation), 1e-3, 0.02);
    }

    [TorchFact]
    public void Widths_stay_positive_and_amplitudes_keep_their_sign()
    {
        using var scope = NewDisposeScope();
        var widths = full(3, 1.5);
        using var gaussians = new GaussianTensors(zeros(3, 3), tensor(new float[] { 2, -1, 0 }), widths);
        Assert.Equal([2, -1, 0], Samples.Reals(gaussians.Amplitudes));
        using (no_grad())
        {
            gaussians.WidthLogs.sub_(50);
            gaussians.AmplitudeLogs.sub_(3);
        }

        Assert.True((gaussians.Widths > 0).all().item<bool>());
        Assert.Equal([1, -1, 0], Samples.Reals(gaussians.Amplitudes.sign()));
        widths[1] = 0;
        Assert.Contains(
            "widths[1] is not a positive number", Assert.Throws<InvalidInputException>(() => new GaussianTensors(zeros(3, 3), ones(3), widths)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "widths must be Float32, not Float64",
            Assert.Throws<ArgumentException>(() => new GaussianTensors(zeros(3, 3), ones(3), ones(3, ScalarType.Float64))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "input must have the shape [n]", Assert.Throws<ArgumentException>(() => gaussians.call(zeros(2, 2, ScalarType.Int64))).Message,
            StringComparison.Ordinal);
    }

    [TorchFact]
    public void A_checkpoint_of_another_kind_is_named_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var gaussians = GaussianTensors.From(Samples.Model(5));
        using var larger = GaussianTensors.From(Samples.Model(6));
        using var poses = PoseTensors.From(Samples.Poses(5));
        var before = Samples.Reals(gaussians.Centres);
        Assert.Contains(
            "centres of the checkpoint must have the shape [5, 3] of this GaussianTensors, not [6, 3]",
            Assert.Throws<InvalidInputException>(() => gaussians.load_state_dict(larger.state_dict())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "not one of GaussianTensors: it has no tensor",
            Assert.Throws<InvalidInputException>(() => gaussians.load_state_dict(poses.state_dict())).Message, StringComparison.Ordinal);
        foreach (var (name, module) in new (string, nn.Module)[] { ("larger", larger), ("poses", poses) })
        {
            var path = Path.Combine(_folder, name);
            module.save(path);
            var error = Assert.Throws<InvalidInputException>(() => gaussians.load(path));
            Assert.Contains(name == "larger" ? "centres of the checkpoint" : "it has no tensor", error.Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..50]);
            Assert.Contains("no checkpoint", Assert.Throws<InvalidInputException>(() => gaussians.load(path)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Samples.Reals(gaussians.Centres));
    }
}
