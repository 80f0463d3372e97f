using Gmm.Core;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Gpu.Tests;

public class GpuPoseOptimizerTests(SimulatedCard card) : IClassFixture<SimulatedCard>
{
    [Fact]
    public void Poses_are_those_of_the_managed_optimizer()
    {
        var set = new PoseCase(8);
        using var optimizer = new GpuPoseOptimizer(card.Device);
        AssertAlike(set.Refine(new LevenbergMarquardtPoseOptimizer()), set.Refine(optimizer));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Priors_and_a_part_that_stays_count_as_in_the_managed_optimizer(bool isFocused, bool hasPriors)
    {
        var set = new PoseCase(5, new OpticsGroup { Id = 1, ImageSize = 32, PixelSize = 2.5 }, 4, 26, 0.4, isFocused) { HasPriors = hasPriors };
        using var optimizer = new GpuPoseOptimizer(card.Device);
        AssertAlike(set.Refine(new LevenbergMarquardtPoseOptimizer()), set.Refine(optimizer));
    }

    [Fact]
    public void Two_cards_give_the_bits_of_one()
    {
        var set = new PoseCase(5, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18, isFocused: true) { HasPriors = true };
        using var one = new GpuPoseOptimizer(card.Device);
        using var device = GpuDevices.Open(GpuDevices.Simulated + ":0,1");
        using var two = new GpuPoseOptimizer(device, null, null, mostSlots: 1);
        var launches = card.Card.Meters.Launches;
        var first = set.Refine(one);
        // One batch: the part that stays in five launches, and five for the further layer in each of seven evaluations.
        Assert.Equal(4 + 5 + (7 * (7 + 5)), card.Card.Meters.Launches - launches);
        AssertSame(first, set.Refine(two));
        long[] before = [.. device.Cards.Select(c => c.Meters.Waits)];
        set.Refine(two);
        // Five batches dealt out to two cards, each waited for once.
        Assert.Equal([3, 2], device.Cards.Zip(before, (c, n) => c.Meters.Waits - n));
        Assert.Equal(one.Name, two.Name);
    }

    [Fact]
    public void A_part_far_off_the_centre_is_turned_about_its_pivot_as_by_the_managed_optimizer()
    {
        var set = new PoseCase(6, seed: 9);
        set = new PoseCase(6, seed: 9) { Reference = new PoseReference(set.Reference.Bands, (14, -9, 11)) };
        using var optimizer = new GpuPoseOptimizer(card.Device);
        AssertAlike(set.Refine(new LevenbergMarquardtPoseOptimizer()), set.Refine(optimizer));
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_run_nor_on_how_many_particles_are_refined_together()
    {
        var set = new PoseCase(4, new OpticsGroup { Id = 1, ImageSize = 24, PixelSize = 2.5 }, radius: 22);
        using var optimizer = new GpuPoseOptimizer(card.Device);
        using var small = new GpuPoseOptimizer(card.Device, null, null, mostSlots: 3);
        var first = set.Refine(optimizer);
        AssertSame(first, set.Refine(optimizer));
        AssertSame(first, set.Refine(small));
        using var again = GpuDevices.Open(GpuDevices.Simulated);
        using var other = new GpuPoseOptimizer(again, null, null, mostSlots: 1);
        AssertSame(first, set.Refine(other));
    }

    [Fact]
    public void A_batch_allocates_nothing_once_there_is_room_waits_once_and_is_copied_while_the_one_before_is_refined()
    {
        var set = new PoseCase(6, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18);
        using var optimizer = new GpuPoseOptimizer(card.Device, null, null, mostSlots: 3);
        var meters = card.Card.Meters;
        var results = new PoseEstimate?[6];
        optimizer.Optimize(set.Batch, results, new ComputeOptions(), CancellationToken.None);
        var (launches, bytes, waits, sent, ahead) = (meters.Launches, meters.AllocatedBytes, meters.Waits, meters.SentBytes, meters.SentAheadBytes);
        optimizer.Optimize(set.Batch, results, new ComputeOptions(), CancellationToken.None);
        Assert.Equal(bytes, meters.AllocatedBytes);
        // Two batches of three: a wait each; images in three launches, starts in one, seven evaluations of seven.
        Assert.Equal(2, meters.Waits - waits);
        Assert.Equal(2 * (4 + (7 * 7)), meters.Launches - launches);
        // Images of 20 x 20 pixels, and a few numbers with each; the second batch ahead.
        Assert.InRange(meters.SentBytes - sent, 6 * 4 * 400, 6 * 4 * 500);
        Assert.Equal((meters.SentBytes - sent) / 2, meters.SentAheadBytes - ahead);
    }

    [Fact]
    public void Images_that_hold_nothing_keep_their_pose_and_a_particle_that_weighs_nothing_is_left_out()
    {
        var set = new PoseCase(4, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18);
        var particles = set.Source.Particles.Select((p, i) => i == 2 ? p with { Weight = 0 } : p).ToArray();
        var source = new InMemoryParticles([set.Optics], particles, [.. Enumerable.Range(0, 4).Select(i => Pixels(set.Source, i, i == 1 ? 0 : 1))]);
        using var optimizer = new GpuPoseOptimizer(card.Device);
        var found = Refine(set, source, optimizer);
        Assert.Equal(
            [PoseStatus.Refined, PoseStatus.UnusableImage, PoseStatus.UnusableImage, PoseStatus.Refined], found.Select(e => e!.Status));
        Assert.Equal(set.Starts[1..3], found[1..3].Select(e => e!.Pose));
        // The others as if those were not there.
        var alone = set.Refine(optimizer);
        Assert.Equal((alone[0].Pose, alone[3].Pose), (found[0]!.Pose, found[3]!.Pose));
    }

    [Theory]
    [InlineData(float.NaN, 0, "has a value that is not a number")]
    [InlineData(float.PositiveInfinity, 0, "has a value that is not a number")]
    [InlineData(1, -1e6, "do not give a finite CTF")]
    public void What_is_not_finite_is_told_with_its_place(float pixel, double bFactor, string message)
    {
        var set = new PoseCase(3, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18);
        var particles = set.Source.Particles.Select((p, i) => i == 1 ? p with { Ctf = p.Ctf with { BFactor = bFactor } } : p).ToArray();
        var source = new HostileSource(set.Source, particles, 1, pixel);
        using var optimizer = new GpuPoseOptimizer(card.Device);
        var error = Assert.Throws<InvalidInputException>(() => Refine(set, source, optimizer));
        Assert.Contains(source.Describe(1), error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        // And the device is good for the next.
        Assert.Contains(set.Refine(optimizer), e => e.Status == PoseStatus.Refined);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(3e-30f)]
    public void Images_of_monstrous_values_end_as_by_the_managed_optimizer(float factor)
    {
        var set = new PoseCase(3, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18);
        var source = new InMemoryParticles(
            [set.Optics], [.. set.Source.Particles], [.. Enumerable.Range(0, 3).Select(i => new ReadOnlyMemory<float>(Pixels(set.Source, i, factor)))]);
        using var optimizer = new GpuPoseOptimizer(card.Device);
        Assert.Equal(
            Refine(set, source, new LevenbergMarquardtPoseOptimizer()).Select(e => e!.Status), Refine(set, source, optimizer).Select(e => e!.Status));
    }

    [Fact]
    public void What_there_are_no_kernels_for_is_refused()
    {
        var set = new PoseCase(1, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18);
        var band = set.Reference.Bands[0];
        using var optimizer = new GpuPoseOptimizer(card.Device);
        void Refused(PoseReference reference, string what)
        {
            var batch = set.Batch with { References = [reference] };
            var error = Assert.Throws<InvalidInputException>(
                () => optimizer.Optimize(batch, new PoseEstimate?[1], new ComputeOptions(), CancellationToken.None));
            Assert.EndsWith($"has no kernels for {what}", error.Message, StringComparison.Ordinal);
        }

        Refused(new PoseReference([band, band]), "bands from coarse to fine");
        Refused(new PoseReference([band with { Rest = new DirectProjector<float>(set.Model, set.Disc) }]), "the projector DirectProjector`1");
        Refused(new PoseReference([band with { Projector = new DirectProjector<float>(set.Model, set.Disc) }]), "the projector DirectProjector`1");
        Refused(new PoseReference([band with { Scorer = new FourierRingCorrelationScorer(set.Disc) }]), "the scorer FourierRingCorrelationScorer");
        Refused(new PoseReference([band]) { EwaldSign = 1 }, "the Ewald sphere");
    }

    [Fact]
    public void A_refinement_that_is_stopped_leaves_the_device_good_for_the_next()
    {
        var set = new PoseCase(3, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, radius: 18);
        using var optimizer = new GpuPoseOptimizer(card.Device, null, null, mostSlots: 1);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => optimizer.Optimize(set.Batch, new PoseEstimate?[3], new ComputeOptions(), stop.Token));
        Assert.Contains(set.Refine(optimizer), e => e.Status == PoseStatus.Refined);
    }

    private static PoseEstimate?[] Refine(PoseCase set, IParticleSource source, IPoseOptimizer optimizer)
    {
        var results = new PoseEstimate?[set.Starts.Length];
        new ParticlePoseRefiner(source, optimizer, [set.Reference], set.Resolution).Refine(
            [.. Enumerable.Range(0, results.Length)], set.Starts, results, new ComputeOptions { Threads = 1 });
        return results;
    }

    private static float[] Pixels(InMemoryParticles source, int index, float factor)
    {
        var pixels = new float[source.OpticsGroups[0].ImageSize * source.OpticsGroups[0].ImageSize];
        source.ReadImage(index, pixels);
        return [.. pixels.Select(p => factor * p)];
    }

    private static void AssertSame(PoseEstimate[] a, PoseEstimate[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            Assert.Equal((a[i].Pose, a[i].Score, a[i].StartScore, a[i].Steps, a[i].Status), (b[i].Pose, b[i].Score, b[i].StartScore, b[i].Steps, b[i].Status));
            Assert.Equal(a[i].Covariance, b[i].Covariance);
        }
    }

    /// <summary>The same poses to their stated uncertainty over twenty, the same scores and uncertainties.</summary>
    private static void AssertAlike(PoseEstimate[] managed, PoseEstimate[] found)
    {
        Assert.Equal(managed.Select(e => (e.Status, e.Steps)), found.Select(e => (e.Status, e.Steps)));
        Assert.Contains(managed, e => e.Status == PoseStatus.Refined && e.Steps > 1);
        for (var i = 0; i < managed.Length; i++)
        {
            var (a, b) = (managed[i], found[i]);
            if (a.Status != PoseStatus.Refined)
            {
                Assert.Equal(a.Pose, b.Pose);
                continue;
            }

            var angle = b.Pose.Rotation.AngleTo(a.Pose.Rotation) * (180 / Math.PI);
            Assert.InRange(angle, 0, a.RotationSigmaDegrees / 20);
            Assert.InRange(Math.Abs(b.Pose.ShiftX - a.Pose.ShiftX) + Math.Abs(b.Pose.ShiftY - a.Pose.ShiftY), 0, a.ShiftSigmaAngstrom / 20);
            Assert.InRange(b.Score.Objective / a.Score.Objective, 0.9999, 1.0001);
            Assert.InRange(b.Score.Scale / a.Score.Scale, 0.9999, 1.0001);
            for (var p = 0; p < 25; p++)
            {
                var unit = Math.Sqrt(a.Covariance![6 * (p / 5)] * a.Covariance[6 * (p % 5)]);
                Assert.InRange(b.Covariance![p] - a.Covariance[p], -2e-3 * unit, 2e-3 * unit);
            }
        }
    }

    /// <summary>Gives images as a source does that checks nothing, with a pixel of one of them set.</summary>
    private sealed class HostileSource(InMemoryParticles source, Particle[] particles, int hostile, float pixel) : IParticleSource
    {
        public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

        public IReadOnlyList<Particle> Particles => particles;

        public void ReadImage(int index, Span<float> pixels)
        {
            source.ReadImage(index, pixels);
            pixels[7] = index == hostile ? pixel : pixels[7];
        }

        public string Describe(int index) => source.Describe(index);
    }
}
