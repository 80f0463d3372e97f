using System.Buffers.Binary;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>The 1024-byte header of an MRC2014 file (Cheng et al. 2015, J. Struct. Biol. 192, 146), as far as it is used here.</summary>
public sealed record MrcHeader
{
    /// <summary>Length of the header in the file, bytes.</summary>
    public const int ByteCount = 1024;

    private const int LabelLength = 80;

    /// <summary>"IMOD" in word 39: the next word holds flags (bio3d.colorado.edu/imod/doc/mrc_format.txt).</summary>
    private const int ImodStamp = 1146047817;
    private const int ImodSignedBytes = 1;
    private const int ImodPackedNibbles = 16;

    /// <summary>Columns: the axis that is fastest in the file (NX).</summary>
    public required int Columns { get; init; }

    /// <summary>Rows (NY).</summary>
    public required int Rows { get; init; }

    /// <summary>Sections, or images of a stack (NZ).</summary>
    public required int Sections { get; init; }

    /// <summary>How values are stored.</summary>
    public MrcMode Mode { get; init; } = MrcMode.Float32;

    /// <summary>First column, row and section (NXSTART, NYSTART, NZSTART; in file order, not x, y, z).</summary>
    public (int Column, int Row, int Section) Start { get; init; }

    /// <summary>Sampling along x, y, z of the cell (MX, MY, MZ).</summary>
    public (int X, int Y, int Z) Sampling { get; init; }

    /// <summary>Lengths of the cell along x, y, z, angstrom (CELLA).</summary>
    public (float X, float Y, float Z) Cell { get; init; }

    /// <summary>Which axis (1 x, 2 y, 3 z) columns, rows and sections are (MAPC, MAPR, MAPS).</summary>
    public (int Column, int Row, int Section) Axes { get; init; } = (1, 2, 3);

    /// <summary>Smallest value (DMIN); above <see cref="Maximum"/> if not computed.</summary>
    public float Minimum { get; init; }

    /// <summary>Largest value (DMAX).</summary>
    public float Maximum { get; init; }

    /// <summary>Mean value (DMEAN).</summary>
    public float Mean { get; init; }

    /// <summary>Standard deviation from the mean (RMS); negative if not computed.</summary>
    public float Rms { get; init; }

    /// <summary>Space group (ISPG): 0 image or stack, 1 volume, 401 stack of volumes.</summary>
    public int SpaceGroup { get; init; }

    /// <summary>
    /// Whether it is of a stack, as far as a header says: RELION writes 0 as the space group of maps too, which are cubes.
    /// </summary>
    internal bool IsOfStack => SpaceGroup == 0 && Columns == Rows && Sections != Columns;

    /// <summary>Length of the extended header, bytes (NSYMBT).</summary>
    public int ExtendedHeaderBytes { get; init; }

    /// <summary>Origin along x, y, z, angstrom (ORIGIN, words 50 to 52).</summary>
    public (float X, float Y, float Z) Origin { get; init; }

    /// <summary>Text labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["gmm"];

    /// <summary>Whether the file's bytes are in big-endian order.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>
    /// Whether the bytes of mode 0 are unsigned: IMOD's stamp is there and its flags do not say "signed", or there is no stamp and the header's maximum is
    /// one that signed bytes cannot have. MRC2014 and RELION from 3.1 on have them signed, older programs unsigned.
    /// </summary>
    public bool HasUnsignedBytes { get; init; }

    /// <summary>Bits of one value.</summary>
    public int BitsPerValue => Mode switch { MrcMode.UInt4 => 4, MrcMode.Int8 => 8, MrcMode.Float32 => 32, _ => 16 };

    /// <summary>Position of the first value in the file, bytes.</summary>
    public long DataOffset => ByteCount + (long)ExtendedHeaderBytes;

    /// <summary>Length that a whole file has, bytes.</summary>
    public long ExpectedFileLength => (long)Int128.Min(DataOffset + (ValueCount * BitsPerValue / 8), long.MaxValue);

    /// <summary>Number of values: three 32-bit numbers of a file multiplied can be more than 64 bits hold.</summary>
    internal Int128 ValueCount => (Int128)Columns * Rows * Sections;

