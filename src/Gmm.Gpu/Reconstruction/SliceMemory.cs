using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>What the slices of one source are made with, kept from one call to the next.</summary>
internal sealed class SliceMemory : IDisposable
{
    private readonly IParticleSource _source;
    private readonly IReadOnlyList<GroupSampling> _sampling;
    private readonly List<CardSlices> _cards = [];

    /// <summary>Makes it.</summary>
    /// <param name="device">Where.</param>
    /// <param name="source">The particles.</param>
    /// <param name="sampling">How the images of each optics group sample the grid.</param>
    /// <param name="copies">Number of orientations in which each image is inserted.</param>
    /// <param name="mostSlices">Images inserted together at most.</param>
    /// <exception cref="InvalidInputException">Too little memory.</exception>
    public SliceMemory(GpuDevice device, IParticleSource source, IReadOnlyList<GroupSampling> sampling, int copies, int mostSlices)
    {
        (_source, _sampling, Copies) = (source, sampling, copies);
        Images = new ParticleImages(source, [.. sampling.Select(s => s.Disc)]);
        try
        {
            foreach (var card in device.Cards)
            {
                _cards.Add(new CardSlices(card, source.OpticsGroups, sampling));
            }

            // All cards see every batch.
            Count = Math.Min(mostSlices, _cards.Min(c => c.Fitting(copies)));
            _cards.ForEach(c => c.MakeSlots(Count, copies));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads images.</summary>
    public ParticleImages Images { get; }

    /// <summary>Images of a batch at most.</summary>
    public int Count { get; }

    /// <summary>Number of orientations in which each image is inserted.</summary>
    public int Copies { get; }

    /// <summary>What each card has.</summary>
    public IReadOnlyList<CardSlices> Cards => _cards;

    /// <summary>Whether it can be used for these.</summary>
    public bool IsFor(IParticleSource source, IReadOnlyList<GroupSampling> sampling, int copies) =>
        ReferenceEquals(source, _source) && ReferenceEquals(sampling, _sampling) && copies == Copies;

    /// <inheritdoc/>
    public void Dispose() => _cards.ForEach(c => c.Dispose());
}
