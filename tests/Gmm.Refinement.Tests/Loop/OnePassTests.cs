using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

public class OnePassTests
{
    private static readonly RefinementOptions s_options = JobTestData.Options with { Iterations = 2 };

    [Fact]
    public void An_iteration_reads_each_image_once()
    {
        var source = new Counting(JobTestData.InMemory());
        var loop = new RefinementLoop(source, s_options, new ComputeOptions { Threads = 2 });
        var state = loop.Start();
        for (var iteration = 1; iteration <= 2; iteration++)
        {
            Array.Clear(source.Reads);
            state = loop.Next(state);
            Assert.All(source.Reads, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Parts_worked_through_elsewhere_and_in_any_order_give_the_same_bits()
    {
        var options = s_options with { Parts = 3 };
        var compute = new ComputeOptions { Threads = 2 };
        RefinementState Run(IPartRunner runner)
        {
            var loop = new RefinementLoop(JobTestData.InMemory(), options, compute) { Runner = runner };
            return loop.Next(loop.Next(loop.Start()));
        }

        RefinementState here = Run(new PartsHere()), elsewhere = Run(new PartsApart()), whole = JobTestData.Run(JobTestData.InMemory(), s_options);
        Assert.Equal(here.Particles, elsewhere.Particles);
        Assert.True(here.Maps.Half1.Voxels.SequenceEqual(elsewhere.Maps.Half1.Voxels) && here.Maps.Half2.Voxels.SequenceEqual(elsewhere.Maps.Half2.Voxels));
        var largest = whole.Maps.Half1.Voxels.Max();
        Assert.All(whole.Maps.Half1.Voxels.Zip(here.Maps.Half1.Voxels), v => Assert.InRange(v.First - v.Second, -2e-5f * largest, 2e-5f * largest));
    }

    [Fact]
    public void A_reconstructor_that_takes_all_images_at_once_gets_the_same_poses_and_makes_the_same_maps()
    {
        RefinementState one = JobTestData.Run(JobTestData.InMemory(), s_options),
            two = JobTestData.Run(JobTestData.InMemory(), s_options with { Reconstructor = new Wrapped() });
        Assert.Equal(one.Particles, two.Particles);
        Assert.True(one.Maps.Half1.Voxels.SequenceEqual(two.Maps.Half1.Voxels) && one.Maps.Half2.Voxels.SequenceEqual(two.Maps.Half2.Voxels));
        Assert.Equal((one.Maps.Count1, one.Maps.Count2), (two.Maps.Count1, two.Maps.Count2));
    }

    [Fact]
    public void An_image_that_cannot_be_read_later_is_told_as_such()
    {
        var source = new Counting(JobTestData.InMemory());
        var loop = new RefinementLoop(source, s_options, new ComputeOptions { Threads = 2 });
        var state = loop.Start();
        source.Broken = 77;
        var error = Assert.Throws<InvalidInputException>(() => loop.Next(state));
        Assert.Contains("gone", error.Message, StringComparison.Ordinal);
        source.Broken = -1;
        Assert.Equal(1, loop.Next(state).Iteration);
    }

    /// <summary>Works through the last part first, each by itself, and adds them in their order: as processes would that know nothing of each other.</summary>
    private sealed class PartsApart : IPartRunner
    {
        private Func<int, HalfPass> _prepare = null!;
        private int[][][] _parts = null!;

        public void Begin(Func<int, HalfPass> prepare, int[][][] parts, CancellationToken cancellationToken) => (_prepare, _parts) = (prepare, parts);

        public HalfMotion? Run(int half, PoseEstimate?[] estimates, FourierAccumulator? sums, Action<int>? done, CancellationToken cancellationToken)
        {
            var pass = _prepare(half);
            var made = new FourierAccumulator[_parts[half].Length];
            for (var p = made.Length - 1; p >= 0; p--)
            {
                made[p] = new FourierAccumulator(sums!.Grid);
                pass.Run(_parts[half][p], estimates, made[p], done, cancellationToken);
            }

            foreach (var part in made)
            {
                sums!.Add(part);
            }

            return pass.Learn(estimates, cancellationToken);
        }
    }

    private sealed class Counting(IParticleSource inner) : IParticleSource
    {
        public int[] Reads { get; } = new int[inner.Particles.Count];

        public int Broken { get; set; } = -1;

        public IReadOnlyList<OpticsGroup> OpticsGroups => inner.OpticsGroups;

        public IReadOnlyList<Particle> Particles => inner.Particles;

        public void ReadImage(int index, Span<float> pixels)
        {
            if (index == Broken)
            {
                throw new InvalidInputException("the disk is gone");
            }

            Interlocked.Increment(ref Reads[index]);
            inner.ReadImage(index, pixels);
        }

        public string Describe(int index) => inner.Describe(index);
    }

    private sealed class Wrapped : IReconstructor
    {
        private readonly FourierReconstructor _inner = new();

        public string Name => "wrapped";

        public HalfMap ReconstructHalf(
            ReconstructionInput input, int half, ReconstructionOptions options, ComputeOptions compute, IProgress<ReconstructionProgress>? progress,
            CancellationToken cancellationToken) => _inner.ReconstructHalf(input, half, options, compute, progress, cancellationToken);
    }
}
