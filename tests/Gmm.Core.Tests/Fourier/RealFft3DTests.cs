using System.Numerics;

namespace Gmm.Core.Tests;

public class RealFft3DTests
{
    public static TheoryData<int, int, int> Sizes { get; } = new()
    {
        { 1, 1, 1 }, { 2, 1, 1 }, { 1, 1, 2 }, { 4, 4, 4 }, { 3, 5, 7 }, { 7, 11, 13 }, { 8, 16, 32 }, { 24, 24, 24 }, { 27, 25, 26 }, { 32, 9, 20 },
        { 1, 30, 31 }, { 40, 1, 8 }, { 17, 19, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_matches_the_definition_and_inverse_undoes_it(int depth, int height, int width)
    {
        var x = NaiveDft.Random(depth * height * width, 23);
        var expected = NaiveDft.Spectrum(x, depth, height, width);
        Check<double>(x, expected, depth, height, width, 6e-15);
        Check<float>(x, expected, depth, height, width, 1.5e-6);
    }

    [Theory]
    [InlineData(20, 24, 30)]
    [InlineData(13, 15, 17)]
    public void Threads_do_not_change_a_bit(int depth, int height, int width)
    {
        var fft = new RealFft3D<float>(depth, height, width);
        var x = NaiveDft.Random(fft.RealLength, 2).Select(v => (float)v).ToArray();
        var (re1, im1, back1) = Both(fft, x, 1);
        foreach (var threads in (int[])[2, 3, 8])
        {
            var (re, im, back) = Both(fft, x, threads);
            Assert.Equal(re1, re);
            Assert.Equal(im1, im);
            Assert.Equal(back1, back);
        }
    }

    [Fact]
    public void Short_spans_and_senseless_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft3D<float>(0, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft3D<float>(2000, 2000, 2000));
        var fft = new RealFft3D<float>(2, 2, 2);
        float[] map = new float[8], part = new float[8], scratch = new float[fft.ScratchLength];
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Forward(map, part, part, scratch, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Forward(map, part, new float[7], scratch));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Inverse(part, part, new float[7], scratch));
        Assert.Throws<ArgumentOutOfRangeException>(() => fft.Inverse(part, part, map, []));
    }

    private static (float[] Re, float[] Im, float[] Back) Both(RealFft3D<float> fft, float[] x, int threads)
    {
        float[] re = new float[fft.SpectrumLength], im = new float[fft.SpectrumLength], back = new float[fft.RealLength];
        var scratch = new float[fft.ScratchLength];
        fft.Forward(x, re, im, scratch, threads);
        fft.Inverse(re, im, back, scratch, threads);
        return (re, im, back);
    }

    private static void Check<T>(double[] x, Complex[] expected, int depth, int height, int width, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fft = new RealFft3D<T>(depth, height, width);
        T[] re = new T[fft.SpectrumLength], im = new T[fft.SpectrumLength], back = new T[fft.RealLength], scratch = new T[fft.ScratchLength];
        Array.Fill(scratch, T.NaN);
        fft.Forward([.. x.Select(T.CreateChecked)], re, im, scratch, 2);
        var norm = Math.Sqrt(expected.Average(c => (c.Real * c.Real) + (c.Imaginary * c.Imaginary)));
        for (var i = 0; i < re.Length; i++)
        {
            var found = new Complex(double.CreateChecked(re[i]), double.CreateChecked(im[i]));
            var error = Complex.Abs(found - expected[(i / fft.SpectrumWidth * width) + (i % fft.SpectrumWidth)]) / norm;
            Assert.True(error < tolerance, $"{typeof(T).Name}: {error}");
        }

        fft.Inverse(re, im, back, scratch);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.True(Math.Abs(x[i] - double.CreateChecked(back[i])) < tolerance, $"{typeof(T).Name} back at {i}");
        }
    }
}
