using System.Numerics;

namespace Gmm.Core.Tests;

public class DiscTransformTests
{
    [Theory]
    [InlineData(16, 7)]
    [InlineData(17, 8)]
    [InlineData(30, 9)]
    [InlineData(35, 12)]
    [InlineData(22, 10)]
    [InlineData(22, 11)]
    [InlineData(3, 1)]
    public void Forward_is_the_sum_about_the_origin_pixel(int n, int radius)
    {
        var disc = new FourierDisc(100, radius);
        var transform = new DiscTransform(n, disc);
        var image = NaiveDft.Random(n * n, 8).Select(v => (float)v).ToArray();
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength];
        Array.Fill(scratch, float.NaN);
        transform.Forward(image, re, im, scratch);
        for (var i = 0; i < disc.Count; i++)
        {
            Complex expected = 0;
            for (var p = 0; p < image.Length; p++)
            {
                var turn = ((disc.Kx[i] * ((p % n) - ((n + 1) / 2))) + (disc.Ky[i] * ((p / n) - ((n + 1) / 2)))) / (double)n;
                expected += image[p] * Complex.FromPolarCoordinates(1, -2 * Math.PI * turn);
            }

            Assert.Equal(expected.Real, re[i], 2e-6 * n);
            Assert.Equal(expected.Imaginary, im[i], 2e-6 * n);
        }
    }

    [Theory]
    [InlineData(16, 7)]
    [InlineData(17, 8)]
    [InlineData(30, 9)]
    [InlineData(35, 12)]
    public void Inverse_is_the_sum_over_the_disc_and_its_conjugates(int n, int radius)
    {
        var disc = new FourierDisc(100, radius);
        var transform = new DiscTransform(n, disc);
        float[] re = [.. NaiveDft.Random(disc.Count, 1).Select(v => (float)v)], im = [.. NaiveDft.Random(disc.Count, 2).Select(v => (float)v)];
        im[0] = 0;
        float[] image = new float[n * n], scratch = new float[transform.ScratchLength];
        Array.Fill(scratch, float.NaN);
        transform.Inverse(re, im, image, scratch);
        for (var p = 0; p < image.Length; p++)
        {
            double expected = re[0];
            for (var i = 1; i < disc.Count; i++)
            {
                var angle = 2 * Math.PI * ((disc.Kx[i] * ((p % n) - ((n + 1) / 2))) + (disc.Ky[i] * ((p / n) - ((n + 1) / 2)))) / n;
                expected += 2 * ((re[i] * Math.Cos(angle)) - (im[i] * Math.Sin(angle)));
            }

            Assert.Equal(expected / (n * n), image[p], 1e-6);
        }

        // Within the disc nothing is lost.
        float[] re2 = new float[disc.Count], im2 = new float[disc.Count];
        transform.Forward(image, re2, im2, scratch);
        Assert.All(re.Zip(re2), v => Assert.Equal(v.First, v.Second, 1e-5));
        Assert.All(im.Zip(im2), v => Assert.Equal(v.First, v.Second, 1e-5));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(63)]
    public void A_point_at_the_origin_pixel_has_no_phase(int n)
    {
        var disc = new FourierDisc(100, (n - 1) / 2);
        var transform = new DiscTransform(n, disc);
        var image = new float[n * n];
        image[((n + 1) / 2 * n) + ((n + 1) / 2)] = 1;
        float[] re = new float[disc.Count], im = new float[disc.Count];
        transform.Forward(image, re, im, new float[transform.ScratchLength]);
        Assert.All(re, v => Assert.Equal(1, v, 1e-6));
        Assert.All(im, v => Assert.Equal(0, v, 1e-6));
    }

    [Fact]
    public void The_Nyquist_ring_is_not_written()
    {
        var disc = new FourierDisc(100, 8);
        var transform = new DiscTransform(16, disc);
        var values = new float[disc.Count];
        Assert.Throws<InvalidOperationException>(() => transform.Inverse(values, values, new float[256], new float[transform.ScratchLength]));
    }

    [Fact]
    public void A_disc_wider_than_the_band_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new DiscTransform(16, new FourierDisc(100, 9)));
        Assert.Throws<ArgumentException>(() => new DiscTransform(17, new FourierDisc(100, 9)));
    }
}
