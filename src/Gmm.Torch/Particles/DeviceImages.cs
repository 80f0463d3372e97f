using System.Runtime.ExceptionServices;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch;

/// <summary>Particles' coefficients and transfers, read on several threads of the host and copied to a device. Disposes its tensors.</summary>
internal sealed class DeviceImages : IDisposable
{
    private DeviceImages(int[] usable, Tensor images, Tensor transfers) =>
        (Usable, Images, Transfers) = (usable, images.DetachFromDisposeScope(), transfers.DetachFromDisposeScope());

    /// <summary>The rows' places among those asked for; images that hold nothing are not among them.</summary>
    public int[] Usable { get; }

    /// <summary>[B, K] ComplexFloat32.</summary>
    public Tensor Images { get; }

    /// <summary>[B, K] Float32.</summary>
    public Tensor Transfers { get; }

    /// <summary>Reads particles of one optics group.</summary>
    /// <exception cref="InvalidInputException">An image cannot be read or is not finite: the first in the order given.</exception>
    public static DeviceImages Read(ParticleImages images, int[] members, Device device, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var k = images.Disc(images.Source.Particles[members[0]].OpticsIndex).Count;
        float[][] re = new float[members.Length][], im = new float[members.Length][], transfer = new float[members.Length][];
        var usable = new bool[members.Length];
        var errors = new Exception?[members.Length];
        Parallel.For(0, members.Length, new ParallelOptions { MaxDegreeOfParallelism = compute.Threads, CancellationToken = cancellationToken }, (n, loop) =>
        {
            (re[n], im[n], transfer[n]) = (new float[k], new float[k], new float[k]);
            try
            {
                usable[n] = images.Read(members[n], re[n], im[n], transfer[n]);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Those before it are still read, so that the error is that of the first.
                errors[n] = e;
                loop.Break();
            }
        });
        if (Array.Find(errors, e => e is not null) is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        int[] good = [.. Enumerable.Range(0, members.Length).Where(n => usable[n])];
        using var scope = NewDisposeScope();
        Tensor Rows(float[][] rows)
        {
            var all = new float[good.Length * k];
            for (var n = 0; n < good.Length; n++)
            {
                rows[good[n]].CopyTo(all, n * k);
            }

            return TensorMemory.Write(all, [good.Length, k], device);
        }

        return new DeviceImages(good, complex(Rows(re), Rows(im)), Rows(transfer));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Transfers.Dispose();
    }
}