    /// <summary>Voxel size along x, y, z, angstrom: CELLA / MX; 0 where the header does not say.</summary>
    public (double X, double Y, double Z) PixelSize => (
        Sampling.X > 0 ? Cell.X / (double)Sampling.X : 0,
        Sampling.Y > 0 ? Cell.Y / (double)Sampling.Y : 0,
        Sampling.Z > 0 ? Cell.Z / (double)Sampling.Z : 0);

    /// <summary>The same with statistics.</summary>
    internal MrcHeader With(MrcStatistics statistics)
    {
        var (minimum, maximum, mean, rms) = statistics.Values;
        return this with { Minimum = minimum, Maximum = maximum, Mean = mean, Rms = rms };
    }

    /// <summary>Bytes that a number of values takes; rows of packed values are of even length, so that an image ends with a byte.</summary>
    internal long BytesOf(long values) => values * BitsPerValue / 8;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The first 1024 bytes of a file.</param>
    /// <param name="source">The file, for error messages.</param>
    /// <returns>The header.</returns>
    /// <exception cref="InvalidInputException">It is not a header of an MRC file that this library reads.</exception>
    public static MrcHeader Parse(ReadOnlySpan<byte> bytes, string source)
    {
        if (bytes.Length < ByteCount)
        {
            throw new InvalidInputException($"has {bytes.Length} bytes, fewer than the header of an MRC file", source, null, "header");
        }

        var words = new Words(bytes.ToArray(), IsBigEndianHeader(bytes));
        var axes = (words.Int(17), words.Int(18), words.Int(19));
        var header = new MrcHeader
        {
            Columns = words.Int(1),
            Rows = words.Int(2),
            Sections = words.Int(3),
            Mode = (MrcMode)words.Int(4),
            Start = (words.Int(5), words.Int(6), words.Int(7)),
            Sampling = (words.Int(8), words.Int(9), words.Int(10)),
            Cell = (words.Float(11), words.Float(12), words.Float(13)),
            Axes = axes == (0, 0, 0) ? (1, 2, 3) : axes,
            Minimum = words.Float(20),
            Maximum = words.Float(21),
            Mean = words.Float(22),
            SpaceGroup = words.Int(23),
            ExtendedHeaderBytes = words.Int(24),
            Origin = (words.Float(50), words.Float(51), words.Float(52)),
            Rms = words.Float(55),
            Labels = ReadLabels(bytes, words.Int(56)),
            IsBigEndian = words.BigEndian,
        };
        header.Check(source);
        return header.WithSignOfBytes(words.Int(39) == ImodStamp ? words.Int(40) : null, source);
    }

