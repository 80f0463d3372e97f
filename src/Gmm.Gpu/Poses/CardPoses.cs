using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>What one card refines poses with, kept from one call to the next.</summary>
/// <param name="card">The card.</param>
/// <param name="options">How poses are climbed.</param>
/// <param name="memoryBytes">Bytes of the slots at most.</param>
/// <param name="mostSlots">Particles refined together at most.</param>
internal sealed class CardPoses(GpuCard card, LevenbergMarquardtOptions options, long memoryBytes, int mostSlots) : IDisposable
{
    private readonly Dictionary<PoseReference, DeviceReference> _references = [];
    private readonly Lazy<PoseEngine> _engine = new(() => new PoseEngine(card));
    private DeviceReference? _reference;
    private Slots? _slots;

    /// <summary>The card.</summary>
    public GpuCard Card => card;

    /// <summary>Makes ready for particles of one reference.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="groups">All optics groups.</param>
    /// <param name="index">That of the particles.</param>
    /// <param name="particles">How many will be refined together, at most.</param>
    /// <returns>How many there is room for.</returns>
    /// <exception cref="InvalidInputException">Too little memory, or no kernels for the reference.</exception>
    public int Begin(PoseReference reference, IReadOnlyList<OpticsGroup> groups, int index, int particles)
    {
        if (!_references.TryGetValue(reference, out _reference))
        {
            _references.Add(reference, _reference = DeviceReference.From(card, reference, groups, index, options));
        }

        var size = SlotSize.Of(_reference);
        if (_slots is { } held && held.Size == size && held.Count >= Math.Min(particles, Fitting(size)))
        {
            return held.Count;
        }

        _slots?.Dispose();
        _slots = null;
        _slots = new Slots(card, size, Math.Min(particles, Fitting(size)));
        return _slots.Count;
    }

    /// <summary>Reads a batch, and asks for its copy to the card.</summary>
    /// <param name="batch">Where the particles come from.</param>
    /// <param name="part">The particles.</param>
    /// <param name="number">Number of the batch on this card, from 0: the first is copied before anything else can be done.</param>
    /// <param name="compute">Threads.</param>
    public void Fill(PoseBatch batch, int[] part, int number, ComputeOptions compute)
    {
        var input = _slots!.Inputs[number % 2];
        input.Fill(batch, _reference!, part, compute);
        input.Send(number == 0 ? card.Stream : card.Copies);
    }

    /// <summary>Asks for a batch to be refined.</summary>
    public void Enqueue(int number) => _engine.Value.Enqueue(_reference!, _slots!, _slots!.Inputs[number % 2]);

    /// <summary>What came of a batch; after waiting for the card.</summary>
    public PoseInput Found(int number) => _slots!.Inputs[number % 2];

    /// <summary>Releases the references that are not among those given.</summary>
    public void Forget(IReadOnlyList<PoseReference?> references)
    {
        foreach (var old in _references.Keys.Except(references.OfType<PoseReference>()).ToArray())
        {
            _references[old].Dispose();
            _references.Remove(old);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget([]);
        _slots?.Dispose();
        _slots = null;
    }

    /// <summary>Particles that there is memory for: what the slots hold already is free to them.</summary>
    private int Fitting(SlotSize size)
    {
        var held = _slots is { } slots ? slots.Size.Bytes * slots.Count : 0;
        return (int)Math.Clamp(Math.Min(memoryBytes, (card.FreeBytes + held) / 2) / size.Bytes, 1, mostSlots);
    }
}
