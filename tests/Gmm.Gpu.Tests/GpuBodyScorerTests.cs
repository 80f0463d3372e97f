using System.Numerics.Tensors;
using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Gpu.Tests;

public class GpuBodyScorerTests(SimulatedCard card) : IClassFixture<SimulatedCard>
{
    private const int N = Pose.ParameterCount;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scores_of_parts_are_the_managed_ones_with_gradient_and_matrix(bool hasStill)
    {
        var set = new PoseCase(5, new OpticsGroup { Id = 1, ImageSize = 28, PixelSize = 2.5 }, 6, 22);
        var random = new Random(3);
        GaussianModel[] parts = [set.Part(0, 30, 0), set.Part(30, 60, 0)];
        var still = hasStill ? set.Model : null;
        using var scores = new GpuBodyScorer(card.Device).Start(parts, still, set.Scorer);
        // The second particle weighs nothing, so the third is the second taken.
        Particle[] particles = [.. set.Source.Particles.Select((p, i) => i == 1 ? p with { Weight = 0 } : p)];
        var images = new ParticleImages(new Reweighed(set.Source, particles), set.Resolution);
        Assert.Equal([0, 2, 3, 4], scores.Load(images, set.Batch.Indices, set.RestPoses, new ComputeOptions { Threads = 1 }, CancellationToken.None));
        int[] taken = [0, 2, 3, 4], which = [3, 1];
        for (var part = 0; part < parts.Length; part++)
        {
            Pose[] outside = [.. taken.Select(i => Draw.Near(random, set.Starts[i], 4, 1))];
            if (hasStill)
            {
                scores.TakeOut(part, outside);
            }

            Pose[] poses = [.. which.Select(w => Draw.Near(random, set.Starts[taken[w]], 4, 1))];
            double[][] Rows(int length) => [.. which.Select(_ => new double[length])];
            var (gradients, matrices) = (Rows(N), Rows(N * N));
            var waits = card.Card.Meters.Waits;
            var found = scores.Evaluate(part, which, [.. poses.Select(p => new[] { p })], gradients, matrices);
            Assert.Equal(1, card.Card.Meters.Waits - waits);
            for (var a = 0; a < which.Length; a++)
            {
                var i = taken[which[a]];
                var managed = Managed(set, parts[part], still, i, outside[which[a]], poses[a], out var gradient, out var matrix);
                AssertAlike(managed, gradient, matrix, found[a], gradients[a], matrices[a]);
            }
        }
    }

    [Fact]
    public void Parts_that_move_together_are_scored_as_by_the_managed_code()
    {
        const int parts = 3, n = N * parts;
        var set = new PoseCase(3, new OpticsGroup { Id = 1, ImageSize = 24, PixelSize = 2.5 }, 8, 20);
        var random = new Random(5);
        GaussianModel[] moving = [.. Enumerable.Range(0, parts).Select(k => set.Part(20 * k, 20 * (k + 1), 0))];
        var still = set.Part(60, 80, 0);
        using var scores = new GpuBodyScorer(card.Device).Start(moving, still, set.Scorer);
        Assert.Equal([0, 1, 2], scores.Load(set.Images, set.Batch.Indices, set.RestPoses, new ComputeOptions { Threads = 1 }, CancellationToken.None));
        int[] which = [2, 0];
        Pose[][] poses = [.. which.Select(i => moving.Select(_ => Draw.Near(random, set.Starts[i], 4, 1)).ToArray())];
        double[][] gradients = [new double[n], new double[n]], matrices = [new double[n * n], new double[n * n]];
        var found = scores.Evaluate(0, which, poses, gradients, matrices);
        for (var a = 0; a < which.Length; a++)
        {
            var rest = new GriddingProjector(still, set.Disc);
            float[] re = new float[set.Disc.Count], im = new float[set.Disc.Count], dRe = new float[n * re.Length], dIm = new float[n * re.Length];
            rest.Project(set.RestPoses[which[a]], re, im, rest.CreateScratch());
            for (var k = 0; k < parts; k++)
            {
                var (projector, jacobian) = (new GriddingProjector(moving[k], set.Disc), new PoseJacobian<float>(set.Disc));
                projector.ProjectWithPoseDerivatives(poses[a][k], jacobian, projector.CreateScratch());
                TensorPrimitives.Add(re, jacobian.Re, re);
                TensorPrimitives.Add(im, jacobian.Im, im);
                jacobian.DerivativesRe.CopyTo(dRe.AsSpan(k * jacobian.DerivativesRe.Length));
                jacobian.DerivativesIm.CopyTo(dIm.AsSpan(k * jacobian.DerivativesIm.Length));
            }

            double[] gradient = new double[n], matrix = new double[n * n];
            var managed = set.Prepared(which[a]).Evaluate(re, im, dRe, dIm, gradient, matrix);
            AssertAlike(managed, gradient, matrix, found[a], gradients[a], matrices[a]);
        }
    }

