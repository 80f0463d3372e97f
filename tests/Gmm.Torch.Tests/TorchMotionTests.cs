using Gmm.Core;
using Gmm.Heterogeneity;

namespace Gmm.Torch.Tests;

/// <summary>Scores of deformed models on a device, and an analysis that trains and refines with them.</summary>
public class TorchMotionTests
{
    [TorchTheory]
    [InlineData(ProjectionForm.Direct, 1L << 30)]
    [InlineData(ProjectionForm.Gridding, 4_000_000)]
    public void Scores_of_deformed_models_and_their_derivatives_agree_with_the_managed_and_with_each_other(ProjectionForm form, long memory)
    {
        var set = new SimulatedImages(3, gaussians: 40);
        var options = new TorchProjectorOptions { Form = form, Accuracy = 1e-6, MemoryBytes = memory };
        using var scores = new TorchMotionScorer(CPU, options).Start(set.Model, set.Whitened);
        ModelDeformation[] deformations = [.. Enumerable.Range(0, 3).Select(b => Deformation(40, b, 1))];
        ModelDeformation[][] velocities = [.. Enumerable.Range(0, 3).Select(b => new[] { Deformation(40, 10 + b, 1), Deformation(40, 20 + b, 1) })];
        var batch = Batch(set, deformations);
        double[] objectives = new double[3], again = new double[3], slopes = new double[6], information = new double[12];
        ModelGradient<float>[] gradients = [.. Enumerable.Range(0, 3).Select(_ => new ModelGradient<float>(40))];
        scores.Score(batch, objectives, gradients);
        scores.Evaluate(batch, velocities, again, slopes, information);
        var jacobian = new PoseJacobian<float>(set.Disc);
        for (var b = 0; b < 3; b++)
        {
            var projector = new GriddingProjector(deformations[b].Apply(set.Model), set.Disc, 1e-6);
            projector.ProjectWithPoseDerivatives(set.Start[b], jacobian, projector.CreateScratch());
            Assert.Equal(set.Prepared(set.Whitened, b).Score(jacobian).Objective, objectives[b], 1e-4 * Math.Abs(objectives[b]));
            Assert.Equal(objectives[b], again[b], 1e-5 * Math.Abs(objectives[b]));
            for (var k = 0; k < 2; k++)
            {
                var slope = Dot(gradients[b], velocities[b][k]);
                Assert.Equal(slope, slopes[(2 * b) + k], 1e-3 * Math.Sqrt(information[(4 * b) + (3 * k)]));
            }

            Assert.True(information[4 * b] * information[(4 * b) + 3] > Math.Pow(information[(4 * b) + 1], 2));
        }

        // Along a velocity the objective changes as its derivative says.
        const float step = 0.01f;
        double[] up = new double[3], down = new double[3];
        scores.Score(Batch(set, [.. deformations.Select((d, b) => Moved(d, velocities[b][0], step))]), up, null);
        scores.Score(Batch(set, [.. deformations.Select((d, b) => Moved(d, velocities[b][0], -step))]), down, null);
        for (var b = 0; b < 3; b++)
        {
            Assert.Equal(slopes[2 * b], (up[b] - down[b]) / (2 * step), 0.02 * Math.Sqrt(information[4 * b]));
        }
    }

