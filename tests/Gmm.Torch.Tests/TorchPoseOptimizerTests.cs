using Gmm.Core;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Torch.Tests;

public class TorchPoseOptimizerTests
{
    [TorchFact]
    public void An_iteration_on_tensors_equals_the_managed_one()
    {
        var atoms = Enumerable.Range(0, 120).Select(j => new { Angle = j * 0.7, Height = j * 0.4 }).ToArray();
        var model = new GaussianModel(
            [.. atoms.Select(a => (float)(16 * Math.Cos(a.Angle)))],
            [.. atoms.Select(a => (float)(16 * Math.Sin(a.Angle * 1.3)))],
            [.. atoms.Select(a => (float)(a.Height - 24))],
            [.. atoms.Select(_ => 3f)],
            [.. atoms.Select(_ => 1.6f)],
            32,
            3);
        var source = Particles(model, 80);
        RefinementState Run(RefinementOptions options)
        {
            var loop = new RefinementLoop(source, options, new ComputeOptions());
            return loop.Next(loop.Start());
        }

        var options = new RefinementOptions { Iterations = 1, Gaussians = 100, StartResolution = 8, MaxResolution = 8 };
        using var optimizer = new TorchPoseOptimizer(CPU);
        var managed = Run(options);
        var tensors = Run(options with { Optimizer = optimizer, ChunkSize = 7 });
        Assert.Equal(managed.Particles.Select(p => p.Status), tensors.Particles.Select(p => p.Status));
        for (var i = 0; i < 80; i++)
        {
            Assert.InRange(tensors.Poses[i].Rotation.AngleTo(managed.Poses[i].Rotation) * (180 / Math.PI), 0, 0.34 * managed.Particles[i].RotationSigmaDegrees);
        }
    }

    [TorchFact]
    public void Constant_images_keep_their_pose()
    {
        var set = new SimulatedImages(2);
        var optics = new OpticsGroup { Id = 1, PixelSize = Samples.BoxLength / 60, ImageSize = 60, CtfState = CtfState.None };
        var particles = set.Start.Select(p => new Particle(p, new CtfParameters { DefocusU = 10000, DefocusV = 10000 }, 0, 1)).ToArray();
        var bright = new float[3600];
        bright[77] = 1;
        var source = new InMemoryParticles([optics], particles, [new float[3600], bright]);
        using var optimizer = new TorchPoseOptimizer(CPU);
        var results = new PoseEstimate?[2];
        optimizer.Optimize(
            source, [set.Reference(set.Whitened)], set.Resolution, [0, 1], set.Start, results, new ComputeOptions(), CancellationToken.None);
        Assert.Equal(PoseStatus.UnusableImage, results[0]!.Status);
        Assert.Equal(set.Start[0], results[0]!.Pose);
        Assert.NotEqual(PoseStatus.UnusableImage, results[1]!.Status);
    }

    [TorchFact]
    public void Relaxed_symmetry_and_a_batch_optimizer_contradict_each_other()
    {
        using var optimizer = new TorchPoseOptimizer(CPU);
        var options = new RefinementOptions { Optimizer = optimizer, RelaxSymmetry = SymmetryGroup.Parse("C2") };
        Assert.Contains("torch-cpu", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    /// <summary>Noisy images of a model in two halves.</summary>
    private static InMemoryParticles Particles(GaussianModel model, int count)
    {
        var optics = new OpticsGroup { Id = 1, PixelSize = 3, ImageSize = 32, CtfState = CtfState.None };
        var ctf = new CtfParameters { DefocusU = 10000, DefocusV = 10000 };
        var random = new Random(4);
        var particles = new List<Particle>();
        var images = new List<ReadOnlyMemory<float>>();
        var poses = Samples.Poses(count);
        for (var b = 0; b < count; b++)
        {
            images.Add(ExactImages.Of(model, optics, poses[b], ctf, 0.05, random));
            particles.Add(new Particle(Draw.Near(random, poses[b], 2, 0.7), ctf, 0, (b % 2) + 1));
        }

        return new InMemoryParticles([optics], particles, images);
    }
}
