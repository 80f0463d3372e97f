using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>
/// Adds particle images to the sums of half maps on a graphics card (<see cref="FourierReconstructor.Inserter"/>): images are transformed there, and the sums
/// stay there until somebody looks at them. The same sums as on the processor but for rounding, and the same bits in every run on one card.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// using GpuDevice device = GpuDevices.Open("gpu");
/// using var inserter = new GpuSliceInserter(device);
/// var reconstructor = new FourierReconstructor { Inserter = inserter };
/// HalfMapPair maps = reconstructor.ReconstructHalves(new(particles), new ReconstructionOptions(), new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class GpuSliceInserter : ISliceInserter, IDisposable
{
    /// <summary>Images inserted together: as many as share one look at the sums. How many decides nothing.</summary>
    private const int MostSlices = 64;

    private readonly GpuDevice _device;
    private readonly Lazy<InsertionEngine[]> _engines;
    private readonly int _mostSlices;
    private SliceMemory? _memory;

    /// <summary>Makes an inserter.</summary>
    /// <param name="device">The card, which stays the caller's.</param>
    public GpuSliceInserter(GpuDevice device)
        : this(device, MostSlices)
    {
    }

    internal GpuSliceInserter(GpuDevice device, int mostSlices)
    {
        ArgumentNullException.ThrowIfNull(device);
        (_device, _mostSlices) = (device, mostSlices);
        _engines = new Lazy<InsertionEngine[]>(() => [.. device.Cards.Select(c => new InsertionEngine(c))]);
    }

    /// <inheritdoc/>
    public string Name => _device.Name;

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">
    /// An image that cannot be read or is not finite, a pose or CTF that is not finite; or the card has too little memory, or fails.
    /// </exception>
    public void Insert(
        ReconstructionInput input,
        IReadOnlyList<GroupSampling> sampling,
        IReadOnlyList<int> indices,
        IReadOnlyList<Rotation> copies,
        FourierAccumulator sums,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(sampling);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(copies);
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(compute);
        if (_memory?.IsFor(input.Source, sampling, copies.Count) != true)
        {
            _memory?.Dispose();
            _memory = null;
            _memory = new SliceMemory(_device, input.Source, sampling, copies.Count, _mostSlices);
        }

        if (sums.Deferred is not DeviceSums onDevice || onDevice.Device != _device)
        {
            // What another inserter keeps is added first: looking at the sums does that.
            _ = sums.PlaneSums(0);
            sums.Deferred = onDevice = new DeviceSums(_device, sums.Grid);
        }

        var filling = new SliceFilling(input, _memory, sums.Grid, copies, compute.StoppedBy(cancellationToken));
        int[][] batches = [.. filling.Batches(indices)];
        try
        {
            Insert(filling, batches, onDevice, done => progress?.Report(new ReconstructionProgress(done, indices.Count)));
        }
        catch
        {
            // Nothing may go on copying from memory that is let go or filled again.
            _device.Settle();
            throw;
        }

        onDevice.SliceCount += indices.Count * (long)copies.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory?.Dispose();
        _memory = null;
    }

    private void Insert(SliceFilling filling, int[][] batches, DeviceSums sums, Action<int> report)
    {
        var (cards, done) = (_memory!.Cards, 0);
        for (var b = 0; b <= batches.Length; b++)
        {
            // The next batch is read, and copied, while the cards work on the last.
            for (var c = 0; b < batches.Length && c < cards.Count; c++)
            {
                var to = cards[c].Slots.Inputs[b % 2];
                if (c == 0)
                {
                    filling.Fill(batches[b], to);
                }
                else
                {
                    to.CopyFrom(cards[0].Slots.Inputs[b % 2]);
                }

                to.Send(b == 0 ? cards[c].Card.Stream : cards[c].Card.Copies);
            }

            if (b > 0)
            {
                _device.Settle();
                report(done += batches[b - 1].Length);
            }

            for (var c = 0; b < batches.Length && c < cards.Count; c++)
            {
                var slots = cards[c].Slots;
                _engines.Value[c].Enqueue(slots, cards[c].Optics[filling.GroupOf(batches[b])], slots.Inputs[b % 2], sums.Slabs[c]);
            }
        }
    }
}
