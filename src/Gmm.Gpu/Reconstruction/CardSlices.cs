using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>What one card makes slices with: the optics groups' constants, and the memory of a batch.</summary>
internal sealed class CardSlices : IDisposable
{
    private readonly List<SliceOptics> _optics = [];
    private SliceSlots? _slots;

    /// <summary>Copies what the optics groups share.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="groups">The optics groups.</param>
    /// <param name="sampling">How their images sample the grid.</param>
    /// <exception cref="InvalidInputException">Too little memory, or images too large for the card.</exception>
    public CardSlices(GpuCard card, IReadOnlyList<OpticsGroup> groups, IReadOnlyList<GroupSampling> sampling)
    {
        Card = card;
        try
        {
            _optics.AddRange(sampling.Select((s, n) => new SliceOptics(card, groups, n, s)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The card.</summary>
    public GpuCard Card { get; }

    /// <summary>The optics groups.</summary>
    public IReadOnlyList<SliceOptics> Optics => _optics;

    /// <summary>The memory of a batch.</summary>
    public SliceSlots Slots => _slots!;

    /// <summary>Images that half of the free memory has room for, one at least.</summary>
    public int Fitting(int copies) => (int)Math.Clamp(Card.FreeBytes / 2 / SliceSlots.BytesOf(_optics, copies), 1, int.MaxValue);

    /// <summary>Makes the memory of a batch.</summary>
    /// <exception cref="InvalidInputException">Too little memory.</exception>
    public void MakeSlots(int count, int copies) => _slots = new SliceSlots(Card, _optics, count, copies);

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots?.Dispose();
        _optics.ForEach(o => o.Dispose());
    }
}
