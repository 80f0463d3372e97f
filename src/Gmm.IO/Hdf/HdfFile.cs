using System.Buffers.Binary;
using System.Text;
using Gmm.Core;
using Microsoft.Win32.SafeHandles;

namespace Gmm.IO;

/// <summary>
/// Reads HDF5 files of the layout that the library writes by default up to version 1.14 (superblocks 0 and 1, symbol tables, object headers 1), which EMAN2's
/// are: groups, attributes, and datasets of numbers, contiguous or in chunks, deflated and shuffled.
/// </summary>
/// <remarks>
/// HDF5 File Format Specification 3.0. Every read is checked against the file's length, and what is read of the file's own tables is counted, so that
/// addresses that lead in a circle end: a damaged file is refused, whatever it says.
/// </remarks>
internal sealed class HdfFile : IDisposable
{
    private const int SmallTables = 1 << 20;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly ulong _base;
    private readonly ulong _root;

    private HdfFile(string path)
    {
        Path = path;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        _length = RandomAccess.GetLength(_file);
        var tables = new Tables(this);
        var start = tables.Take(0, 16);
        if (start[0] != 0x89 || !start.AsSpan(1).StartsWith("HDF\r\n\u001a\n"u8))
        {
            throw Error("is no HDF5 file");
        }

        // Superblocks 2 and 3 are those of HDF5 1.8 and 1.10, written where that was asked for, and by HDF5 2.0 from itself.
        var isNew = start[8] is 2 or 3;
        if (start[8] > 3)
        {
            throw Error(
                $"has a superblock of version {start[8]}, which is not read; 0 to 3 are. h5repack IN.hdf OUT.hdf of HDF5 1.14 or earlier writes an older one");
        }

        var (offsets, lengths) = isNew ? (start[9], start[10]) : (start[13], start[14]);
        if (offsets != 8 || lengths != 8)
        {
            throw Error("has addresses of another size than 8 bytes, which is not read");
        }

        var at = isNew ? 12ul : 24ul + (start[8] == 1 ? 4ul : 0);
        _base = BinaryPrimitives.ReadUInt64LittleEndian(tables.Take(at, 8));
        _root = BinaryPrimitives.ReadUInt64LittleEndian(tables.Take(at + (isNew ? 24ul : 40ul), 8));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length => _length;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidInputException">It is missing, cannot be read, or is no HDF5 file of this layout.</exception>
    public static HdfFile Open(string path)
    {
        InputFile.RequireRegular(path);
        try
        {
            return new HdfFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, e);
        }
    }

    /// <summary>The object at a path of groups, such as "MDF/images"; null if there is none.</summary>
    public HdfObject? Find(params ReadOnlySpan<string> names)
    {
        var found = HdfObject.Read(this, _root);
        foreach (var name in names)
        {
            if (found.Members().FirstOrDefault(m => m.Name == name) is not { Name: not null } member)
            {
                return null;
            }

            found = HdfObject.Read(this, member.Address);
        }

        return found;
    }

    /// <summary>An error about the file.</summary>
    public InvalidInputException Error(string problem, string? field = null, int? row = null) => new(problem, Path, row, field);

    /// <summary>Reads bytes of data.</summary>
    public void Read(ulong address, Span<byte> bytes, string what)
    {
        var at = address + _base;
        if (address > long.MaxValue || at > (ulong)_length || (ulong)bytes.Length > (ulong)_length - at)
        {
            throw Error($"{what} would lie behind its end: the file is truncated or damaged");
        }

        var done = 0;
        try
        {
            while (done < bytes.Length)
            {
                var n = RandomAccess.Read(_file, bytes[done..], (long)at + done);
                done += n > 0 ? n : throw Error($"{what} would lie behind its end: the file has become shorter");
            }
        }
        catch (IOException e)
        {
            throw InputFile.Unreadable(Path, e);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The file's own tables, read as long as they are not more than the file can hold.</summary>
    public sealed class Tables(HdfFile file)
    {
        private long _left = (2 * file._length) + SmallTables;

        public byte[] Take(ulong address, int count)
        {
            _left -= count + 8;
            if (count < 0 || count > file._length || _left < 0)
            {
                throw file.Error("its tables lead in a circle, or are too large: the file is damaged");
            }

            var bytes = new byte[count];
            file.Read(address, bytes, "a table");
            return bytes;
        }

        /// <summary>Checks a table's signature.</summary>
        public void Require(ReadOnlySpan<byte> bytes, string signature)
        {
            if (!bytes.StartsWith(Encoding.ASCII.GetBytes(signature)))
            {
                throw file.Error($"a table does not begin with {signature}: the file is damaged");
            }
        }
    }
}
