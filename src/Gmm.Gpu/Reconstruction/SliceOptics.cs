using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>What the slices of an optics group share, on a card.</summary>
internal sealed class SliceOptics : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _sampleWeights;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _lookup;

    /// <summary>Copies it.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="groups">All optics groups.</param>
    /// <param name="index">The group among them.</param>
    /// <param name="sampling">How its images sample the grid.</param>
    /// <exception cref="InvalidInputException">Images too large for the card.</exception>
    public SliceOptics(GpuCard card, IReadOnlyList<OpticsGroup> groups, int index, GroupSampling sampling)
    {
        Sampling = sampling;
        Images = new DeviceOptics(card, sampling.Disc, groups, index);
        _sampleWeights = card.Upload(sampling.SampleWeights);
        var (disc, side) = (sampling.Disc, (2 * sampling.Disc.Radius) + 1);
        var lookup = new int[(disc.Radius + 1) * side];
        Array.Fill(lookup, -1);
        for (var i = 0; i < disc.Count; i++)
        {
            lookup[(disc.Kx[i] * side) + disc.Ky[i] + disc.Radius] = i;
        }

        _lookup = card.Upload<int>(lookup);
    }

    /// <summary>How the images sample the grid.</summary>
    public GroupSampling Sampling { get; }

    /// <summary>How the images' coefficients are made.</summary>
    public DeviceOptics Images { get; }

    /// <summary>A weight of each coefficient.</summary>
    public ArrayView<float> SampleWeights => _sampleWeights.View;

    /// <summary>As <see cref="InsertKernel.Args.Lookup"/>.</summary>
    public ArrayView<int> Lookup => _lookup.View;

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        _sampleWeights.Dispose();
        _lookup.Dispose();
    }
}
