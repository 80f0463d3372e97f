using Gmm.Core;

namespace Gmm.Torch.Tests;

public class TorchScorerTests
{
    private static readonly SimulatedImages Set = new(4);

    [TorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scores_and_derivatives_equal_the_managed_ones(bool whitened)
    {
        using var scope = NewDisposeScope();
        IPoseScorer managed = whitened ? Set.Whitened : Set.Rings;
        using var scorer = Scorer(whitened);
        using var gaussians = GaussianTensors.From(Set.Model);
        using var projector = new TorchProjector(Set.Disc, new TorchProjectorOptions { Accuracy = 1e-6 });
        var (discs, transfers) = Set.Tensors();
        using var images = scorer.Prepare(discs, transfers);
        var jacobian = projector.ProjectWithPoseDerivatives(
            gaussians, TorchRotations.Rotations(Set.Start, dtype: ScalarType.Float32), TorchRotations.Shifts(Set.Start, dtype: ScalarType.Float32));
        var found = scorer.Evaluate(images, jacobian);
        var only = scorer.Score(images, jacobian.select(1, 0));

        var exact = new GriddingProjector(Set.Model, Set.Disc, 1e-6);
        double[] gradient = new double[5], matrix = new double[25];
        for (var b = 0; b < Set.Start.Length; b++)
        {
            var expected = new PoseJacobian<float>(Set.Disc);
            exact.ProjectWithPoseDerivatives(Set.Start[b], expected, exact.CreateScratch());
            var score = Set.Prepared(managed, b).Evaluate(expected, gradient, matrix);
            double[] tensors =
            [
                .. Samples.Reals(found.Score.Objective[b].reshape(1)), .. Samples.Reals(found.Score.Correlation[b].reshape(1)),
                .. Samples.Reals(found.Score.Scale[b].reshape(1)),
            ];
            Assert.InRange(Samples.RelativeError(tensors, [score.Objective, score.Correlation, score.Scale]), 0, 1e-5);
            Assert.InRange(Math.Abs(only.Objective[b].item<float>() - score.Objective) / Math.Abs(score.Objective), 0, 1e-5);
            Assert.InRange(Math.Abs(only.Correlation[b].item<float>() - score.Correlation), 0, 1e-5);
            Assert.InRange(Samples.RelativeError(Samples.Reals(found.Gradient[b]), gradient), 0, 1e-4);
            Assert.InRange(Samples.RelativeError(Samples.Reals(found.GaussNewton[b]), matrix), 0, 1e-4);
        }
    }

    [TorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Automatic_gradients_equal_the_analytic_ones(bool whitened)
    {
        using var scope = NewDisposeScope();
        using var scorer = Scorer(whitened);
        using var gaussians = GaussianTensors.From(Set.Model, dtype: ScalarType.Float64);
        using var projector = new TorchProjector(Set.Disc);
        var (discs, transfers) = Set.Tensors(ScalarType.Float64);
        using var images = scorer.Prepare(discs, transfers);
        Tensor rotations = TorchRotations.Rotations(Set.Start), shifts = TorchRotations.Shifts(Set.Start);
        var analytic = scorer.Evaluate(images, projector.ProjectWithPoseDerivatives(gaussians, rotations, shifts)).Gradient;
        var step = zeros(Set.Start.Length, 5, dtype: ScalarType.Float64, requires_grad: true);
        var turned = bmm(TorchRotations.FromRotationVector(step.narrow(1, 0, 3)), rotations);
        var projections = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, turned, shifts + step.narrow(1, 3, 2));
        scorer.Score(images, projections).Objective.sum().backward();
        Assert.InRange(Samples.RelativeError(Samples.Reals(step.grad!), Samples.Reals(analytic)), 0, 1e-9);
    }

    [TorchFact]
    public void Ring_correlations_ignore_radial_filters_and_mean_to_the_score()
    {
        using var scope = NewDisposeScope();
        using var scorer = new TorchRingCorrelationScorer(Set.Disc, 3);
        var (discs, transfers) = Set.Tensors(ScalarType.Float64);
        using var images = scorer.Prepare(discs, ones_like(transfers));
        Assert.InRange(Math.Abs(scorer.Score(images, discs).Objective.min().item<double>() - 1), 0, 1e-12);
        var rings = scorer.RingCorrelations(images, discs * 3);
        Assert.Equal(0, rings[0, 2].item<double>());
        Assert.InRange(Math.Abs(rings[0, 3].item<double>() - 1), 0, 1e-12);
        Assert.InRange(Math.Abs((rings.sum(1) / (Set.Disc.Radius - 2)).mean().item<double>() - 1), 0, 1e-12);
    }

    [TorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Empty_projections_score_nothing_and_have_no_NaN_in_their_gradient(bool whitened)
    {
        using var scope = NewDisposeScope();
        using var scorer = Scorer(whitened);
        var (discs, transfers) = Set.Tensors();
        using var images = scorer.Prepare(discs, transfers);
        var re = zeros(discs.shape, dtype: ScalarType.Float32, requires_grad: true);
        var score = scorer.Score(images, complex(re, zeros_like(re)));
        score.Objective.sum().backward();
        Assert.Equal(0, score.Objective.abs().max().item<float>());
        Assert.True(re.grad!.isfinite().all().item<bool>());
        var jacobian = zeros([discs.shape[0], 6, Set.Disc.Count], dtype: ScalarType.ComplexFloat32);
        Assert.Equal(0, scorer.Evaluate(images, jacobian).GaussNewton.abs().max().item<double>());
    }

    [TorchFact]
    public void Bad_images_are_named()
    {
        using var scope = NewDisposeScope();
        using var scorer = Scorer(true);
        var (discs, transfers) = Set.Tensors();
        var bad = discs.clone();
        bad[2, 5] = double.NaN;
        Assert.Contains("images[2]", Assert.Throws<InvalidInputException>(() => scorer.Prepare(bad, transfers)).Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<ArgumentException>(() => scorer.Prepare(discs, transfers.narrow(1, 0, 7)));
        Assert.Contains($"transfers must have the shape [B, K] = [4, {Set.Disc.Count}], not [4, 7]", wrong.Message, StringComparison.Ordinal);
        wrong = Assert.Throws<ArgumentException>(() => scorer.Prepare(discs.to(ScalarType.ComplexFloat64), transfers));
        Assert.Contains("images must be ComplexFloat32, not ComplexFloat64", wrong.Message, StringComparison.Ordinal);
        using var images = scorer.Prepare(discs, transfers);
        Assert.Contains("projections", Assert.Throws<ArgumentException>(() => scorer.Score(images, discs.narrow(0, 0, 2))).Message, StringComparison.Ordinal);
    }

    private static TorchScorer Scorer(bool whitened) => whitened ? new TorchWhitenedScorer(Set.Whitened) : new TorchRingCorrelationScorer(Set.Disc, 3);
}
