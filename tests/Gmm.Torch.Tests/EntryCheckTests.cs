using Gmm.Core;

namespace Gmm.Torch.Tests;

/// <summary>What does not fit is told by the tensor's name before it reaches libtorch, whose matmul would end the process.</summary>
public class EntryCheckTests
{
    private static readonly SimulatedImages s_set = new(3, gaussians: 12, radius: 10);

    [TorchFact]
    public void Derivatives_and_deformations_take_matrices_and_no_Euler_angles()
    {
        using var scope = NewDisposeScope();
        using var projector = new TorchProjector(s_set.Disc);
        using var gaussians = GaussianTensors.From(s_set.Model);
        Tensor angles = zeros(3, 3), shifts = zeros(3, 2);
        Contains("rotations must have the shape [B, 3, 3] = [any, 3, 3], not [3, 3]", () => projector.ProjectWithPoseDerivatives(gaussians, angles, shifts));
        Contains("rotations must have the shape [B, 3, 3]", () => projector.ProjectDeformed(gaussians, zeros(3, 4, 12), angles, shifts));
        Contains("rotations must be Float32, not Float64", () => projector.ProjectWithPoseDerivatives(gaussians, zeros(3, 3, 3, ScalarType.Float64), shifts));
        Contains("deformations must have the shape [B, 4, N] = [3, 4, 12], not [3, 4, 11]", () => projector.ProjectDeformed(
            gaussians, zeros(3, 4, 11), zeros(3, 3, 3), shifts));
    }

    [TorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Images_prepared_on_another_disc_are_named(bool whitened)
    {
        using var scope = NewDisposeScope();
        using TorchScorer scorer = whitened ? new TorchWhitenedScorer(s_set.Whitened) : new TorchRingCorrelationScorer(s_set.Disc, 3);
        var fewer = s_set.Disc.Count - 3;
        using var images = new TorchImages(zeros([3, fewer], dtype: ScalarType.ComplexFloat32), zeros(3, fewer), zeros(3));
        Contains($"images must have the shape [B, K] = [any, {s_set.Disc.Count}], not [3, {fewer}]", () => scorer.Score(images, zeros(3, 1)));
        Contains("images must have the shape", () => scorer.Evaluate(images, zeros(3, 6, 1)));
    }

    [TorchFact]
    public void Priors_of_other_particles_are_named_by_every_optimizer()
    {
        using var scope = NewDisposeScope();
        using var reference = TorchPoseReference.From(s_set.Reference(s_set.Whitened), CPU);
        var (discs, transfers) = s_set.Tensors();
        using var images = reference.Scorer.Prepare(discs, transfers);
        Tensor rotations = TorchRotations.Rotations(s_set.Start), shifts = TorchRotations.Shifts(s_set.Start);
        using var two = new TorchPosePriors(
            rotations.narrow(0, 0, 2).clone(), shifts.narrow(0, 0, 2).clone(), zeros(2, 5, 5, ScalarType.Float64), zeros(2, 3, ScalarType.Float64));
        foreach (var optimizer in new ITorchPoseOptimizer[] { new TorchLevenbergMarquardt(), new TorchAdam() })
        {
            Contains("priors must have the shape [B, 5, 5] = [3, 5, 5], not [2, 5, 5]", () => optimizer.Optimize(reference, images, rotations, shifts, two));
        }

        Contains("rotations must have the shape [B, 3, 3] = [2, 3, 3], not [3, 3, 3]", () => two.LogDensity(rotations, shifts));
        Contains("shifts must be Float64, not Float32", () => two.LogDensity(rotations.narrow(0, 0, 2), zeros(2, 2)));
        var error = Assert.Throws<InvalidInputException>(() => new TorchPosePriors(
            rotations.clone(), shifts * double.NaN, zeros(3, 5, 5, ScalarType.Float64), zeros(3, 3, ScalarType.Float64)));
        Assert.Contains("shifts[0] has a value that is not a number", error.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Weights_of_samples_that_are_not_finite_are_named()
    {
        using var scope = NewDisposeScope();
        using var sums = new TorchReconstructor(new Gmm.Maps.ReconstructionGrid(24, 4, 2), CPU);
        var (discs, transfers) = s_set.Tensors();
        var weights = ones(s_set.Disc.Count);
        weights[4] = double.NaN;
        var error = Assert.Throws<InvalidInputException>(() => sums.Insert(
            s_set.Disc, discs, transfers, TorchRotations.Rotations(s_set.Start), TorchRotations.Shifts(s_set.Start), sampleWeights: weights));
        Assert.Contains("sampleWeights[4]", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, sums.Count);
    }

    private static void Contains(string text, Action action) =>
        Assert.Contains(text, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
}
