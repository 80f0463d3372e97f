using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>What slices of one source are made with on a device, kept from one call to the next: the optics groups' constants, and the memory of a batch.</summary>
internal sealed class SliceMemory : IDisposable
{
    private readonly IParticleSource _source;
    private readonly IReadOnlyList<GroupSampling> _sampling;

    /// <summary>Makes it.</summary>
    /// <param name="device">Where.</param>
    /// <param name="source">The particles.</param>
    /// <param name="sampling">How the images of each optics group sample the grid.</param>
    /// <param name="copies">Orientations in which each image is inserted.</param>
    /// <param name="mostSlices">Images inserted together at most.</param>
    /// <exception cref="InvalidInputException">Too little memory.</exception>
    public SliceMemory(
        GpuDevice device, IParticleSource source, IReadOnlyList<GroupSampling> sampling, IReadOnlyList<Rotation> copies, int mostSlices)
    {
        (_source, _sampling) = (source, sampling);
        Images = new ParticleImages(source, [.. sampling.Select(s => s.Disc)]);
        Optics = [.. source.OpticsGroups.Select((g, n) => new SliceOptics(device, g, sampling[n]))];
        var bytes = SliceSlots.BytesOf(Optics, copies.Count);
        Slots = new SliceSlots(device, Optics, (int)Math.Clamp(device.FreeBytes / 2 / bytes, 1, mostSlices), copies.Count);
    }

    /// <summary>Reads images.</summary>
    public ParticleImages Images { get; }

    /// <summary>The optics groups.</summary>
    public SliceOptics[] Optics { get; }

    /// <summary>The memory of a batch.</summary>
    public SliceSlots Slots { get; }

    /// <summary>Whether it can be used for these.</summary>
    public bool IsFor(IParticleSource source, IReadOnlyList<GroupSampling> sampling, IReadOnlyList<Rotation> copies) =>
        ReferenceEquals(source, _source) && ReferenceEquals(sampling, _sampling) && copies.Count == Slots.Copies;

    /// <inheritdoc/>
    public void Dispose()
    {
        Slots.Dispose();
        foreach (var optics in Optics)
        {
            optics.Dispose();
        }
    }
}
