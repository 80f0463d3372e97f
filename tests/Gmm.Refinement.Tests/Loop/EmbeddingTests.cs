using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

/// <summary>What a program that embeds the loop may expect of it (docs/embedding.md).</summary>
public class EmbeddingTests
{
    private static readonly RefinementOptions s_options = JobTestData.Options with { Iterations = 1 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_of_the_callers_source_arrives_as_itself_wherever_it_is_thrown(int threads)
    {
        var counting = new Failing(JobTestData.InMemory(), int.MaxValue);
        JobTestData.Run(counting, s_options, threads);
        Assert.True(counting.Reads > JobTestData.Count);
        // Spread over the whole run: image checks, noise, reconstruction, poses and the maps after them.
        foreach (var at in Enumerable.Range(0, 8).Select(i => 1 + ((counting.Reads - 1) * i / 7)))
        {
            var source = new Failing(JobTestData.InMemory(), at);
            Assert.Same(source.Failure, Assert.ThrowsAny<Exception>(() => JobTestData.Run(source, s_options, threads)));
        }
    }

    [Fact]
    public async Task The_stream_of_iterations_is_the_loop()
    {
        var options = JobTestData.Options with { Iterations = 2 };
        var expected = JobTestData.Run(JobTestData.InMemory(), options);
        var loop = new RefinementLoop(JobTestData.InMemory(), options, new ComputeOptions { Threads = 2 });
        var states = new List<RefinementState>();
        await foreach (var state in loop.IterateAsync())
        {
            states.Add(state);
        }

        Assert.Equal([0, 1, 2], states.Select(s => s.Iteration));
        Assert.Equal(expected.Maps.Half2.Voxels.ToArray(), states[^1].Maps.Half2.Voxels.ToArray());

        var again = new List<RefinementState>();
        await foreach (var state in loop.IterateAsync(states[1]))
        {
            again.Add(state);
        }

        Assert.Equal(expected.Maps.Half1.Voxels.ToArray(), Assert.Single(again).Maps.Half1.Voxels.ToArray());
    }

    [Fact]
    public async Task The_stream_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var loop = new RefinementLoop(JobTestData.InMemory(), JobTestData.Options, new ComputeOptions { Threads = 2 });
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var state in loop.IterateAsync().WithCancellation(stop.Token))
            {
                seen++;
                await stop.CancelAsync();
            }
        });
        Assert.Equal(1, seen);
    }

    [Fact]
    public void A_null_argument_is_named()
    {
        Assert.Equal("source", Assert.Throws<ArgumentNullException>(() => new RefinementLoop(null!, s_options, new ComputeOptions())).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new RefinementLoop(JobTestData.InMemory(), null!, new ComputeOptions())).ParamName);
        Assert.Equal("compute", Assert.Throws<ArgumentNullException>(() => new RefinementLoop(JobTestData.InMemory(), s_options, null!)).ParamName);
        Assert.Equal("disc", Assert.Throws<ArgumentNullException>(() => new DiscTransform(48, null!)).ParamName);
    }

    /// <summary>A source whose n-th read fails with an exception of its own.</summary>
    private sealed class Failing(IParticleSource inner, int at) : IParticleSource
    {
        private int _reads;

        public TimeZoneNotFoundException Failure { get; } = new("the camera is asleep");

        public int Reads => _reads;

        public IReadOnlyList<OpticsGroup> OpticsGroups => inner.OpticsGroups;

        public IReadOnlyList<Particle> Particles => inner.Particles;

        public void ReadImage(int index, Span<float> pixels)
        {
            if (Interlocked.Increment(ref _reads) >= at)
            {
                throw Failure;
            }

            inner.ReadImage(index, pixels);
        }

        public string Describe(int index) => inner.Describe(index);
    }
}
