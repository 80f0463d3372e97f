namespace Gmm.IO;

/// <summary>Keeps a bounded number of stacks open, so that a set of thousands of stacks does not use up the process's file handles.</summary>
internal sealed class StackPool(int capacity = 64, ImageCache? cache = null) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _open = [];
    private long _clock;
    private bool _disposed;

    /// <summary>Number of stacks open now; above the capacity only while that many are in use at once.</summary>
    public int OpenCount
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Reads one image of a stack, which is opened if need be.</summary>
    public void ReadImage(string path, int index, Span<float> pixels)
    {
        var entry = Acquire(path);
        try
        {
            entry.Stack.ReadImage(index, pixels);
        }
        finally
        {
            Release(entry);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var entry in _open.Values.Where(e => e.Users == 0))
            {
                entry.Stack.Dispose();
            }

            _open.Clear();
        }
    }

    private Entry Acquire(string path)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_open.TryGetValue(path, out var entry))
            {
                CloseOldest();
                var stack = ImageStacks.Open(path);
                entry = new Entry(cache?.Wrap(path, stack) ?? stack);
                _open.Add(path, entry);
            }

            entry.Users++;
            entry.LastUse = ++_clock;
            return entry;
        }
    }

    private void Release(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            if (_disposed && entry.Users == 0)
            {
                entry.Stack.Dispose();
            }
        }
    }

    private void CloseOldest()
    {
        while (_open.Count >= capacity)
        {
            var idle = _open.Where(e => e.Value.Users == 0).OrderBy(e => e.Value.LastUse).Select(e => e.Key).FirstOrDefault();
            if (idle is null)
            {
                return;
            }

            _open[idle].Stack.Dispose();
            _open.Remove(idle);
        }
    }

    private sealed class Entry(IImageStack stack)
    {
        public IImageStack Stack { get; } = stack;

        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}
