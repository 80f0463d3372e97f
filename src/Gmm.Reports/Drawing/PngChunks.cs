using System.Buffers.Binary;
using System.Text;

namespace Gmm.Reports;

/// <summary>The pieces of a PNG file (ISO/IEC 15948): a length, a name, the data and their check sum. Pixels are encoded by Skia.</summary>
internal static class PngChunks
{
    private const int SignatureLength = 8;

    // Signature and IHDR, which is always the first chunk and holds 13 bytes.
    private const int HeaderLength = SignatureLength + 12 + 13;

    private static readonly uint[] s_crcTable = MakeCrcTable();

    /// <summary>The file with its resolution said, so that it is printed and placed at the size that its chart has.</summary>
    /// <param name="png">A PNG file that says none.</param>
    /// <param name="dotsPerInch">Image pixels to an inch.</param>
    public static byte[] WithResolution(ReadOnlySpan<byte> png, double dotsPerInch)
    {
        using var file = new MemoryStream();
        WriteHeader(file, png, dotsPerInch);
        file.Write(png[HeaderLength..]);
        return file.ToArray();
    }

    /// <summary>Writes what stands before the pixels: the signature, the header of another file, the resolution.</summary>
    public static void WriteHeader(MemoryStream file, ReadOnlySpan<byte> png, double dotsPerInch)
    {
        file.Write(png[..HeaderLength]);
        Span<byte> physical = stackalloc byte[9];
        var perMetre = (int)Math.Round(dotsPerInch / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(physical, perMetre);
        BinaryPrimitives.WriteInt32BigEndian(physical[4..], perMetre);
        physical[8] = 1;
        Write(file, "pHYs"u8, physical);
    }

    /// <summary>The data of all chunks of a name, one after the other.</summary>
    public static byte[] Read(ReadOnlySpan<byte> png, string name)
    {
        using var data = new MemoryStream();
        for (var at = SignatureLength; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            if (Encoding.ASCII.GetString(png.Slice(at + 4, 4)) == name)
            {
                data.Write(png.Slice(at + 8, length));
            }

            at += 12 + length;
        }

        return data.ToArray();
    }

    /// <summary>Writes a chunk with its length and check sum.</summary>
    public static void Write(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(name);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, name), data));
        file.Write(word);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var b in data)
        {
            crc = s_crcTable[(crc ^ b) & 0xff] ^ (crc >> 8);
        }

        return crc;
    }

    // CRC-32 of the PNG standard, annex D: reflected polynomial 0xEDB88320.
    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var c = n;
            for (var k = 0; k < 8; k++)
            {
                c = (c & 1) != 0 ? 0xedb88320u ^ (c >> 1) : c >> 1;
            }

            table[n] = c;
        }

        return table;
    }
}
