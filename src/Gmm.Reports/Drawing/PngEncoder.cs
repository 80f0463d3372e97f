using System.Buffers.Binary;
using System.IO.Compression;

namespace Gmm.Reports;

/// <summary>Writes PNG (ISO/IEC 15948): 8-bit grey or RGB, no interlace, rows filtered by "up".</summary>
internal static class PngEncoder
{
    private static readonly uint[] s_crcTable = MakeCrcTable();

    /// <summary>Encodes a grey image, rows from the top.</summary>
    public static byte[] EncodeGrey(ReadOnlySpan<byte> pixels, int width, int height) => Encode(pixels, width, height, 1, 0);

    /// <summary>Encodes an RGB image, rows from the top, at a resolution in dots per inch (0: not said).</summary>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> pixels, int width, int height, double dotsPerInch) => Encode(pixels, width, height, 3, dotsPerInch);

    private static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels, double dotsPerInch)
    {
        if (width <= 0 || height <= 0 || pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"A PNG of {width} x {height} with {channels} channels does not have {pixels.Length} bytes.");
        }

        using var png = new MemoryStream();
        WriteHeader(png, width, height, channels, dotsPerInch);
        WriteChunk(png, "IDAT"u8, Compress(pixels, width * channels, height));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Writes the signature and the chunks before the pixels.</summary>
    internal static void WriteHeader(MemoryStream png, int width, int height, int channels, double dotsPerInch)
    {
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels == 3 ? 2 : 0);
        WriteChunk(png, "IHDR"u8, header);
        if (dotsPerInch > 0)
        {
            Span<byte> physical = stackalloc byte[9];
            var perMetre = (int)Math.Round(dotsPerInch / 0.0254);
            BinaryPrimitives.WriteInt32BigEndian(physical, perMetre);
            BinaryPrimitives.WriteInt32BigEndian(physical[4..], perMetre);
            physical[8] = 1;
            WriteChunk(png, "pHYs"u8, physical);
        }
    }

    /// <summary>Filters and compresses rows of pixels.</summary>
    internal static byte[] Compress(ReadOnlySpan<byte> pixels, int rowLength, int height)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = new byte[rowLength + 1];
            line[0] = 2;
            for (var y = 0; y < height; y++)
            {
                var row = pixels.Slice(y * rowLength, rowLength);
                for (var i = 0; i < rowLength; i++)
                {
                    line[i + 1] = (byte)(row[i] - (y > 0 ? pixels[((y - 1) * rowLength) + i] : 0));
                }

                zlib.Write(line);
            }
        }

        return data.ToArray();
    }

    /// <summary>Writes a chunk with its length and check sum.</summary>
    internal static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        png.Write(word);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(word);
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
