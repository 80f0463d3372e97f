using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// A structured array of NumPy (an NPY file): rows of fields of fixed size. The rows stay as the bytes of the file, so what nobody changes is written as it
/// was read, bit for bit; memory is that of the file.
/// </summary>
internal sealed class NpyTable
{
    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding s_utf32 = new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true);
    private static readonly Encoding s_utf32BigEndian = new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    private readonly Dictionary<string, NpyField> _byName;
    private readonly byte[] _data;
    private readonly int _start;

    private NpyTable(IReadOnlyList<NpyField> fields, byte[] data, int start, int rowCount, string path)
    {
        (Fields, _data, _start, RowCount, Path) = (fields, data, start, rowCount, path);
        RowBytes = fields.Sum(f => f.ByteCount);
        _byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<NpyField> Fields { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes { get; }

    /// <summary>Makes a table of zeros.</summary>
    /// <param name="fields">Name, NumPy's type and shape of each field.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="path">What to call it in messages.</param>
    /// <exception cref="InvalidInputException">It would be larger than an array can be.</exception>
    public static NpyTable Make(IEnumerable<(string Name, string Type, int[] Shape)> fields, int rowCount, string path)
    {
        var list = new List<NpyField>();
        foreach (var (name, type, shape) in fields)
        {
            list.Add(new NpyField(name, type, shape, list.Sum(f => f.ByteCount)));
        }

        return Empty(list, rowCount, path);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, smaller than 2 GB.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or is no NPY file with a structured array; the message names file and field.</exception>
    public static NpyTable Read(string path)
    {
        var bytes = InputFile.ReadBytes(path);
        var header = NpyHeader.Read(bytes, path);
        return new NpyTable(header.Fields, bytes, header.DataOffset, header.RowCount, path);
    }

    /// <summary>Whether there is a field.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>A field, or null.</summary>
    public NpyField? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A field of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="count">How many elements it must have.</param>
    /// <exception cref="InvalidInputException">There is none, or it has other elements.</exception>
    public NpyField Numbers(string name, int count = 1)
    {
        var field = Find(name) ?? throw Error("there is no such field", null, name);
        return field.Count == count && field.Kind is NpyKind.Signed or NpyKind.Unsigned or NpyKind.Float or NpyKind.Boolean && field.ElementBytes <= 8
            ? field
            : throw Error($"the field has {field.Count} x '{field.Type}', {count} x a number is needed", null, name);
    }

    /// <summary>A field of texts.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidInputException">There is none, or it has no text.</exception>
    public NpyField Texts(string name)
    {
        var field = Find(name) ?? throw Error("there is no such field", null, name);
        return field.Count == 1 && field.Kind is NpyKind.Bytes or NpyKind.Text
            ? field
            : throw Error($"the field has {field.Count} x '{field.Type}', a text is needed", null, name);
    }

    /// <summary>The bytes of a field in a row.</summary>
    public ReadOnlySpan<byte> Bytes(int row, NpyField field) => _data.AsSpan(Place(row, field), field.ByteCount);

    /// <summary>A finite number.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="field">A field of numbers.</param>
    /// <param name="element">Element of it, from 0.</param>
    /// <exception cref="InvalidInputException">It is a NaN or infinity; the message names file, row and field.</exception>
    public double Number(int row, NpyField field, int element = 0)
    {
        Span<byte> bytes = stackalloc byte[8];
        Element(row, field, element, bytes);
        var value = (field.Kind, field.ElementBytes) switch
        {
            (NpyKind.Float, 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            (NpyKind.Float, 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            (NpyKind.Float, _) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            (NpyKind.Signed, 1) => (sbyte)bytes[0],
            (NpyKind.Signed, 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            (NpyKind.Signed, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (NpyKind.Signed, _) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            (NpyKind.Boolean, _) => bytes[0] == 0 ? 0 : 1,
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
        return double.IsFinite(value) ? value : throw Error($"{value.ToString(CultureInfo.InvariantCulture)} is not a finite number", row, field.Name);
    }

    /// <summary>An integer of up to 64 bits, as it is: a uid.</summary>
    public ulong Integer(int row, NpyField field)
    {
        Span<byte> bytes = stackalloc byte[8];
        Element(row, field, 0, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A text, without the zeros that fill it up.</summary>
    /// <exception cref="InvalidInputException">The bytes are no text; the message names file, row and field.</exception>
    public string Text(int row, NpyField field)
    {
        var bytes = Bytes(row, field);
        var isWide = field.Kind == NpyKind.Text;
        try
        {
            return isWide
                ? (field.IsBigEndian ? s_utf32BigEndian : s_utf32).GetString(bytes).TrimEnd('\0')
                : s_utf8.GetString(bytes.TrimEnd((byte)0));
        }
        catch (DecoderFallbackException)
        {
            throw Error($"the bytes are no text in {(isWide ? "UTF-32" : "UTF-8")}", row, field.Name);
        }
    }

    /// <summary>Sets a number, as near as the field's type can hold it.</summary>
    public void Set(int row, NpyField field, int element, double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        switch (field.Kind, field.ElementBytes)
        {
            case (NpyKind.Float, 4):
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case (NpyKind.Float, 8):
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            case (NpyKind.Float, 2):
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value);
                break;
        }

        Put(row, field, element, bytes);
    }

    /// <summary>Sets an integer of up to 64 bits, as it is.</summary>
    public void Set(int row, NpyField field, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Put(row, field, 0, bytes);
    }

    /// <summary>Sets a text of bytes.</summary>
    /// <exception cref="ArgumentException">It is longer than the field.</exception>
    public void Set(int row, NpyField field, string text)
    {
        var place = _data.AsSpan(Place(row, field), field.ByteCount);
        place.Clear();
        Encoding.UTF8.GetBytes(text, place);
    }

    /// <summary>A copy with some of the rows.</summary>
    public NpyTable Select(IReadOnlyList<int> rows)
    {
        var copy = Empty(Fields, rows.Count, Path);
        for (var i = 0; i < rows.Count; i++)
        {
            _data.AsSpan(_start + (rows[i] * RowBytes), RowBytes).CopyTo(copy._data.AsSpan(i * RowBytes));
        }

        return copy;
    }

    /// <summary>A copy that can be changed.</summary>
    public NpyTable Clone() => new(Fields, _data.AsSpan(_start).ToArray(), 0, RowCount, Path);

    /// <summary>A copy with more fields behind its own, from rows of another table.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="fields">Fields of it.</param>
    /// <param name="rowOf">The other table's row for each row of this one.</param>
    public NpyTable With(NpyTable other, IReadOnlyList<NpyField> fields, IReadOnlyList<int> rowOf)
    {
        var offset = RowBytes;
        var all = new List<NpyField>(Fields);
        foreach (var field in fields)
        {
            all.Add(field with { Offset = offset });
            offset = checked(offset + field.ByteCount);
        }

        var copy = Empty(all, RowCount, Path);
        for (var row = 0; row < RowCount; row++)
        {
            var to = copy._data.AsSpan(row * copy.RowBytes, copy.RowBytes);
            _data.AsSpan(_start + (row * RowBytes), RowBytes).CopyTo(to);
            for (var k = 0; k < fields.Count; k++)
            {
                other.Bytes(rowOf[row], fields[k]).CopyTo(to[all[Fields.Count + k].Offset..]);
            }
        }

        return copy;
    }

    /// <summary>Writes the table, under a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public void Write(string path, bool overwrite) => AtomicOutput.Write(path, overwrite, stream =>
    {
        stream.Write(NpyHeader.Write(Fields, RowCount));
        stream.Write(_data.AsSpan(_start, RowCount * RowBytes));
    });

    /// <summary>An error about a field.</summary>
    public InvalidInputException Error(string problem, int? row, string field) => new(problem, Path, row + 1, field);

    private static NpyTable Empty(IReadOnlyList<NpyField> fields, int rowCount, string path)
    {
        var bytes = (long)rowCount * fields.Sum(f => (long)f.ByteCount);
        return bytes <= Array.MaxLength
            ? new NpyTable(fields, new byte[bytes], 0, rowCount, path)
            : throw new InvalidInputException($"{rowCount} rows are {bytes} bytes, more than {Array.MaxLength}", path);
    }

    private int Place(int row, NpyField field) => _start + (row * RowBytes) + field.Offset;

    private void Element(int row, NpyField field, int element, Span<byte> little)
    {
        little.Clear();
        var size = field.ElementBytes;
        _data.AsSpan(Place(row, field) + (element * size), size).CopyTo(little);
        if (field.IsBigEndian)
        {
            little[..size].Reverse();
        }
    }

    private void Put(int row, NpyField field, int element, Span<byte> little)
    {
        var size = field.ElementBytes;
        if (field.IsBigEndian)
        {
            little[..size].Reverse();
        }

        little[..size].CopyTo(_data.AsSpan(Place(row, field) + (element * size)));
    }
}
