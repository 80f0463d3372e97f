using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;

namespace Gmm.Torch.Tests;

/// <summary>What a step of the batched Levenberg-Marquardt costs beside arithmetic: docs/torch.md claims the bounds.</summary>
public class StepCostTests
{
    private static readonly TorchProjectorOptions s_direct = new() { Form = ProjectionForm.Direct };

    [TorchTheory]
    [InlineData(ProjectionForm.Direct, 1, 360)]
    [InlineData(ProjectionForm.Gridding, 2, 660)]
    public void A_step_waits_once_for_the_device_and_launches_a_bounded_number_of_operations(ProjectionForm form, long syncs, long operations)
    {
        var set = new SimulatedImages(6, gaussians: 40);
        using var scope = NewDisposeScope();
        using var reference = TorchPoseReference.From(set.Reference(set.Whitened), CPU, new TorchProjectorOptions { Form = form });
        var (discs, transfers) = set.Tensors();
        using var images = reference.Scorer.Prepare(discs, transfers);
        Tensor rotations = TorchRotations.Rotations(set.Start), shifts = TorchRotations.Shifts(set.Start);
        DeviceCost Cost(int steps)
        {
            var options = new Refinement.LevenbergMarquardtOptions { FineSteps = steps, Tolerance = -1e9 };
            return DeviceCost.Of(() => new TorchLevenbergMarquardt(options).Optimize(reference, images, rotations, shifts).Dispose());
        }

        Cost(1);
        var (two, five) = (Cost(2), Cost(5));
        Assert.Equal(syncs * 3, five.Syncs - two.Syncs);
        // The number of particles under way; gridding also asks for the widths.
        Assert.InRange((five.Bytes - two.Bytes) / 3, 8, form == ProjectionForm.Direct ? 8 : 2000);
        Assert.InRange((five.Operations - two.Operations) / 3, 50, operations);
    }

    [TorchTheory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_step_of_patches_waits_once_and_brings_back_scores_and_derivatives_alone(int parts)
    {
        const int images = 5;
        var (source, _) = TiltingBody.Particles(images, 0.3);
        var read = new ParticleImages(source, 12);
        var (power, weight) = (new double[read.Disc(0).Radius + 1], new double[read.Disc(0).Radius + 1]);
        Array.Fill(power, 1);
        Array.Fill(weight, 1);
        var scorer = new WhitenedCorrelationScorer(read.Disc(0), power, weight, 1);
        var model = TiltingBody.At(0);
        using var scores = new TorchBodyScorer(CPU, s_direct).Start([.. Enumerable.Repeat(model, parts)], model, scorer);
        Pose[] poses = [.. source.Particles.Select(p => p.Pose)];
        int[] all = [.. Enumerable.Range(0, images)];
        scores.Load(read, all, poses, new ComputeOptions { Threads = 1 }, CancellationToken.None);
        var n = Pose.ParameterCount * parts;
        double[][] gradients = [.. all.Select(_ => new double[n])], information = [.. all.Select(_ => new double[n * n])];
        Pose[][] each = [.. poses.Select(p => Enumerable.Repeat(p, parts).ToArray())];
        var cost = DeviceCost.Of(() => scores.Evaluate(0, all, each, gradients, information));
        Assert.Equal(1, cost.Syncs);
        // Back: three numbers of the score, gradient and matrix in Float64. There: a place in Int64, and of each part the pose in Float64.
        Assert.Equal(images * ((8L * (3 + n + (n * n))) + 8 + (parts * 11 * 8)), cost.Bytes);
        Assert.InRange(cost.Operations, 50, 110 + (150 * parts));
    }

    [TorchFact]
    public void A_training_step_waits_twice_and_a_step_of_latent_points_too()
    {
        const int images = 4, gaussians = 40, latents = 2;
        var set = new SimulatedImages(images, gaussians: gaussians);
        using var scope = NewDisposeScope();
        using var scores = new TorchMotionScorer(CPU, s_direct).Start(set.Model, set.Whitened);
        var (discs, transfers) = set.Tensors();
        ModelDeformation[] rest = [.. Enumerable.Range(0, images).Select(_ => new ModelDeformation(gaussians))];
        var batch = new MotionBatch(
            set.Start, TensorMemory.Read<float>(discs.real), TensorMemory.Read<float>(discs.imag), TensorMemory.Read<float>(transfers), rest);
        double[] objectives = new double[images], slopes = new double[images * latents], matrices = new double[images * latents * latents];
        ModelGradient<float>[] gradients = [.. rest.Select(_ => new ModelGradient<float>(gaussians))];
        ModelDeformation[][] velocities = [.. rest.Select(_ => new[] { new ModelDeformation(gaussians), new ModelDeformation(gaussians) })];
        // Whether images are finite is asked for once, results come once.
        var training = DeviceCost.Of(() => scores.Score(batch, objectives, gradients));
        var held = DeviceCost.Of(() => scores.Score(batch, objectives, null));
        var latent = DeviceCost.Of(() => scores.Evaluate(batch, velocities, objectives, slopes, matrices));
        Assert.Equal((2, 2, 2), (training.Syncs, held.Syncs, latent.Syncs));
        // There: images, transfers and deformations in Float32, poses in Float64. Back: a flag, and objectives and derivatives in one type.
        long sent = images * 4L * ((3 * set.Disc.Count) + 22 + (4 * gaussians));
        Assert.Equal(sent + 1 + (images * 4), held.Bytes);
        Assert.Equal(sent + 1 + (images * 4 * (1 + (4L * gaussians))), training.Bytes);
        Assert.Equal(sent + 1 + (images * 4L * 4 * gaussians * latents) + (images * 8 * (1 + latents + (latents * latents))), latent.Bytes);
        Assert.InRange(training.Operations, 50, 300);
        Assert.InRange(latent.Operations, 50, 300);
    }
}
