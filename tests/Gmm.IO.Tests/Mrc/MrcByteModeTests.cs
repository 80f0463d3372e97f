using System.Buffers.Binary;

namespace Gmm.IO.Tests;

/// <summary>Bytes signed and unsigned, and 4-bit values: what IMOD's and SerialEM's headers say, word by word.</summary>
public sealed class MrcByteModeTests : IDisposable
{
    private const int Imod = 1146047817;
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(null, 0f, 127f, false)]
    [InlineData(null, -128f, 127f, false)]
    [InlineData(null, 0f, 200f, true)]
    [InlineData(null, 0f, -1f, false)]
    [InlineData(null, 0f, 70000f, false)]
    [InlineData(null, -3f, 200f, false)]
    [InlineData(0, -128f, 127f, true)]
    [InlineData(0, 0f, 100f, true)]
    [InlineData(1, 0f, 100f, false)]
    [InlineData(1 | 2, 0f, 200f, false)]
    [InlineData(2 | 4 | 8, 0f, 100f, true)]
    public void The_sign_of_bytes_is_what_the_stamp_says_or_else_the_maximum(int? flags, float minimum, float maximum, bool unsigned)
    {
        byte[] data = [0, 1, 127, 128, 200, 255, 3, 4];
        var path = Write(0, 4, 1, 2, data, flags, minimum, maximum);
        var expected = unsigned ? new float[] { 0, 1, 127, 128, 200, 255, 3, 4 } : [0, 1, 127, -128, -56, -1, 3, 4];
        using var stack = MrcStack.Open(path);
        Assert.Equal(unsigned, stack.Header.HasUnsignedBytes);
        var image = new float[4];
        stack.ReadImage(1, image);
        Assert.Equal(expected[4..], image);
        Assert.Equal(expected, MrcFile.ReadVolume(path).Voxels);
    }

    [Fact]
    public void Four_bit_values_have_the_first_in_the_lower_half_of_a_byte()
    {
        // As SerialEM and IMOD pack them, and RELION's castPage2T unpacks them.
        var path = Write(101, 4, 2, 2, [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE], null, 0, 15);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (float)i), MrcFile.ReadVolume(path).Voxels);
        using var stack = MrcStack.Open(path);
        Assert.Equal((4, 1024 + 8), (stack.Header.BitsPerValue, stack.Header.ExpectedFileLength));
        var image = new float[8];
        stack.ReadImage(1, image);
        Assert.Equal(Enumerable.Range(8, 8).Select(i => (float)i), image);
    }

    [Fact]
    public void What_cannot_be_told_is_refused()
    {
        TestFolder.Fails(() => MrcStack.Open(Write(101, 3, 2, 1, [0, 0, 0], null, 0, 15)), "s.mrcs, header NX", "4-bit");
        TestFolder.Fails(() => MrcStack.Open(Write(101, 4, 2, 2, [0, 0, 0, 0, 0, 0, 0], null, 0, 15)), "s.mrcs, data", "has 1 (");
        TestFolder.Fails(() => MrcStack.Open(Write(0, 4, 2, 1, new byte[8], 16, 0, 100)), "s.mrcs, header MODE", "two 4-bit values");
        TestFolder.Fails(() => MrcStack.Open(Write(4, 4, 2, 1, new byte[64], null, 0, 100)), "s.mrcs, header MODE", "Fourier transform");
    }

    public void Dispose() => _folder.Dispose();

    private string Write(int mode, int nx, int ny, int nz, byte[] data, int? imodFlags, float minimum, float maximum)
    {
        var bytes = new byte[1024];
        void Word(int word, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * (word - 1)), value);
        int[] start = [nx, ny, nz, mode, 0, 0, 0, nx, ny, nz];
        for (var i = 0; i < start.Length; i++)
        {
            Word(i + 1, start[i]);
        }

        Word(17, 1);
        Word(18, 2);
        Word(19, 3);
        Word(20, BitConverter.SingleToInt32Bits(minimum));
        Word(21, BitConverter.SingleToInt32Bits(maximum));
        if (imodFlags is { } flags)
        {
            Word(39, Imod);
            Word(40, flags);
        }

        "MAP "u8.CopyTo(bytes.AsSpan(208));
        bytes[212] = bytes[213] = 0x44;
        File.WriteAllBytes(_folder["s.mrcs"], [.. bytes, .. data]);
        return _folder["s.mrcs"];
    }
}
