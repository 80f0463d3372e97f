using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu.Tests;

/// <summary>What the device's kernels make of particles at their starts: prepared images, and the products that scores are made of.</summary>
internal sealed class EvaluatedSlots : IDisposable
{
    private readonly DeviceReference _reference;

    public EvaluatedSlots(GpuDevice device, PoseEngine engine, PoseCase set)
    {
        _reference = DeviceReference.From(device, set.Reference, set.Optics, new LevenbergMarquardtOptions());
        Slots = new Slots(device, SlotSize.Of(_reference), set.Starts.Length);
        var host = Slots.Sets[0];
        host.Images.Fill(set.Images, _reference.Images, set.Batch.Indices, new ComputeOptions { Threads = 1 });
        for (var n = 0; n < set.Starts.Length; n++)
        {
            GpuPoseOptimizer.Put(set.Starts[n], host.Starts.Span.Slice(n * ClimbState.PoseLength, ClimbState.PoseLength));
        }

        host.Images.Send(device.Stream);
        Slots.Starts.View.CopyFromPageLockedAsync(device.Stream, host.Starts);
        engine.Prepare(_reference, Slots);
        engine.Start(_reference, Slots);
        engine.Evaluate(_reference, Slots);
        device.Wait();
        (Data, Sums) = (Slots.Data.GetAsArray1D(), Slots.Sums.GetAsArray1D());
    }

    public Slots Slots { get; }

    /// <summary>Whitened images: real parts, imaginary parts and transfers of each.</summary>
    public float[] Data { get; }

    /// <summary>The products of each.</summary>
    public double[] Sums { get; }

    public void Dispose()
    {
        Slots.Dispose();
        _reference.Dispose();
    }
}