    /// <summary>The header's bytes, little-endian, version 20141.</summary>
    /// <returns>1024 bytes.</returns>
    public byte[] ToBytes()
    {
        var bytes = new byte[ByteCount];
        void Int(int word, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * (word - 1)), value);
        void Float(int word, float value) => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * (word - 1)), value);
        int[] integers = [Columns, Rows, Sections, (int)Mode, Start.Column, Start.Row, Start.Section, Sampling.X, Sampling.Y, Sampling.Z];
        for (var i = 0; i < integers.Length; i++)
        {
            Int(i + 1, integers[i]);
        }

        float[] floats = [Cell.X, Cell.Y, Cell.Z, 90, 90, 90];
        for (var i = 0; i < floats.Length; i++)
        {
            Float(11 + i, floats[i]);
        }

        Int(17, Axes.Column);
        Int(18, Axes.Row);
        Int(19, Axes.Section);
        Float(20, Minimum);
        Float(21, Maximum);
        Float(22, Mean);
        Int(23, SpaceGroup);
        Int(24, ExtendedHeaderBytes);
        Int(28, 20141);
        Float(50, Origin.X);
        Float(51, Origin.Y);
        Float(52, Origin.Z);
        "MAP "u8.CopyTo(bytes.AsSpan(208));
        bytes[212] = bytes[213] = 0x44;
        Float(55, Rms);
        Int(56, Math.Min(10, Labels.Count));
        for (var i = 0; i < Math.Min(10, Labels.Count); i++)
        {
            var label = bytes.AsSpan(224 + (i * LabelLength), LabelLength);
            label.Fill((byte)' ');
            Encoding.ASCII.GetBytes(Labels[i].Length > LabelLength ? Labels[i][..LabelLength] : Labels[i], label);
        }

        return bytes;
    }

    private static bool IsBigEndianHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes[212] == 0x44 && bytes[213] is 0x44 or 0x41)
        {
            return false;
        }

        if (bytes[212] == 0x11 && bytes[213] == 0x11)
        {
            return true;
        }

        // Old files have no machine stamp: the right order gives a known mode and a small NX.
        var little = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        var big = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        var littleColumns = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return little is < 0 or > 127 ? big is >= 0 and <= 127 : (uint)littleColumns > 0xFFFFu && (uint)BinaryPrimitives.ReadInt32BigEndian(bytes) <= 0xFFFFu;
    }

    private static List<string> ReadLabels(ReadOnlySpan<byte> bytes, int count)
    {
        var labels = new List<string>();
        for (var i = 0; i < Math.Clamp(count, 0, 10); i++)
        {
            labels.Add(Encoding.Latin1.GetString(bytes.Slice(224 + (i * LabelLength), LabelLength)).TrimEnd(' ', '\0'));
        }

        return labels;
    }

    private void Check(string source)
    {
        InvalidInputException Error(string field, string problem) => new(problem, source, null, field);
        if (Columns is <= 0 or > 1 << 20 || Rows is <= 0 or > 1 << 20 || Sections <= 0)
        {
            throw Error("header NX, NY, NZ", $"{Columns} x {Rows} x {Sections} cannot be the size of an MRC file; is this one?");
        }

        if (DataOffset + (ValueCount * BitsPerValue / 8) > long.MaxValue)
        {
            throw Error("header NX, NY, NZ", $"{Columns} x {Rows} x {Sections} values are more than a file can hold");
        }

        if (!Enum.IsDefined(Mode))
        {
            var why = (int)Mode is 3 or 4 ? " (it holds a Fourier transform, not images)" : string.Empty;
            throw Error("header MODE", $"mode {(int)Mode} is not read here{why}; modes 0, 1, 2, 6, 12 and 101 are");
        }

        if (Mode == MrcMode.UInt4 && Columns % 2 != 0)
        {
            throw Error("header NX", $"rows of {Columns} 4-bit values (mode 101) are not read here, since programs differ in how they end; an even number is");
        }

        if (ExtendedHeaderBytes < 0)
        {
            throw Error("header NSYMBT", $"the extended header cannot have {ExtendedHeaderBytes} bytes");
        }

        if (Axes is not ((1, 2, 3) or (1, 3, 2) or (2, 1, 3) or (2, 3, 1) or (3, 1, 2) or (3, 2, 1)))
        {
            throw Error("header MAPC, MAPR, MAPS", $"{Axes.Column}, {Axes.Row}, {Axes.Section} is not an order of the axes 1, 2, 3");
        }

        if (!float.IsFinite(Cell.X) || !float.IsFinite(Cell.Y) || !float.IsFinite(Cell.Z) || Cell.X < 0 || Cell.Y < 0 || Cell.Z < 0)
        {
            throw Error("header CELLA", $"the cell {Cell.X} x {Cell.Y} x {Cell.Z} is not a size in angstrom");
        }

        if (!float.IsFinite(Origin.X) || !float.IsFinite(Origin.Y) || !float.IsFinite(Origin.Z))
        {
            throw Error("header ORIGIN", $"{Origin.X}, {Origin.Y}, {Origin.Z} is not a place");
        }
    }

    /// <summary>The header, knowing how its bytes are signed.</summary>
    private MrcHeader WithSignOfBytes(int? imodFlags, string source)
    {
        if (Mode != MrcMode.Int8)
        {
            return this;
        }

        if (imodFlags is { } flags && (flags & ImodPackedNibbles) != 0)
        {
            throw new InvalidInputException(
                "its flags say that each byte holds two 4-bit values; convert it with IMOD's newstack -mode 1", source, null, "header MODE");
        }

        return this with
        {
            HasUnsignedBytes = imodFlags is { } f ? (f & ImodSignedBytes) == 0 : Minimum >= 0 && Maximum is > sbyte.MaxValue and <= byte.MaxValue,
        };
    }

    private readonly record struct Words(byte[] Bytes, bool BigEndian)
    {
        public int Int(int word)
        {
            var span = Bytes.AsSpan(4 * (word - 1));
            return BigEndian ? BinaryPrimitives.ReadInt32BigEndian(span) : BinaryPrimitives.ReadInt32LittleEndian(span);
        }

        public float Float(int word) => BitConverter.Int32BitsToSingle(Int(word));
    }
}
