using System.Security.Cryptography;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>The images of stacks on a disk of this machine (<see cref="ImageCacheOptions"/>).</summary>
internal sealed class ImageCache
{
    private readonly string _folder;
    private readonly Action<string>? _damaged;
    private long _room;
    private int _told;

    /// <summary>Opens a cache.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be made, or is a file.</exception>
    public ImageCache(ImageCacheOptions options)
    {
        (_folder, _damaged) = (Path.GetFullPath(options.Folder), options.Damaged);
        try
        {
            Directory.CreateDirectory(_folder);
            _room = options.Bytes ?? (long)(0.9 * new DriveInfo(_folder).AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidInputException(
                File.Exists(options.Folder) ? "is a file, where the folder of the cache of images is to be"
                    : $"the cache of images cannot be there: {e.Message}",
                options.Folder);
        }
    }

    /// <summary>The same stack, read from here where it was read before.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="stack">The stack, which is disposed of with what is returned.</param>
    public IImageStack Wrap(string path, IImageStack stack)
    {
        var source = new FileInfo(path);
        if (!source.Exists || stack.Count == 0)
        {
            return stack;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.FullName)).AsSpan(0, 8));
        var header = new CachedStack.Header(source.Length, source.LastWriteTimeUtc.Ticks, stack.Count, stack.Width, stack.Height);
        return CachedStack.TryOpen(Path.Combine(_folder, $"{name}.gmmcache"), header, stack, TakeRoom, Tell) ?? stack;
    }

    /// <summary>The first only: a disk that fails has many.</summary>
    private void Tell(string file)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            _damaged?.Invoke($"{file}: this file of the cache of images is damaged; what is damaged is read from the stack again, here and in other files");
        }
    }

    private bool TakeRoom(long bytes)
    {
        if (Interlocked.Add(ref _room, -bytes) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _room, bytes);
        return false;
    }
}
