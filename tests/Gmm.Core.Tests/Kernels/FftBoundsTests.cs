using Gmm.Testing;

namespace Gmm.Core.Tests.Kernels;

/// <summary>
/// The Fourier transforms work on pointers, and what they touch depends on the size alone. So each size is run once with every array against a page
/// that cannot be touched; a value beyond would end the test's process.
/// </summary>
public class FftBoundsTests
{
    public static TheoryData<int, int> Ranges { get; } = new() { { 1, 40 }, { 41, 90 }, { 91, 150 } };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Planes_stay_in_bounds(int from, int to)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var random = new Random(from);
        for (var n = from; n <= to; n++)
        {
            Plane(n, n, n % 2 == 0, int.MaxValue, random);
            Plane(n, random.Next(1, 100), n % 2 == 1, random.Next(1, 40), random);
            Plane(random.Next(1, 100), n, n % 3 == 0, random.Next(1, 40), random);
        }
    }

    [Fact]
    public void Maps_stay_in_bounds()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var random = new Random(5);
        for (var n = 1; n <= 24; n++)
        {
            Map(n, n, n, n % 2 == 0, random);
            Map(random.Next(1, 30), n, random.Next(1, 30), n % 2 == 1, random);
            Map(n, random.Next(1, 30), random.Next(1, 30), n % 2 == 0, random);
        }
    }

    [Theory]
    [InlineData(1, 1 << 28)]
    [InlineData(1 << 28, 1)]
    [InlineData(1, (1 << 22) + 1)]
    [InlineData(50000, 50000)]
    [InlineData(46341, 46341)]
    [InlineData(0, 5)]
    [InlineData(5, -1)]
    public void Sizes_whose_numbers_would_wrap_are_refused(int height, int width)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft2D<float>(height, width));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft3D<float>(height, width, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft3D<double>(1, height, width));
    }

    private static void Plane(int height, int width, bool atEnd, int columns, Random random)
    {
        var fft = new RealFft2D<float>(height, width);
        using GuardedPages real = new(fft.RealLength, atEnd), re = new(fft.SpectrumLength, atEnd), im = new(fft.SpectrumLength, atEnd),
            scratch = new(fft.ScratchLength, atEnd);
        var input = Fill(real.Values, random);
        fft.Forward(real.Values, re.Values, im.Values, scratch.Values, columns);
        fft.Inverse(re.Values, im.Values, real.Values, scratch.Values, columns);
        if (columns >= fft.SpectrumWidth)
        {
            AssertSame(input, real.Values);
        }
    }

    private static void Map(int depth, int height, int width, bool atEnd, Random random)
    {
        var fft = new RealFft3D<float>(depth, height, width);
        using GuardedPages real = new(fft.RealLength, atEnd), re = new(fft.SpectrumLength, atEnd), im = new(fft.SpectrumLength, atEnd),
            scratch = new(fft.ScratchLength, atEnd);
        var input = Fill(real.Values, random);
        fft.Forward(real.Values, re.Values, im.Values, scratch.Values, 2);
        fft.Inverse(re.Values, im.Values, real.Values, scratch.Values, 2);
        AssertSame(input, real.Values);
    }

    private static float[] Fill(Span<float> values, Random random)
    {
        foreach (ref var v in values)
        {
            v = (float)Draw.Signed(random);
        }

        return values.ToArray();
    }

    private static void AssertSame(float[] expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5);
        }
    }
}
