using Gmm.Core;
using Gmm.Maps;
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
            Assert.InRange(tensors.Poses[i].Rotation.AngleTo(managed.Poses[i].Rotation) * (180 / Math.PI), 0, 0.05 * managed.Particles[i].RotationSigmaDegrees);
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
        var batch = new PoseBatch(new ParticleImages(source, set.Resolution), [set.Reference(set.Whitened)], [0, 1], set.Start);
        optimizer.Optimize(batch, results, new ComputeOptions(), CancellationToken.None);
        Assert.Equal(PoseStatus.UnusableImage, results[0]!.Status);
        Assert.Equal(set.Start[0], results[0]!.Pose);
        Assert.NotEqual(PoseStatus.UnusableImage, results[1]!.Status);
    }

    [TorchTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_part_that_moves_beside_one_at_rest_is_refined_as_by_the_managed_optimizer(bool withPrior)
    {
        GaussianModel moving = Samples.Model(60), rest = Samples.Model(80, seed: 8);
        var all = new GaussianModel(
            [.. moving.X, .. rest.X], [.. moving.Y, .. rest.Y], [.. moving.Z, .. rest.Z], [.. moving.Amplitudes, .. rest.Amplitudes],
            [.. moving.Widths, .. rest.Widths], 60, 1.5);
        var source = Particles(all, 24, 60, 1.5);
        var disc = FourierDisc.ForResolution(60, 1.5, 5);
        var power = Enumerable.Repeat(2 * 60 * 60 * 0.05 * 0.05, disc.Radius + 1).ToArray();
        var scorer = new WhitenedCorrelationScorer(disc, power, Enumerable.Repeat(1.0, disc.Radius + 1).ToArray(), 1 / Math.Pow(1.5, 3));
        var band = new PoseBand(new GriddingProjector(moving, disc, 1e-6), scorer, 5) { Rest = new GriddingProjector(rest, disc, 1e-6) };
        var reference = new PoseReference([band], (12, -7, 9));
        Pose[] starts = [.. source.Particles.Select(p => p.Pose)], consensus = Samples.Poses(24);
        double[] information = new double[25];
        for (var p = 0; p < 5; p++)
        {
            information[6 * p] = p < 3 ? 1 / Math.Pow(1.5 * Math.PI / 180, 2) : 4;
        }

        information[1] = information[5] = 200;
        PoseEstimate[] Refine(IPoseOptimizer optimizer)
        {
            var results = new PoseEstimate?[24];
            var refiner = new ParticlePoseRefiner(source, optimizer, [reference], 5)
            {
                RestPoses = consensus,
                Prior = withPrior ? i => i == 3 ? null : new PosePrior(consensus[i], information, (12, -7, 9)) : null,
            };
            refiner.Refine([.. Enumerable.Range(0, 24)], starts, results, new ComputeOptions());
            return results!;
        }

        using var optimizer = new TorchPoseOptimizer(CPU);
        var managed = Refine(new LevenbergMarquardtPoseOptimizer());
        var found = Refine(optimizer);
        Assert.True(managed.Count(e => e.Status == PoseStatus.Refined) > 20);
        for (var i = 0; i < 24; i++)
        {
            Assert.Equal((managed[i].Status, managed[i].Steps), (found[i].Status, found[i].Steps));
            Assert.InRange(found[i].Score.Objective, managed[i].Score.Objective - 0.02, managed[i].Score.Objective + 0.02);
            AssertNear(managed[i], found[i]);
        }
    }

    [TorchFact]
    public void Priors_and_their_derivatives_equal_the_managed_ones()
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        Pose[] poses = Samples.Poses(4), centres = [.. poses.Select((p, i) => i == 0 ? p : Draw.Near(random, p, 12 * i, 2))];
        PosePrior?[] priors = [.. centres.Select((c, i) => i == 2 ? null : new PosePrior(c, Information(random), (10, -20, 5 * i)))];
        using var tensors = TorchPosePriors.From(priors, CPU)!;
        Tensor rotations = TorchRotations.Rotations(poses), shifts = TorchRotations.Shifts(poses);
        var (objective, gradient, information) = tensors.Add(
            rotations, shifts, zeros(4, ScalarType.Float64), zeros(4, 5, ScalarType.Float64), zeros(4, 5, 5, ScalarType.Float64));
        for (var b = 0; b < 4; b++)
        {
            double[] expectedGradient = new double[5], matrix = new double[25];
            var value = priors[b]?.Add(poses[b], expectedGradient, matrix) ?? 0;
            Assert.Equal(value, objective[b].item<double>(), 1e-9 * (1 + Math.Abs(value)));
            Assert.Equal(value, tensors.LogDensity(rotations, shifts)[b].item<double>(), 1e-9 * (1 + Math.Abs(value)));
            Assert.Equal(expectedGradient, TensorMemory.Read<double>(gradient[b]), (x, y) => Math.Abs(x - y) < 1e-8 * (1 + Math.Abs(x)));
            Assert.Equal(matrix, TensorMemory.Read<double>(information[b]), (x, y) => Math.Abs(x - y) < 1e-8 * (1 + Math.Abs(x)));
        }

        Assert.Null(TorchPosePriors.From([null, null], CPU));
    }

    [TorchFact]
    public void Relaxed_symmetry_finds_the_copy_that_the_managed_optimizer_finds()
    {
        var model = Samples.Model(60);
        var source = Particles(model, 30, 60, 1.5);
        var options = new RefinementOptions
        {
            RelaxSymmetry = SymmetryGroup.Parse("C2"),
            Iterations = 1,
            Gaussians = 60,
            StartResolution = 7,
            MaxResolution = 7,
        };
        using var optimizer = new TorchPoseOptimizer(CPU);
        RefinementState Run(RefinementOptions used)
        {
            var loop = new RefinementLoop(source, used, new ComputeOptions());
            return loop.Next(loop.Start());
        }

        var managed = Run(options);
        var tensors = Run(options with { Optimizer = optimizer });
        Assert.Equal(managed.Particles.Select(p => p.Status), tensors.Particles.Select(p => p.Status));
        for (var i = 0; i < 30; i++)
        {
            Assert.InRange(tensors.Poses[i].Rotation.AngleTo(managed.Poses[i].Rotation) * (180 / Math.PI), 0, 0.05 * managed.Particles[i].RotationSigmaDegrees);
        }
    }

    private static double[] Information(Random random)
    {
        var root = Draw.Normals(random, 25);
        var information = new double[25];
        for (var p = 0; p < 25; p++)
        {
            information[p] = Enumerable.Range(0, 5).Sum(k => (double)root[(5 * (p / 5)) + k] * root[(5 * (p % 5)) + k]);
        }

        return information;
    }

    /// <summary>To a twentieth of the standard deviation that is stated.</summary>
    private static void AssertNear(PoseEstimate managed, PoseEstimate found)
    {
        if (managed.Covariance is not { } covariance)
        {
            Assert.Equal(managed.Pose, found.Pose);
            return;
        }

        var rotation = Math.Sqrt(covariance[0] + covariance[6] + covariance[12]);
        Assert.InRange(found.Pose.Rotation.AngleTo(managed.Pose.Rotation), 0, 0.05 * rotation);
        Assert.InRange(found.Pose.ShiftX - managed.Pose.ShiftX, -0.05 * Math.Sqrt(covariance[18]), 0.05 * Math.Sqrt(covariance[18]));
        Assert.InRange(found.Covariance![24] / covariance[24], 0.98, 1.02);
    }

    /// <summary>Noisy images of a model in two halves.</summary>
    private static InMemoryParticles Particles(GaussianModel model, int count, int box = 32, double pixel = 3)
    {
        var optics = new OpticsGroup { Id = 1, PixelSize = pixel, ImageSize = box, CtfState = CtfState.None };
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
