using System.Buffers.Binary;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>The header of an NPY file of versions 1 to 3 (numpy.lib.format) that holds a structured array of one axis.</summary>
/// <param name="Fields">The fields in order.</param>
/// <param name="RowCount">Number of rows.</param>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="DataOffset">First byte of the first row.</param>
/// <param name="Version">Version of the format, 1 to 3.</param>
internal sealed record NpyHeader(IReadOnlyList<NpyField> Fields, int RowCount, int RowBytes, int DataOffset, int Version)
{
    /// <summary>More fields than any program writes.</summary>
    private const int MostFields = 4096;
    private const int MostAxes = 8;

    /// <summary>The first bytes of every NPY file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header and checks it against the bytes that there are.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="InvalidInputException">It is no NPY file, not of this kind, or shorter or longer than it says.</exception>
    public static NpyHeader Read(ReadOnlySpan<byte> file, string path)
    {
        var (literal, dataOffset, version) = Literal(file, path);
        try
        {
            return Make(PythonLiteral.Parse(literal), file.Length, dataOffset, version, path);
        }
        catch (FormatException e)
        {
            throw new InvalidInputException($"the NPY header cannot be read: {e.Message}", path, null, "header", e);
        }
    }

    /// <summary>The text of a header, of an array of any kind.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <returns>A literal of Python's, where the data begin, and the version of the format.</returns>
    /// <exception cref="InvalidInputException">It is no NPY file, of another version, or shorter than it says.</exception>
    public static (string Literal, int DataOffset, int Version) Literal(ReadOnlySpan<byte> file, string path)
    {
        if (file.Length < 10 || !file[..6].SequenceEqual(Magic))
        {
            throw new InvalidInputException("this is no NPY file: it does not begin with \"\\x93NUMPY\"", path);
        }

        int version = file[6], lengthBytes = version == 1 ? 2 : 4, start = 8 + lengthBytes;
        if (version is < 1 or > 3)
        {
            throw new InvalidInputException($"is an NPY file of version {version}; 1, 2 and 3 are read", path, null, "version");
        }

        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[8..])
            : file.Length >= start ? BinaryPrimitives.ReadUInt32LittleEndian(file[8..]) : long.MaxValue;
        if (length > file.Length - start)
        {
            throw new InvalidInputException($"says that its header has {length} bytes, but only {file.Length - start} follow", path, null, "header");
        }

        var bytes = file.Slice(start, (int)length);
        return (version == 3 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes), start + (int)length, version);
    }

    /// <summary>The bytes of a header for an array: of the lowest version that can say it, the rows beginning at a multiple of 64.</summary>
    public static byte[] Write(IReadOnlyList<NpyField> fields, int rowCount)
    {
        var descr = string.Join(", ", fields.Select(f => f.Describe()));
        var text = FormattableString.Invariant($"{{'descr': [{descr}], 'fortran_order': False, 'shape': ({rowCount},), }}");
        var version = text.Length + 1 + 64 > ushort.MaxValue ? 2 : 1;
        var start = version == 1 ? 10 : 12;
        var total = (start + text.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = (byte)version;
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(total - start));
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)(total - start));
        }

        bytes.AsSpan(start).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(start));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static NpyHeader Make(object? literal, long fileBytes, int dataOffset, int version, string path)
    {
        if (literal is not Dictionary<string, object?> header)
        {
            throw new FormatException("it is no dictionary");
        }

        if (header.GetValueOrDefault("fortran_order") is not false)
        {
            throw new FormatException("fortran_order is not False");
        }

        var rows = header.GetValueOrDefault("shape") is List<object?> { Count: 1 } shape && shape[0] is long n and >= 0 and <= int.MaxValue
            ? n
            : throw new FormatException("shape is not one number of rows");

        if (header.GetValueOrDefault("descr") is not List<object?> { Count: > 0 and <= MostFields } descr)
        {
            throw new FormatException("descr is no list of fields: this is no structured array");
        }

        var fields = new List<NpyField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var offset = 0L;
        foreach (var item in descr)
        {
            var field = Field(item, (int)offset, path);
            if (!names.Add(field.Name))
            {
                throw new InvalidInputException("the field is there twice", path, null, field.Name);
            }

            fields.Add(field);
            offset += field.ByteCount;
            if (offset > int.MaxValue)
            {
                throw new FormatException("a row is larger than 2 GB");
            }
        }

        var data = fileBytes - dataOffset;
        if (offset == 0)
        {
            throw new FormatException("its rows have no bytes");
        }

        if (data != rows * offset)
        {
            throw new InvalidInputException(
                $"{rows} rows of {offset} bytes are {rows * offset} bytes, but {data} follow the header: the file is truncated or damaged", path, null,
                "shape");
        }

        return new NpyHeader(fields, (int)rows, (int)offset, dataOffset, version);
    }

    private static NpyField Field(object? item, int offset, string path)
    {
        if (item is not List<object?> { Count: 2 or 3 } parts || parts[0] is not string { Length: > 0 } name)
        {
            throw new FormatException("a field is no tuple of name, type and shape");
        }

        if (parts[1] is not string type || NpyField.SizeOf(type) is null)
        {
            throw new InvalidInputException(
                $"the type {(parts[1] is string t ? $"'{t}'" : "of several fields")} is not read; numbers and texts of fixed size are", path, null, name);
        }

        IReadOnlyList<object?> axes = parts.Count == 2 ? [] : parts[2] as List<object?> ?? [parts[2]];
        if (axes.Count > MostAxes || axes.Any(a => a is not long and not null) || axes.Any(a => a is null or < 1L or > int.MaxValue))
        {
            throw new InvalidInputException("the shape is not one of whole positive numbers", path, null, name);
        }

        try
        {
            var field = new NpyField(name, type, [.. axes.Select(a => (int)(long)a!)], offset);
            return field.ByteCount >= 0 ? field : throw new OverflowException();
        }
        catch (OverflowException e)
        {
            throw new InvalidInputException("the field is larger than 2 GB", path, null, name, e);
        }
    }
}
