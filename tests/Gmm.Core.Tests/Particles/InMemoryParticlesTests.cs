using System.Numerics.Tensors;

namespace Gmm.Core.Tests;

public sealed class InMemoryParticlesTests
{
    private static readonly OpticsGroup Group = new() { PixelSize = 1, ImageSize = 2 };
    private static readonly CtfParameters NoCtf = new() { DefocusU = 0, DefocusV = 0 };

    [Fact]
    public void Images_come_from_arrays_a_stack_or_a_tensor()
    {
        float[] stack = [1, 2, 3, 4, 5, 6, 7, 8];
        IParticleSource[] sources =
        [
            new InMemoryParticles([Group], Two(), [stack.AsMemory(0, 4), stack.AsMemory(4, 4)]),
            new InMemoryParticles(Group, Two(), stack),
            InMemoryParticles.FromTensor(Group, Two(), Tensor.Create(stack, [2, 2, 2])),
        ];
        var image = new float[4];
        foreach (var source in sources)
        {
            source.ReadImage(1, image);
            Assert.Equal([5, 6, 7, 8], image);
            Assert.Equal("particle 2 in memory", source.Describe(1));
            Assert.Throws<ArgumentException>(() => source.ReadImage(0, new float[3]));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new InMemoryParticles(Group, Two(), new float[7]));
        Assert.Throws<ArgumentException>(() => new InMemoryParticles([Group], Two(), [new float[4]]));
        Assert.Throws<ArgumentException>(() => new InMemoryParticles([Group], Two(), [new float[4], new float[5]]));
        Assert.Throws<ArgumentException>(() => new InMemoryParticles(Group, [], ReadOnlyMemory<float>.Empty));
        Assert.Throws<ArgumentException>(() => new InMemoryParticles(Group, [Two()[0] with { Half = 3 }], new float[4]));
        Assert.Throws<ArgumentException>(() => new InMemoryParticles(Group, [Two()[0] with { OpticsIndex = 1 }], new float[4]));
        Assert.Throws<ArgumentException>(() => InMemoryParticles.FromTensor(Group, Two(), Tensor.Create(new float[8], [2, 4])));
        var bad = new InMemoryParticles(Group, Two(), new float[] { 0, 0, 0, 0, 0, float.NaN, 0, 0 });
        bad.ReadImage(0, new float[4]);
        var e = Assert.Throws<InvalidInputException>(() => bad.ReadImage(1, new float[4]));
        Assert.Contains("row 2", e.Message, StringComparison.Ordinal);
    }

    private static Particle[] Two() => [new(Pose.Identity, NoCtf, 0, 1), new(Pose.Identity, NoCtf, 0, 2)];
}
