using System.Numerics;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

[Properties(Arbitrary = [typeof(GmmArbitraries)])]
public class RealFftTests
{
    // Sizes of every radix, of primes with no radix of their own, below and above the vector's length, even and odd.
    public static TheoryData<int, int> Sizes { get; } = new()
    {
        { 1, 1 }, { 1, 2 }, { 2, 1 }, { 3, 3 }, { 4, 4 }, { 5, 5 }, { 2, 6 }, { 6, 7 }, { 7, 1 }, { 1, 13 }, { 8, 8 }, { 9, 10 }, { 11, 13 }, { 13, 16 },
        { 15, 15 }, { 16, 17 }, { 17, 16 }, { 18, 20 }, { 22, 26 }, { 25, 24 }, { 27, 30 }, { 31, 32 }, { 33, 34 }, { 35, 36 }, { 37, 64 }, { 45, 49 },
        { 48, 54 }, { 60, 81 }, { 64, 1 }, { 1, 64 }, { 77, 75 }, { 90, 91 }, { 97, 96 }, { 100, 101 }, { 121, 125 }, { 128, 126 }, { 135, 144 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_matches_the_definition(int height, int width)
    {
        var x = NaiveDft.Random(height * width, 17);
        var expected = NaiveDft.Spectrum(x, 1, height, width);
        Assert.True(ForwardError<double>(x, expected, height, width) < 3e-16 * (8 + Math.Log2(height * width)), "double");
        Assert.True(ForwardError<float>(x, expected, height, width) < 1.2e-7 * (4 + Math.Log2(height * width)), "float");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Inverse_undoes_forward(int height, int width)
    {
        RoundTrip<double>(height, width, 1e-14);
        RoundTrip<float>(height, width, 3e-6);
    }

    [Theory]
    [InlineData(24, 30, 1)]
    [InlineData(24, 30, 9)]
    [InlineData(27, 30, 16)]
    [InlineData(54, 54, 14)]
    [InlineData(31, 35, 17)]
    [InlineData(31, 35, 18)]
    [InlineData(20, 16, 8)]
    public void Pruned_columns_equal_those_of_the_full_transform(int height, int width, int columns)
    {
        var fft = new RealFft2D<float>(height, width);
        var x = NaiveDft.Random(height * width, 5).Select(v => (float)v).ToArray();
        var scratch = new float[fft.ScratchLength];
        float[] re = new float[fft.SpectrumLength], im = new float[fft.SpectrumLength];
        float[] someRe = new float[fft.SpectrumLength], someIm = new float[fft.SpectrumLength];
        fft.Forward(x, re, im, scratch);
        Array.Fill(scratch, float.NaN);
        Array.Fill(someRe, float.NaN);
        Array.Fill(someIm, float.NaN);
        fft.Forward(x, someRe, someIm, scratch, columns);
        for (var i = 0; i < re.Length; i++)
        {
            if (i % fft.SpectrumWidth < columns)
            {
                Assert.Equal(re[i], someRe[i]);
                Assert.Equal(im[i], someIm[i]);
            }
            else
            {
                // What is left out must count as zero on the way back, whatever is there.
                (re[i], im[i], someRe[i], someIm[i]) = (0, 0, float.NaN, float.NaN);
            }
        }

        float[] full = new float[x.Length], pruned = new float[x.Length];
        fft.Inverse(re, im, full, scratch);
        Array.Fill(scratch, float.NaN);
        fft.Inverse(someRe, someIm, pruned, scratch, columns);
        Assert.Equal(full, pruned);
    }

    [Theory]
    [InlineData(20, 18)]
    [InlineData(9, 15)]
    [InlineData(1, 4)]
    public void Inverse_takes_the_real_part_of_a_spectrum_that_no_real_image_has(int height, int width)
    {
        var fft = new RealFft2D<double>(height, width);
        double[] re = NaiveDft.Random(fft.SpectrumLength, 4), im = NaiveDft.Random(fft.SpectrumLength, 5);
        var image = new double[fft.RealLength];
        fft.Inverse(re, im, image, new double[fft.ScratchLength]);
        for (var p = 0; p < image.Length; p++)
        {
            var expected = 0.0;
            for (var i = 0; i < re.Length; i++)
            {
                int kx = i % fft.SpectrumWidth, ky = i / fft.SpectrumWidth;
                var angle = 2 * Math.PI * (((double)kx * (p % width) / width) + ((double)ky * (p / width) / height));
                expected += (kx == 0 || 2 * kx == width ? 1 : 2) * ((re[i] * Math.Cos(angle)) - (im[i] * Math.Sin(angle)));
            }

            Assert.Equal(expected / image.Length, image[p], 1e-13);
        }
    }

    [Property]
    public bool The_energy_is_kept(NoiseImage image)
    {
        var (height, width, seed) = image;
        var fft = new RealFft2D<double>(height, width);
        var x = NaiveDft.Random(fft.RealLength, seed);
        var (re, im) = Forward(fft, x);
        double energy = 0;
        for (var i = 0; i < re.Length; i++)
        {
            var kx = i % fft.SpectrumWidth;
            energy += ((re[i] * re[i]) + (im[i] * im[i])) * (kx == 0 || 2 * kx == width ? 1 : 2);
        }

        var expected = x.Sum(v => v * v) * fft.RealLength;
        return Math.Abs(energy - expected) < 1e-12 * expected;
    }

    [Property]
    public bool The_transform_is_linear(NoiseImage image)
    {
        var fft = new RealFft2D<double>(image.Height, image.Width);
        double[] x = NaiveDft.Random(fft.RealLength, image.Seed), y = NaiveDft.Random(fft.RealLength, image.Seed + 1);
        var a = Forward(fft, x);
        var b = Forward(fft, y);
        var sum = Forward(fft, [.. x.Zip(y, (u, v) => (3 * u) - (2 * v))]);
        return Enumerable.Range(0, fft.SpectrumLength).All(i =>
            Math.Abs((3 * a.Re[i]) - (2 * b.Re[i]) - sum.Re[i]) < 1e-11 && Math.Abs((3 * a.Im[i]) - (2 * b.Im[i]) - sum.Im[i]) < 1e-11);
    }

    [Property]
    public bool A_shift_turns_the_phases(NoiseImage image)
    {
        var (height, width, seed) = image;
        int dx = seed % width, dy = seed / 7 % height;
        var fft = new RealFft2D<double>(height, width);
        var x = NaiveDft.Random(fft.RealLength, seed);
        var shifted = Enumerable.Range(0, x.Length).Select(i => x[((((i / width) - dy + height) % height) * width) + (((i % width) - dx + width) % width)]);
        var a = Forward(fft, x);
        var b = Forward(fft, [.. shifted]);
        return Enumerable.Range(0, fft.SpectrumLength).All(i =>
        {
            int kx = i % fft.SpectrumWidth, ky = i / fft.SpectrumWidth;
            var turn = ((double)kx * dx / width) + ((double)ky * dy / height);
            var expected = new Complex(a.Re[i], a.Im[i]) * Complex.FromPolarCoordinates(1, -2 * Math.PI * turn);
            return Complex.Abs(expected - new Complex(b.Re[i], b.Im[i])) < 1e-11;
        });
    }

    [Property]
    public void Inverse_undoes_forward_for_any_size(NoiseImage image)
    {
        RoundTrip<double>(image.Height, image.Width, 1e-13);
        RoundTrip<float>(image.Height, image.Width, 1e-5);
    }

    [Fact]
    public void Short_spans_and_senseless_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft2D<float>(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft2D<float>(4, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft2D<float>(50000, 50000));
        var fft = new RealFft2D<float>(4, 6);
        Assert.Equal(4, fft.SpectrumWidth);
        float[] image = new float[24], part = new float[16], scratch = new float[fft.ScratchLength];
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Forward(new float[23], part, part, scratch));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Forward(image, part, new float[15], scratch));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Inverse(new float[15], part, image, scratch));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Forward(image, part, part, new float[scratch.Length - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Forward(image, part, part, scratch, 0));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var fft = new RealFft2D<float>(54, 50);
        float[] x = new float[fft.RealLength], re = new float[fft.SpectrumLength], im = new float[fft.SpectrumLength], scratch = new float[fft.ScratchLength];
        fft.Forward(x, re, im, scratch);
        fft.Inverse(re, im, x, scratch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fft.Forward(x, re, im, scratch, 10);
        fft.Inverse(re, im, x, scratch, 10);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Next_fast_size_is_the_smallest_product_of_two_three_and_five()
    {
        static bool Fast(int n)
        {
            foreach (var r in (int[])[2, 3, 5])
            {
                while (n % r == 0)
                {
                    n /= r;
                }
            }

            return n == 1;
        }

        for (var n = 1; n < 3000; n++)
        {
            var expected = n;
            while (!Fast(expected))
            {
                expected++;
            }

            var even = n + (n % 2);
            while (!Fast(even))
            {
                even += 2;
            }

            Assert.Equal(expected, FftSizes.NextFast(n));
            Assert.Equal(even, FftSizes.NextFastEven(n));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => FftSizes.NextFast(0));
    }

    private static (double[] Re, double[] Im) Forward(RealFft2D<double> fft, double[] x)
    {
        double[] re = new double[fft.SpectrumLength], im = new double[fft.SpectrumLength];
        fft.Forward(x, re, im, new double[fft.ScratchLength]);
        return (re, im);
    }

    /// <summary>Greatest error over the root mean square of the spectrum.</summary>
    private static double ForwardError<T>(double[] x, Complex[] expected, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fft = new RealFft2D<T>(height, width);
        T[] re = new T[fft.SpectrumLength], im = new T[fft.SpectrumLength], scratch = new T[fft.ScratchLength];
        Array.Fill(scratch, T.NaN);
        fft.Forward([.. x.Select(T.CreateChecked)], re, im, scratch);
        var worst = 0.0;
        for (var i = 0; i < re.Length; i++)
        {
            var found = new Complex(double.CreateChecked(re[i]), double.CreateChecked(im[i]));
            var error = Complex.Abs(found - expected[(i / fft.SpectrumWidth * width) + (i % fft.SpectrumWidth)]);
            worst = error <= worst ? worst : error;
        }

        return worst / Math.Sqrt(expected.Average(c => (c.Real * c.Real) + (c.Imaginary * c.Imaginary)));
    }

    private static void RoundTrip<T>(int height, int width, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fft = new RealFft2D<T>(height, width);
        T[] x = [.. NaiveDft.Random(fft.RealLength, 3).Select(T.CreateChecked)], y = new T[fft.RealLength], scratch = new T[fft.ScratchLength];
        T[] re = new T[fft.SpectrumLength], im = new T[fft.SpectrumLength];
        fft.Forward(x, re, im, scratch);
        Array.Fill(scratch, T.NaN);
        fft.Inverse(re, im, y, scratch);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.True(double.CreateChecked(T.Abs(x[i] - y[i])) < tolerance, $"{typeof(T).Name} {height} x {width} at {i}: {x[i]} {y[i]}");
        }
    }
}
