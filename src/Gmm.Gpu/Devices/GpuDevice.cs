namespace Gmm.Gpu;

/// <summary>
/// What kernels run on: a graphics card, or several that share the work in fixed pieces. Made by <see cref="GpuDevices.Open"/>, to be disposed. For one caller
/// at a time.
/// </summary>
public sealed class GpuDevice : IDisposable
{
    /// <summary>Takes cards over.</summary>
    /// <param name="cards">One or more.</param>
    internal GpuDevice(IReadOnlyList<GpuCard> cards) => Cards = cards;

    /// <summary>
    /// What it is, for records: "NVIDIA H200 (CUDA)". Cards of a kind give the same bits however many they are, so the name does not say how many.
    /// </summary>
    public string Name => string.Join(" and ", Cards.Select(c => c.Name).Distinct());

    /// <summary>Memory of the card, bytes; of several that of the smallest.</summary>
    public long MemoryBytes => Cards.Min(c => c.MemoryBytes);

    internal IReadOnlyList<GpuCard> Cards { get; }

    /// <summary>Waits until all cards have done what they were asked for: before memory that they copy from or to is let go or filled again.</summary>
    internal void Settle()
    {
        foreach (var card in Cards)
        {
            card.Wait();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var card in Cards)
        {
            card.Dispose();
        }
    }
}
