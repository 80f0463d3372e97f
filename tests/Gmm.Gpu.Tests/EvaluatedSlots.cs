using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu.Tests;

/// <summary>What the device's kernels make of particles at their starts: prepared images, and the products that scores are made of.</summary>
internal sealed class EvaluatedSlots : IDisposable
{
    private readonly DeviceReference _reference;

    public EvaluatedSlots(GpuCard card, PoseEngine engine, PoseCase set)
    {
        _reference = DeviceReference.From(card, set.Reference, [set.Optics], 0, new LevenbergMarquardtOptions());
        Slots = new Slots(card, SlotSize.Of(_reference), set.Starts.Length);
        var input = Slots.Inputs[0];
        input.Fill(set.Batch, _reference, [.. set.Batch.Indices], new ComputeOptions { Threads = 1 });
        input.Send(card.Stream);
        engine.Prepare(_reference, Slots, input);
        engine.Start(_reference, Slots, input);
        engine.Evaluate(_reference, Slots, input);
        card.Wait();
        Data = Read(card, Slots.Data);
        Sums = Read(card, Slots.Sums);
    }

    public Slots Slots { get; }

    /// <summary>Whitened images: real parts, imaginary parts and transfers of each.</summary>
    public float[] Data { get; }

    /// <summary>The products of each.</summary>
    public double[] Sums { get; }

    private static T[] Read<T>(GpuCard card, ArrayView<T> view)
        where T : unmanaged
    {
        var values = new T[view.Length];
        view.CopyToCPU(card.Stream, values);
        card.Wait();
        return values;
    }

    public void Dispose()
    {
        Slots.Dispose();
        _reference.Dispose();
    }
}
