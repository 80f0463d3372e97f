using System.Collections.Concurrent;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Images of a source held in memory, chunk by chunk, the next chunk being read while one is worked with: so each image is read once however often it is
/// asked for in between, and the processors do not wait for the disk. An image that is not held is read from the source.
/// </summary>
/// <remarks>
/// A sample that is looked at before a walk (<see cref="Keep"/>) stays in memory until the walk comes to it, as far as there is room. Memory: two chunks
/// of about <see cref="ChunkBytes"/> at most, unless 32 images a thread are more, and <see cref="KeptBytes"/>.
/// </remarks>
internal sealed class ImageWindow(IParticleSource source)
{
    /// <summary>Bytes of a chunk, roughly: what a disk delivers in a twentieth of a second.</summary>
    public const long ChunkBytes = 24L << 20;

    /// <summary>Bytes of images that are kept for a walk to come.</summary>
    private const long KeptBytes = 48L << 20;

    /// <summary>Images of a chunk for each thread at least: of fewer the threads would wait for the last.</summary>
    private const int LeastPerThread = 32;

    /// <summary>Images read at a time: enough to keep a network disk busy, which answers each request late.</summary>
    private const int Readers = 4;

    private readonly Held[] _held = [new(), new()];
    private Held? _current;
    private int _isWalked;
    private ConcurrentDictionary<int, float[]>? _kept;
    private long _room;

    /// <summary>Images of a chunk at most.</summary>
    /// <param name="threads">Threads that work on one.</param>
    public int ChunkSize(int threads)
    {
        var largest = source.OpticsGroups.Max(g => (long)g.ImageSize * g.ImageSize * sizeof(float));
        return (int)Math.Clamp(ChunkBytes / Math.Max(1, largest), (long)LeastPerThread * threads, Math.Max(1000, LeastPerThread * threads));
    }

    /// <summary>Reads an image, from memory if it is held.</summary>
    public void Read(int index, Span<float> pixels)
    {
        if (Volatile.Read(ref _current) is { } held && held.TryGet(index, out var image))
        {
            image.CopyTo(pixels);
            return;
        }

        if (_kept is not { } kept)
        {
            source.ReadImage(index, pixels);
        }
        else if (kept.TryGetValue(index, out var known))
        {
            known.CopyTo(pixels);
        }
        else
        {
            source.ReadImage(index, pixels);
            if (Interlocked.Add(ref _room, -sizeof(float) * (long)pixels.Length) >= 0)
            {
                kept[index] = pixels.ToArray();
            }
        }
    }

    /// <summary>Keeps images that are asked for from now on until a walk comes to them, or no longer.</summary>
    public void Keep(bool keep) => (_room, _kept) = (KeptBytes, keep ? new() : null);

    /// <summary>
    /// Works through chunks in their order, each held in memory for as long as its work takes. While somebody else walks here, a second one's images are
    /// read as they are asked for.
    /// </summary>
    /// <param name="chunks">The images of each.</param>
    /// <param name="work">What is done with a chunk.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    public void Walk(IEnumerable<int[]> chunks, Action<int[]> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isWalked, 1) == 1)
        {
            foreach (var chunk in chunks)
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(chunk);
            }

            return;
        }

        using var order = chunks.GetEnumerator();
        var (slot, next) = (0, order.MoveNext() ? Begin(order.Current, 0, cancellationToken) : null);
        try
        {
            while (next is { } reading)
            {
                reading.GetAwaiter().GetResult();
                Volatile.Write(ref _current, _held[slot]);
                var chunk = order.Current;
                slot = 1 - slot;
                next = order.MoveNext() ? Begin(order.Current, slot, cancellationToken) : null;
                work(chunk);
            }
        }
        finally
        {
            Volatile.Write(ref _current, null);
            Settle(next);
            foreach (var held in _held)
            {
                held.Release();
            }

            Volatile.Write(ref _isWalked, 0);
        }
    }

    private Task Begin(int[] chunk, int slot, CancellationToken cancellationToken) =>
        Task.Run(() => _held[slot].Fill(source, chunk, _kept, cancellationToken), cancellationToken);

    /// <summary>Waits for what is still being read; what comes of it no longer matters, the reason to stop is on its way.</summary>
    private static void Settle(Task? reading)
    {
        try
        {
            reading?.Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
        }
    }

    /// <summary>The images of one chunk.</summary>
    private sealed class Held
    {
        private readonly Dictionary<int, (int Start, int Length)> _places = [];
        private float[] _pixels = [];

        public bool TryGet(int index, out ReadOnlySpan<float> image)
        {
            var found = _places.TryGetValue(index, out var place);
            image = found ? _pixels.AsSpan(place.Start, place.Length) : default;
            return found;
        }

        public void Release()
        {
            _places.Clear();
            _pixels = [];
        }

        public void Fill(IParticleSource source, int[] chunk, ConcurrentDictionary<int, float[]>? kept, CancellationToken cancellationToken)
        {
            _places.Clear();
            var starts = new int[chunk.Length + 1];
            for (var n = 0; n < chunk.Length; n++)
            {
                var side = source.OpticsGroups[source.Particles[chunk[n]].OpticsIndex].ImageSize;
                starts[n + 1] = checked(starts[n] + (side * side));
            }

            if (_pixels.Length < starts[^1])
            {
                _pixels = GC.AllocateUninitializedArray<float>(starts[^1]);
            }

            var isRead = new bool[chunk.Length];
            Guarded.For(0, chunk.Length, new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken }, n =>
            {
                var pixels = _pixels.AsSpan(starts[n], starts[n + 1] - starts[n]);
                try
                {
                    if (kept is not null && kept.TryRemove(chunk[n], out var known))
                    {
                        known.CopyTo(pixels);
                    }
                    else
                    {
                        source.ReadImage(chunk[n], pixels);
                    }

                    isRead[n] = true;
                }
                catch (InvalidInputException)
                {
                    // Told when the image is asked for, of several the first in the order of the work.
                }
            });
            for (var n = 0; n < chunk.Length; n++)
            {
                if (isRead[n])
                {
                    _places[chunk[n]] = (starts[n], starts[n + 1] - starts[n]);
                }
            }
        }
    }
}