    [TorchTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_analysis_on_the_device_finds_the_managed_ones_latent_points(int folds)
    {
        var (source, truth) = TiltingBody.Particles(200, 0.35);
        var options = new HeterogeneityOptions
        {
            LatentDimension = 1,
            Resolution = 12,
            Anchors = 4,
            LinearEpochs = 2,
            Epochs = 1,
            Folds = folds,
        };
        var compute = new ComputeOptions { Threads = 2 };
        var managed = new HeterogeneityAnalysis(source, TiltingBody.At(0), TiltingBody.At(0), options, compute).Run();
        var device = new HeterogeneityAnalysis(
            source, TiltingBody.At(0), TiltingBody.At(0), options with { MotionScorer = new TorchMotionScorer(CPU) }, compute).Run();
        double[] Points(HeterogeneityResult result, int half) =>
            [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half).Select(i => (double)result.Latents.Points[i][0])];
        for (var i = 0; i < truth.Length; i++)
        {
            Assert.Equal(managed.Latents.Points[i][0], device.Latents.Points[i][0], managed.Latents.Sigmas[i][0] / 20);
            Assert.Equal(managed.Latents.Sigmas[i][0], device.Latents.Sigmas[i][0], 0.01 * managed.Latents.Sigmas[i][0]);
        }

        for (var half = 1; half <= 2; half++)
        {
            double[] own = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half).Select(i => truth[i])];
            Assert.Equal(Correlation(own, Points(managed, half)), Correlation(own, Points(device, half)), 0.002);
            Assert.InRange(Math.Abs(Correlation(own, Points(device, half))), 0.9, 1);
            Assert.Equal(managed.Training[half - 1].HeldOutGain, device.Training[half - 1].HeldOutGain, 0.05 * managed.Training[half - 1].HeldOutError);
        }
    }

    [TorchFact]
    public void A_refiner_of_ones_own_gets_the_devices_scores_too()
    {
        var (source, _) = TiltingBody.Particles(200, 0.35);
        var options = new HeterogeneityOptions { LatentDimension = 1, Resolution = 12, Anchors = 4, LinearEpochs = 1, Epochs = 0, Folds = 1 };
        options = options with { MotionScorer = new TorchMotionScorer(CPU) };
        var compute = new ComputeOptions { Threads = 1 };
        var together = new HeterogeneityAnalysis(source, TiltingBody.At(0), TiltingBody.At(0), options, compute).Run();
        var one = new HeterogeneityAnalysis(source, TiltingBody.At(0), TiltingBody.At(0), options with { LatentRefiner = new Wrapped() }, compute).Run();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(together.Latents.Points[i][0], one.Latents.Points[i][0], together.Latents.Sigmas[i][0] / 20);
        }
    }

    private static MotionBatch Batch(SimulatedImages set, ModelDeformation[] deformations)
    {
        using var scope = NewDisposeScope();
        var (images, transfers) = set.Tensors();
        return new MotionBatch(
            set.Start, TensorMemory.Read<float>(images.real), TensorMemory.Read<float>(images.imag), TensorMemory.Read<float>(transfers), deformations);
    }

    private static ModelDeformation Deformation(int count, int seed, double size)
    {
        var random = new Random(seed);
        var result = new ModelDeformation(count);
        for (var j = 0; j < count; j++)
        {
            double U() => size * ((2 * random.NextDouble()) - 1);
            (result.X[j], result.Y[j], result.Z[j], result.Amplitudes[j]) = ((float)U(), (float)U(), (float)U(), (float)(0.3 * U()));
        }

        return result;
    }

    private static ModelDeformation Moved(ModelDeformation from, ModelDeformation velocity, float by)
    {
        var result = new ModelDeformation(from.Count);
        for (var j = 0; j < from.Count; j++)
        {
            result.X[j] = from.X[j] + (by * velocity.X[j]);
            result.Y[j] = from.Y[j] + (by * velocity.Y[j]);
            result.Z[j] = from.Z[j] + (by * velocity.Z[j]);
            result.Amplitudes[j] = from.Amplitudes[j] + (by * velocity.Amplitudes[j]);
        }

        return result;
    }

    private static double Dot(ModelGradient<float> gradient, ModelDeformation velocity)
    {
        double sum = 0;
        for (var j = 0; j < velocity.Count; j++)
        {
            sum += (gradient.X[j] * velocity.X[j]) + (gradient.Y[j] * velocity.Y[j]) + (gradient.Z[j] * velocity.Z[j])
                + (gradient.Amplitudes[j] * velocity.Amplitudes[j]);
        }

        return sum;
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(), mb = b.Average();
        var ab = a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum();
        return ab / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
    }

    private sealed class Wrapped : ILatentRefiner
    {
        private readonly GaussNewtonRefiner _inner = new();

        public string Name => "wrapped";

        public void Refine(ILatentPosterior posterior, Span<float> latent, Span<float> sigma) => _inner.Refine(posterior, latent, sigma);
    }
}
