namespace Gmm.Gpu;

/// <summary>Values that the host fills in for the card: a buffer there, and as much page-locked memory here, which the card copies by itself.</summary>
/// <typeparam name="T">A value.</typeparam>
/// <param name="card">The card.</param>
/// <param name="length">Number of values.</param>
internal sealed class Sent<T>(GpuCard card, long length) : IDisposable
    where T : unmanaged
{
    private readonly MemoryBuffer1D<T, Stride1D.Dense> _there = card.Allocate<T>(length);
    private readonly PageLockedArray1D<T> _here = card.Pinned<T>(length);

    /// <summary>The values here.</summary>
    public Span<T> Span => _here.Span;

    /// <summary>The values there.</summary>
    public ArrayView<T> View => _there.View;

    /// <summary>Asks for the copy of the first values.</summary>
    /// <param name="stream">When: after what the stream has to do already.</param>
    /// <param name="count">How many; null for all.</param>
    public void Send(AcceleratorStream stream, long? count = null)
    {
        var n = count ?? _here.Length;
        if (n > 0)
        {
            card.Meters.SentBytes += n * Interop.SizeOf<T>();
            card.Meters.SentAheadBytes += stream == card.Copies ? n * Interop.SizeOf<T>() : 0;
            View.SubView(0, n).CopyFrom(stream, _here.ArrayView.SubView(0, n));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _there.Dispose();
        _here.Dispose();
    }
}
