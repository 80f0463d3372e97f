using System.Runtime.InteropServices;
using Gmm.Core;

namespace Gmm.Torch.Tests;

#pragma warning disable CA2201 // libtorch's errors arrive as ExternalException: made here to stand in for it.
public class DeviceTests
{
    [TorchFact]
    public void CUDA_is_there_or_an_error_and_never_the_CPU()
    {
        Assert.Equal(DeviceType.CPU, TorchDevices.Parse("cpu").type);
        if (cuda.is_available())
        {
            Assert.Equal(DeviceType.CUDA, TorchDevices.Parse("cuda").type);
        }
        else
        {
            var error = Assert.Throws<InvalidInputException>(() => TorchDevices.Parse("cuda"));
            Assert.Contains("finds no CUDA device", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<InvalidInputException>(() => TorchDevices.Parse("cuda:99"));
        Assert.Contains("devices are cpu, cuda", Assert.Throws<InvalidInputException>(() => TorchDevices.Parse("gpu")).Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void What_there_is_says_versions_and_devices() =>
        Assert.Matches(@"^TorchSharp \d+\.\d+\.\d+\S* with libtorch \d+\.\d+\.\d+\S*: cpu(, cuda:\d+)*$", TorchDevices.Describe());

    [TorchFact]
    public void Short_memory_means_smaller_chunks_then_a_clear_error()
    {
        // libtorch's own message, from a device that holds 3 images of 1000 Gaussians.
        static void Allocate(long images, long gaussians)
        {
            if (images * gaussians > 3000)
            {
                throw new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB");
            }
        }

        var chunks = Chunks.Choose("test", 50, 1000, 10, 10, 1L << 40);
        var done = new List<long>();
        chunks.Run(50, (first, count) =>
        {
            Allocate(count, chunks.Gaussians);
            done.AddRange(Enumerable.Range((int)first, (int)count).Select(i => (long)i));
        });
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), done);
        Assert.InRange(chunks.Images, 1, 3);

        var none = Chunks.Choose("poses", 50, 1000, 10, 10, 1L << 40);
        var error = Assert.Throws<InvalidInputException>(() => none.Run(50, (_, _) => Allocate(1, 1 << 20)));
        Assert.Contains("too little memory even for one image and 64 Gaussians", error.Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => none.Run(50, (_, _) => throw new ExternalException("expected scalar type Float")));
    }

    [TorchFact]
    public void Budgets_bound_the_chunks()
    {
        var chunks = Chunks.Choose("test", 100, 1000, 0, 10, 45_000);
        Assert.Equal((4, 1000), (chunks.Images, chunks.Gaussians));
        chunks = Chunks.Choose("test", 100, 1000, 1000, 10, 5_000);
        Assert.Equal((1, 400), (chunks.Images, chunks.Gaussians));
        chunks = Chunks.Choose("test", 100, 1000, 1000, 10, 1);
        Assert.Equal((1, 64), (chunks.Images, chunks.Gaussians));
    }

    [TorchFact]
    public void Models_go_to_tensors_and_back()
    {
        var model = Samples.Model(20);
        using var tensors = GaussianTensors.From(model, dtype: ScalarType.Float64);
        var back = tensors.ToModel(60, 1.5, "test");
        Assert.Equal(model.X.ToArray(), back.X.ToArray());
        Assert.Equal(model.Z.ToArray(), back.Z.ToArray());
        Assert.Equal(model.Amplitudes.ToArray(), back.Amplitudes.ToArray());
        Assert.Equal(model.Widths.ToArray(), back.Widths.ToArray());
        var poses = Samples.Poses(3);
        using var r = TorchRotations.Rotations(poses);
        using var t = TorchRotations.Shifts(poses);
        Assert.InRange(TorchRotations.ToPoses(r, t)[2].Rotation.AngleTo(poses[2].Rotation), 0, 1e-7);
    }
}
