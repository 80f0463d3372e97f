using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Torch.Tests;

public class ParticleDatasetTests
{
    [TorchFact]
    public void Items_are_what_the_rest_of_the_library_sees_and_a_loader_stacks_them()
    {
        using var scope = NewDisposeScope();
        var source = Source();
        using var data = new ParticleDataset(source, 9);
        Assert.Equal(6, data.Count);
        var images = new ParticleImages(source, 9);
        var k = data.Disc.Count;
        float[] re = new float[k], im = new float[k], transfer = new float[k];
        Assert.True(images.Read(4, re, im, transfer));
        using var loader = utils.data.DataLoader(data, 3, shuffle: false);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext() && batches.MoveNext());
        var batch = batches.Current;
        Assert.Equal([3, 4, 5], TensorMemory.Read<long>(batch["index"]));
        Assert.Equal([3, k], batch["image"].shape);
        Assert.Equal(re, TensorMemory.Read<float>(batch["image"][1].real));
        Assert.Equal(im, TensorMemory.Read<float>(batch["image"][1].imag));
        Assert.Equal(transfer, TensorMemory.Read<float>(batch["transfer"][1]));
        // The transfer is also that of the terms, and the pose that of the angles.
        using var ctf = new TorchCtf(data.Disc);
        var computed = TensorMemory.Read<float>(ctf.call(CtfTerms.FromRows(batch["ctf"]))[1]);
        Assert.All(transfer, (v, i) => Assert.InRange(computed[i], v - 2e-6f, v + 2e-6f));
        var pose = TorchRotations.ToPoses(TorchRotations.FromEuler(batch["angles"]), batch["shifts"])[1];
        Assert.InRange(pose.Rotation.AngleTo(source.Particles[4].Pose.Rotation), 0, 1e-5);
        Assert.InRange(pose.ShiftX - source.Particles[4].Pose.ShiftX, -1e-6, 1e-6);
        // The power is that of these images, so whitened ones have the power 1 in every ring but the first.
        var all = stack(Enumerable.Range(0, 6).Select(i => data.GetTensor(i)["whitened"]));
        var power = TensorMemory.Read<float>(all.abs().square().mean([0]));
        for (var q = 1; q <= data.Disc.Radius; q++)
        {
            Assert.InRange(power[data.Disc.RingStart(q)..data.Disc.RingStart(q + 1)].Average(), 0.999, 1.001);
        }
    }

    [TorchFact]
    public void An_image_that_holds_nothing_weighs_nothing_and_groups_are_chosen()
    {
        using var scope = NewDisposeScope();
        var source = Source(empty: 2);
        using var data = new ParticleDataset(source, 9, members: [2, 0]);
        Assert.Equal((0f, 1f), (data.GetTensor(0)["weight"].item<float>(), data.GetTensor(1)["weight"].item<float>()));
        Assert.Equal(0f, data.GetTensor(0)["image"].abs().max().item<float>());
        var two = new InMemoryParticles([.. source.OpticsGroups, source.OpticsGroups[0] with { Id = 2, Name = "second" }], source.Particles, Images(source));
        Assert.Contains("2 optics groups", Assert.Throws<InvalidInputException>(() => new ParticleDataset(two, 9)).Message, StringComparison.Ordinal);
        var none = Assert.Throws<InvalidInputException>(() => new ParticleDataset(two, 9, opticsIndex: 1));
        Assert.Contains("no particles", none.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParticleDataset(source, 9, members: [6]));
        Assert.Contains(
            "noise power needs", Assert.Throws<ArgumentException>(() => new ParticleDataset(source, 9, noisePower: [1, 1])).Message, StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<float>[] Images(InMemoryParticles source)
    {
        return [.. Enumerable.Range(0, source.Particles.Count).Select(i =>
        {
            var pixels = new float[32 * 32];
            source.ReadImage(i, pixels);
            return (ReadOnlyMemory<float>)pixels;
        })];
    }

    private static InMemoryParticles Source(int empty = -1)
    {
        var optics = new OpticsGroup { Id = 1, PixelSize = 3, ImageSize = 32 };
        var random = new Random(4);
        var model = Samples.Model(30);
        CtfParameters Ctf(int i) => new() { DefocusU = 9000 + (400 * i), DefocusV = 9500 };
        Particle[] particles = [.. Samples.Poses(6).Select((p, i) => new Particle(p, Ctf(i), 0, (i % 2) + 1))];
        float[] Image(Particle p, int i) => i == empty ? new float[32 * 32] : ExactImages.Of(model, optics, p.Pose, p.Ctf, 0.05, random);
        ReadOnlyMemory<float>[] images = [.. particles.Select((p, i) => (ReadOnlyMemory<float>)Image(p, i))];
        return new InMemoryParticles([optics], particles, images);
    }
}
