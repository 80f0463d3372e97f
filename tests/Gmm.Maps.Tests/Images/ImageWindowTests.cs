using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public class ImageWindowTests
{
    private static readonly OpticsGroup s_group = new() { ImageSize = 4, PixelSize = 2 };

    [Fact]
    public void Images_come_from_memory_during_a_walk_and_from_the_source_otherwise()
    {
        var source = new Numbered(20);
        var window = new ImageWindow(source);
        var pixels = new float[16];
        var walked = new List<int>();
        window.Walk(Enumerable.Range(0, 20).Chunk(6), chunk =>
        {
            foreach (var i in chunk)
            {
                window.Read(i, pixels);
                window.Read(i, pixels);
                Assert.Equal(i, pixels[3]);
                walked.Add(i);
            }
        }, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 20), walked);
        Assert.All(source.Reads, n => Assert.Equal(1, n));
        window.Read(7, pixels);
        Assert.Equal((7f, 2), (pixels[0], source.Reads[7]));
    }

    [Fact]
    public void What_was_looked_at_before_a_walk_is_not_read_again()
    {
        var source = new Numbered(20);
        var window = new ImageWindow(source);
        var pixels = new float[16];
        window.Keep(true);
        window.Read(5, pixels);
        window.Read(5, pixels);
        window.Walk([[4, 5, 6]], chunk => window.Read(5, pixels), CancellationToken.None);
        Assert.Equal((5f, 1), (pixels[0], source.Reads[5]));
        window.Keep(false);
        window.Read(5, pixels);
        Assert.Equal(2, source.Reads[5]);
    }

    [Fact]
    public void Work_that_fails_ends_the_walk_and_another_can_begin()
    {
        var window = new ImageWindow(new Numbered(20));
        Assert.Throws<InvalidOperationException>(
            () => window.Walk(Enumerable.Range(0, 20).Chunk(6), _ => throw new InvalidOperationException("no"), CancellationToken.None));
        var chunks = 0;
        window.Walk(Enumerable.Range(0, 20).Chunk(6), _ => chunks++, CancellationToken.None);
        Assert.Equal(4, chunks);
    }

    [Fact]
    public void A_walk_within_a_walk_reads_from_the_source()
    {
        var source = new Numbered(20);
        var window = new ImageWindow(source);
        var pixels = new float[16];
        window.Walk([[1, 2]], _ => window.Walk([[3]], _ => window.Read(3, pixels), CancellationToken.None), CancellationToken.None);
        Assert.Equal((3f, 1), (pixels[0], source.Reads[3]));
    }

    [Fact]
    public async Task Being_stopped_ends_it_between_chunks()
    {
        using var stop = new CancellationTokenSource();
        var window = new ImageWindow(new Numbered(20));
        var chunks = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => window.Walk(Enumerable.Range(0, 20).Chunk(2), _ =>
        {
            chunks++;
            stop.Cancel();
        }, stop.Token)));
        Assert.InRange(chunks, 1, 2);
    }

    /// <summary>Images whose pixels are their number.</summary>
    private sealed class Numbered(int count) : IParticleSource
    {
        public int[] Reads { get; } = new int[count];

        public IReadOnlyList<OpticsGroup> OpticsGroups { get; } = [s_group];

        public IReadOnlyList<Particle> Particles { get; } =
            [.. Enumerable.Repeat(new Particle(new Pose(Rotation.Identity, 0, 0), new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, 1), count)];

        public void ReadImage(int index, Span<float> pixels)
        {
            Interlocked.Increment(ref Reads[index]);
            pixels.Fill(index);
        }

        public string Describe(int index) => $"{index}";
    }
}
