using System.Runtime.ExceptionServices;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch;

/// <summary>Particles' coefficients and transfers, read on several threads of the host and copied to a device. Disposes its tensors.</summary>
internal sealed class DeviceImages : IDisposable
{
    private DeviceImages(int[] members, int[] usable, Tensor images, Tensor transfers) =>
        (Members, Usable, Images, Transfers) = (members, usable, images.DetachFromDisposeScope(), transfers.DetachFromDisposeScope());

    /// <summary>The particles asked for.</summary>
    public int[] Members { get; }

    /// <summary>The rows' places among those asked for; images that hold nothing are not among them.</summary>
    public int[] Usable { get; }

    /// <summary>[B, K] ComplexFloat32.</summary>
    public Tensor Images { get; }

    /// <summary>[B, K] Float32.</summary>
    public Tensor Transfers { get; }

    /// <summary>Reads particles piece by piece, each piece of one optics group: the next while the caller works on this one.</summary>
    /// <param name="images">The images.</param>
    /// <param name="pieces">The particles.</param>
    /// <param name="device">Where to.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pieces, in their order, to be disposed.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read or is not finite: the first in the order given.</exception>
    public static IEnumerable<DeviceImages> ReadAhead(
        ParticleImages images, IEnumerable<int[]> pieces, Device device, ComputeOptions compute, CancellationToken cancellationToken)
    {
        Task<HostImages>? next = null;
        try
        {
            foreach (var piece in pieces)
            {
                // Tensors belong to the thread that makes them, so only the host's part is done ahead.
                var read = next;
                next = Task.Run(() => HostImages.Read(images, piece, compute, cancellationToken), cancellationToken);
                if (read is not null)
                {
                    yield return ToDevice(read.GetAwaiter().GetResult(), device);
                }
            }

            if (next is not null)
            {
                yield return ToDevice(next.GetAwaiter().GetResult(), device);
            }
        }
        finally
        {
            // Where the caller has stopped, nothing goes on behind its back.
            Task.WhenAny(next ?? Task.CompletedTask).GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Transfers.Dispose();
    }

    private static DeviceImages ToDevice(HostImages read, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor Rows(float[] values) => TensorMemory.Write(values, [read.Usable.Length, read.Count], device);
        return new DeviceImages(read.Members, read.Usable, complex(Rows(read.Re), Rows(read.Im)), Rows(read.Transfer));
    }

    /// <summary>The same on the host, row by row.</summary>
    private sealed record HostImages(int[] Members, int[] Usable, int Count, float[] Re, float[] Im, float[] Transfer)
    {
        public static HostImages Read(ParticleImages images, int[] members, ComputeOptions compute, CancellationToken cancellationToken)
        {
            var k = images.Disc(images.Source.Particles[members[0]].OpticsIndex).Count;
            float[][] re = new float[members.Length][], im = new float[members.Length][], transfer = new float[members.Length][];
            var usable = new bool[members.Length];
            var errors = new Exception?[members.Length];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = compute.Threads, CancellationToken = cancellationToken };
            Parallel.For(0, members.Length, parallel, (n, loop) =>
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
            float[] Rows(float[][] rows)
            {
                var all = new float[good.Length * k];
                for (var n = 0; n < good.Length; n++)
                {
                    rows[good[n]].CopyTo(all, n * k);
                }

                return all;
            }

            return new HostImages(members, good, k, Rows(re), Rows(im), Rows(transfer));
        }
    }
}
