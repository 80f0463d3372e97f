using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class ParticlePoseRefinerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Threads_and_chunks_do_not_change_a_bit(bool adam)
    {
        var source = PoseTestData.Particles(25, 8, 41);
        var random = new Random(42);
        var starts = source.Particles.Select(p => Draw.Near(random, p.Pose, 3, 1)).ToArray();
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 8, 16, 7);
        IPoseOptimizer optimizer = adam ? new AdamPoseOptimizer() : new LevenbergMarquardtPoseOptimizer();
        var refiner = new ParticlePoseRefiner(source, optimizer, [reference], 7);
        var one = Refine(1, 25);
        foreach (var other in new[] { Refine(2, 25), Refine(3, 25), Refine(2, 4) })
        {
            for (var i = 0; i < 25; i++)
            {
                Assert.Equal(
                    (one[i].Pose, one[i].Score, one[i].StartScore, one[i].Steps),
                    (other[i].Pose, other[i].Score, other[i].StartScore, other[i].Steps));
                Assert.Equal(one[i].Covariance, other[i].Covariance);
                Assert.NotEqual(starts[i], one[i].Pose);
            }
        }

        PoseEstimate[] Refine(int threads, int chunk)
        {
            var results = new PoseEstimate?[25];
            foreach (var part in Enumerable.Range(0, 25).Chunk(chunk))
            {
                refiner.Refine(part, starts, results, new ComputeOptions { Threads = threads });
            }

            return results!;
        }
    }

    [Fact]
    public void Optics_groups_of_different_box_and_pixel_size_are_refined_alike()
    {
        OpticsGroup[] groups =
        [
            new() { Id = 1, ImageSize = 64, PixelSize = 2.5 },
            new() { Id = 2, ImageSize = 90, PixelSize = 1.9, CtfState = CtfState.PhaseFlipped },
        ];
        var model = PoseTestData.Ball(300, 40, 9, 64, 2.5);
        var source = PoseTestData.Particles(16, 0, 43, model, [.. groups.Select(g => g with { CtfState = CtfState.Unmodified })]);

        // Flipped phases in the second group: an inverse transform of |CTF| times the signal.
        var flipped = new MemorySource(groups);
        for (var i = 0; i < 16; i++)
        {
            var p = source.Particles[i];
            flipped.Add(p, p.OpticsIndex == 0 ? source.Images[i] : Flip(source.Images[i], groups[1], p.Ctf));
        }

        var random = new Random(44);
        var starts = source.Particles.Select(p => Draw.Near(random, p.Pose, 3, 1)).ToArray();
        var results = new PoseEstimate?[16];
        PoseReference?[] references = [.. groups.Select(g => PoseTestData.Reference(model, g, 0.1, 14, 7))];
        new ParticlePoseRefiner(flipped, new LevenbergMarquardtPoseOptimizer(), references, 7)
            .Refine([.. Enumerable.Range(0, 16)], starts, results, new ComputeOptions { Threads = 2 });
        for (var i = 0; i < 16; i++)
        {
            var error = TangentStep.Between(source.Particles[i].Pose, results[i]!.Pose);
            Assert.True(error.Take(3).Max(Math.Abs) < 5e-4 && error.Skip(3).Max(Math.Abs) < 0.02, $"particle {i}: {string.Join(" ", error)}");
            Assert.Equal(1, results[i]!.Score.Scale, 0.01);
        }
    }

    [Fact]
    public void Only_the_particles_asked_for_are_touched_and_constant_images_are_marked()
    {
        var source = PoseTestData.Particles(4, 1, 45);
        source.Add(source.Particles[0], Enumerable.Repeat(2f, PoseTestData.Box * PoseTestData.Box).ToArray());
        var starts = source.Particles.Select(p => p.Pose).ToArray();
        var results = new PoseEstimate?[5];
        var refiner = new ParticlePoseRefiner(
            source, new LevenbergMarquardtPoseOptimizer(), [PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 1, 10)], 10);
        var done = 0;
        refiner.Refine([1, 4], starts, results, new ComputeOptions { Threads = 2 }, _ => Interlocked.Increment(ref done));
        Assert.Equal((2, true, true, true), (done, results[0] is null, results[2] is null, results[3] is null));
        Assert.Equal((PoseStatus.Refined, PoseStatus.UnusableImage), (results[1]!.Status, results[4]!.Status));
        Assert.Equal(starts[4], results[4]!.Pose);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => refiner.Refine([0], starts, results, new ComputeOptions(), null, cancelled.Token));
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_named_whatever_the_threads()
    {
        var source = new BrokenSource(PoseTestData.Particles(8, 1, 46));
        var starts = source.Particles.Select(p => p.Pose).ToArray();
        var refiner = new ParticlePoseRefiner(
            source, new LevenbergMarquardtPoseOptimizer(), [PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 1, 10)], 10);
        foreach (var threads in new[] { 1, 3 })
        {
            var error = Assert.Throws<InvalidInputException>(() => refiner.Refine(
                [.. Enumerable.Range(0, 8)], starts, new PoseEstimate?[8], new ComputeOptions { Threads = threads }));
            Assert.Equal("stack: cannot be read", error.Message);
        }
    }

    private static float[] Flip(float[] image, OpticsGroup group, CtfParameters ctf)
    {
        var disc = new FourierDisc(group.BoxLength, (group.ImageSize - 1) / 2);
        var transform = new DiscTransform(group.ImageSize, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength], result = new float[image.Length];
        transform.Forward(image, re, im, scratch);
        for (var i = 0; i < disc.Count; i++)
        {
            var sign = Math.Sign(Ctf.Evaluate(ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength));
            (re[i], im[i]) = (sign * re[i], sign * im[i]);
        }

        transform.Inverse(re, im, result, scratch);
        return result;
    }

    private sealed class BrokenSource(MemorySource source) : IParticleSource
    {
        public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

        public IReadOnlyList<Particle> Particles => source.Particles;

        public void ReadImage(int index, Span<float> pixels)
        {
            if (index == 5)
            {
                throw new InvalidInputException("cannot be read", "stack");
            }

            source.ReadImage(index, pixels);
        }

        public string Describe(int index) => source.Describe(index);
    }
}
