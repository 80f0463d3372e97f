using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Gmm.TestData;

/// <summary>Decodes a PNG by the standard's text, with all five filters, apart from the encoder's code.</summary>
internal sealed class PngReader
{
    private readonly byte[] _pixels;

    public PngReader(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], file[..8]);
        using var data = new MemoryStream();
        var types = new List<string>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var type = Encoding.ASCII.GetString(file, at + 4, 4);
            var body = file.AsSpan(at + 8, length);
            Assert.Equal(BitwiseCrc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            types.Add(type);
            if (type == "IHDR")
            {
                (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                Assert.Equal(8, body[8]);
                Channels = body[9] switch { 0 => 1, 2 => 3, _ => throw new InvalidDataException("colour type") };
            }
            else if (type == "IDAT")
            {
                data.Write(body);
            }

            at += length + 12;
        }

        Assert.Equal("IHDR", types[0]);
        Assert.Equal("IEND", types[^1]);
        data.Position = 0;
        _pixels = Unfilter(data);
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    public byte this[int x, int y, int channel] => _pixels[((((y * Width) + x) * Channels)) + channel];

    private byte[] Unfilter(Stream compressed)
    {
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        var stride = Width * Channels;
        var pixels = new byte[stride * Height];
        var line = new byte[stride + 1];
        for (var y = 0; y < Height; y++)
        {
            zlib.ReadExactly(line);
            for (var i = 0; i < stride; i++)
            {
                int left = i >= Channels ? pixels[(y * stride) + i - Channels] : 0;
                int up = y > 0 ? pixels[((y - 1) * stride) + i] : 0;
                int corner = i >= Channels && y > 0 ? pixels[((y - 1) * stride) + i - Channels] : 0;
                var guess = line[0] switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    _ => throw new InvalidDataException("filter"),
                };
                pixels[(y * stride) + i] = (byte)(line[i + 1] + guess);
            }
        }

        Assert.Equal(-1, zlib.ReadByte());
        return pixels;
    }

    private static int Paeth(int a, int b, int c)
    {
        var (pa, pb, pc) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - (2 * c)));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static uint BitwiseCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var k = 0; k < 8; k++)
            {
                crc = (crc >> 1) ^ (0xedb88320u & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