    [Fact]
    public void Several_cards_are_refused()
    {
        using var two = GpuDevices.Open(GpuDevices.Simulated + ":0,1");
        Assert.Contains("one card", Assert.Throws<InvalidInputException>(() => new GpuBodyScorer(two)).Message, StringComparison.Ordinal);
    }

    private static void AssertAlike(PoseScore managed, double[] gradient, double[] matrix, PoseScore score, double[] foundGradient, double[] foundMatrix)
    {
        var n = gradient.Length;
        Assert.Equal(managed.Objective, score.Objective, 1e-4 * Math.Abs(managed.Objective));
        for (var p = 0; p < n; p++)
        {
            var unit = Math.Sqrt(matrix[p * (n + 1)]);
            Assert.InRange(foundGradient[p] - gradient[p], -2e-3 * unit, 2e-3 * unit);
            for (var q = 0; q < n; q++)
            {
                var both = unit * Math.Sqrt(matrix[q * (n + 1)]);
                Assert.InRange(foundMatrix[(p * n) + q] - matrix[(p * n) + q], -1e-3 * both, 1e-3 * both);
            }
        }
    }

    /// <summary>What is still less the part where it is taken out, and the part at its pose, scored by the managed code.</summary>
    private static PoseScore Managed(
        PoseCase set, GaussianModel part, GaussianModel? still, int particle, in Pose outside, in Pose pose, out double[] gradient, out double[] matrix)
    {
        var image = set.Prepared(particle);
        var (moving, jacobian) = (new GriddingProjector(part, set.Disc), new PoseJacobian<float>(set.Disc));
        moving.ProjectWithPoseDerivatives(pose, jacobian, moving.CreateScratch());
        if (still is not null)
        {
            var whole = new GriddingProjector(still, set.Disc);
            float[] re = new float[set.Disc.Count], im = new float[set.Disc.Count];
            whole.Project(set.RestPoses[particle], re, im, whole.CreateScratch());
            TensorPrimitives.Add(jacobian.Re, re, jacobian.Re);
            TensorPrimitives.Add(jacobian.Im, im, jacobian.Im);
            moving.Project(outside, re, im, moving.CreateScratch());
            TensorPrimitives.Subtract(jacobian.Re, re, jacobian.Re);
            TensorPrimitives.Subtract(jacobian.Im, im, jacobian.Im);
        }

        (gradient, matrix) = (new double[N], new double[N * N]);
        return image.Evaluate(jacobian.Re, jacobian.Im, jacobian.DerivativesRe, jacobian.DerivativesIm, gradient, matrix);
    }

    private sealed class Reweighed(InMemoryParticles source, Particle[] particles) : IParticleSource
    {
        public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

        public IReadOnlyList<Particle> Particles => particles;

        public void ReadImage(int index, Span<float> pixels) => source.ReadImage(index, pixels);

        public string Describe(int index) => source.Describe(index);
    }
}
