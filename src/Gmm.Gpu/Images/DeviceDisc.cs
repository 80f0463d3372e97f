using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>A disc's coefficients with the weights of a <see cref="WhitenedCorrelationScorer"/> on a device.</summary>
internal sealed class DeviceDisc : IDisposable
{
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _k;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _weights;

    /// <summary>Copies them.</summary>
    public DeviceDisc(GpuDevice device, WhitenedCorrelationScorer scorer)
    {
        Disc = scorer.Disc;
        int[] k = new int[2 * Disc.Count];
        float[] weights = new float[2 * Disc.Count];
        for (var q = 0; q <= Disc.Radius; q++)
        {
            for (var i = Disc.RingStart(q); i < Disc.RingStart(q + 1); i++)
            {
                (k[i], k[Disc.Count + i]) = (Disc.Kx[i], Disc.Ky[i]);
                (weights[i], weights[Disc.Count + i]) = ((float)scorer.DataWeight[q], (float)scorer.ReferenceWeight[q]);
            }
        }

        (_k, _weights) = (device.Upload<int>(k), device.Upload<float>(weights));
    }

    /// <summary>The disc.</summary>
    public FourierDisc Disc { get; }

    /// <summary>What a kernel needs.</summary>
    public Views View => new()
    {
        Count = Disc.Count,
        Radius = Disc.Radius,
        Kx = _k.View.SubView(0, Disc.Count),
        Ky = _k.View.SubView(Disc.Count, Disc.Count),
        DataWeight = _weights.View.SubView(0, Disc.Count),
        ReferenceWeight = _weights.View.SubView(Disc.Count, Disc.Count),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _k.Dispose();
        _weights.Dispose();
    }

    /// <summary>The coefficients.</summary>
    internal struct Views
    {
        /// <summary>Number of coefficients.</summary>
        public int Count;

        /// <summary>Last ring.</summary>
        public int Radius;

        /// <summary>Frequencies along x, Fourier pixels.</summary>
        public ArrayView<int> Kx;

        /// <summary>Frequencies along y.</summary>
        public ArrayView<int> Ky;

        /// <summary>What data are multiplied by.</summary>
        public ArrayView<float> DataWeight;

        /// <summary>What a transfer is multiplied by.</summary>
        public ArrayView<float> ReferenceWeight;
    }
}
