using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>By what images and projections are multiplied for a score (<see cref="WhitenedCorrelationScorer"/>), on a card.</summary>
internal sealed class DeviceWeights : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _weights;
    private readonly int _count;

    /// <summary>Copies them.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="scorer">The score.</param>
    public DeviceWeights(GpuCard card, WhitenedCorrelationScorer scorer)
    {
        var disc = scorer.Disc;
        _count = disc.Count;
        float[] data = new float[_count], reference = new float[_count];
        for (var q = 0; q <= disc.Radius; q++)
        {
            var (start, length) = (disc.RingStart(q), disc.RingStart(q + 1) - disc.RingStart(q));
            data.AsSpan(start, length).Fill((float)scorer.DataWeight[q]);
            reference.AsSpan(start, length).Fill((float)scorer.ReferenceWeight[q]);
        }

        _weights = card.Upload<float>([.. data, .. reference]);
    }

    /// <summary>What data are multiplied by.</summary>
    public ArrayView<float> Data => _weights.View.SubView(0, _count);

    /// <summary>What a transfer is multiplied by.</summary>
    public ArrayView<float> Reference => _weights.View.SubView(_count, _count);

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}
