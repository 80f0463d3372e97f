using System.Buffers.Binary;
using System.Numerics;

namespace Gmm.IO;

/// <summary>A fractal heap, in which groups of HDF5's newer layout keep many links and objects many attributes.</summary>
/// <remarks>
/// HDF5 File Format Specification 3.0, III.G. Objects larger than a block ("huge"), and heaps with filters, are not read: no header of an image has them.
/// </remarks>
internal sealed class HdfHeap
{
    private const int HeaderBytes = 142;
    private readonly HdfFile _file;
    private readonly HdfFile.Tables _tables;
    private readonly int _offsetBytes, _lengthBytes, _width, _directRows;
    private readonly ulong _first, _most, _root;
    private readonly bool _rootIsDirect;

    public HdfHeap(HdfFile file, HdfFile.Tables tables, ulong address)
    {
        (_file, _tables) = (file, tables);
        var head = tables.Take(address, HeaderBytes);
        tables.Require(head, "FRHP");
        (_width, _first, _most) = (UInt16(head, 110), UInt64(head, 112), UInt64(head, 120));
        var bits = UInt16(head, 128);
        if (_width == 0 || !BitOperations.IsPow2(_first) || !BitOperations.IsPow2(_most) || _most < _first || _most > 1u << 30 || bits is < 1 or > 64)
        {
            throw file.Error("the sizes of a heap cannot be: the file is damaged");
        }

        if (UInt16(head, 7) > 0)
        {
            throw file.Error("keeps the headers of its images packed, which is not read; e2proc2d.py IN.hdf OUT.mrcs converts it");
        }

        _offsetBytes = (bits + 7) / 8;
        _lengthBytes = Math.Min((BitOperations.Log2(_most) + 7) / 8, HdfBytes.Width(BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(10))));
        _directRows = BitOperations.Log2(_most / _first) + 2;
        (_root, _rootIsDirect) = (UInt64(head, 132), UInt16(head, 140) == 0);
    }

    /// <summary>An object by its name in the heap.</summary>
    public byte[] Object(ReadOnlySpan<byte> id)
    {
        var kind = id.Length > 0 ? (id[0] >> 4) & 3 : 1;
        if (kind == 2)
        {
            // A tiny one is its own name.
            var length = (id[0] & 15) + 1;
            return length < id.Length ? id.Slice(1, length).ToArray() : throw Damaged();
        }

        if (kind != 0 || id.Length < 1 + _offsetBytes + _lengthBytes)
        {
            throw _file.Error("an attribute is larger than those of images are, which is not read");
        }

        var offset = HdfBytes.Number(id.Slice(1, _offsetBytes));
        var size = HdfBytes.Length(id.Slice(1 + _offsetBytes, _lengthBytes));
        var (block, at) = _rootIsDirect ? (_root, offset) : Block(_root, offset);
        return at < _most ? _tables.Take(block + at, size) : throw Damaged();
    }

    /// <summary>
    /// The block that holds a place of the heap, and where in it: blocks of a row are equal, those of each row from the second on twice as large.
    /// </summary>
    private (ulong Address, ulong At) Block(ulong indirect, ulong offset)
    {
        while (true)
        {
            var inRow = _first * (ulong)_width;
            var row = offset < inRow ? 0 : 1 + BitOperations.Log2(offset / inRow);
            if (row >= 64 - BitOperations.Log2(inRow))
            {
                throw Damaged();
            }

            var size = row < 2 ? _first : _first << (row - 1);
            offset -= row == 0 ? 0 : inRow << (row - 1);
            var (column, at) = (offset / size, offset % size);
            _tables.Require(_tables.Take(indirect, 4), "FHIB");
            var entry = indirect + (ulong)(13 + _offsetBytes) + (8 * (((ulong)row * (ulong)_width) + column));
            var child = UInt64(_tables.Take(entry, 8), 0);
            if (child == HdfBytes.Nowhere)
            {
                throw Damaged();
            }

            if (row < _directRows)
            {
                return (child, at);
            }

            (indirect, offset) = (child, at);
        }
    }

    private Gmm.Core.InvalidInputException Damaged() => _file.Error("an object is outside its heap: the file is damaged");

    private static int UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static ulong UInt64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
