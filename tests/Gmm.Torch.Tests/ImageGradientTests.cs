using Gmm.Core;

namespace Gmm.Torch.Tests;

public class ImageGradientTests
{
    [TorchProperty(MaxTest = 6)]
    public void The_gradient_of_a_score_with_respect_to_all_that_makes_an_image_equals_finite_differences(int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        const int images = 3, gaussians = 15;
        var disc = new FourierDisc(Samples.BoxLength, 10);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = ProjectionForm.Direct });
        using var ctf = new TorchCtf(disc, dtype: ScalarType.Float64);
        double[] ones = [.. Enumerable.Repeat(1.0, disc.Radius + 1)];
        using var scorer = new TorchWhitenedScorer(disc, ones, ones, 1);
        Tensor Uniform(double least, double most, params long[] shape) => (rand(shape, dtype: ScalarType.Float64) * (most - least)) + least;
        Tensor startAmplitudes = Uniform(0.5, 1.5, gaussians), startWidths = Uniform(1, 3, gaussians);
        var fixedTerms = CtfTerms.FromRows(tensor(new[,] { { 9000, 9300, 20, 0, 2.7, 0.1, 0.0197, 0, 1 } }).expand(images, 9));
        Tensor Observe(Tensor[] x)
        {
            var terms = fixedTerms with { DefocusU = x[5], DefocusV = x[6], BeamTilt = x[7], Magnification = x[8] };
            var projections = projector.ProjectMagnified(x[0], startAmplitudes * x[1].exp(), startWidths * x[2].exp(), x[3], x[4], x[8]);
            return projections * ctf.call(terms) * ctf.OddFactor(terms);
        }

        Tensor[] inputs =
        [
            Uniform(-25, 25, gaussians, 3), Uniform(-0.2, 0.2, gaussians), Uniform(-0.2, 0.2, gaussians), Uniform(0, 180, images, 3), Uniform(-3, 3, images, 2),
            Uniform(8000, 20000, images), Uniform(8000, 20000, images), Uniform(-1, 1, 1, 2), eye(2, dtype: ScalarType.Float64) + Uniform(-0.02, 0.02, 2, 2),
        ];
        using var prepared = scorer.Prepare(
            Observe([inputs[0] + 0.5, .. inputs[1..]]).detach(), torch.ones(images, disc.Count, ScalarType.Float64));
        Tensor Loss(Tensor[] x) => scorer.call(prepared, Observe(x)).Objective.sum();
        Assert.InRange(GradientCheck.Worst(Loss, inputs, [1e-3, 1e-3, 1e-3, 1e-2, 1e-3, 0.5, 0.5, 1e-3, 1e-5], Math.Abs(seed % 1000) + 1), 0, 1e-6);
    }
}
