using System.Numerics;

namespace Gmm.Core.Tests;

public class DiscTransformTests
{
    [Theory]
    [InlineData(16, 7, OddOrigin.Relion, 8)]
    [InlineData(17, 8, OddOrigin.Relion, 9)]
    [InlineData(30, 9, OddOrigin.Relion, 15)]
    [InlineData(35, 12, OddOrigin.Relion, 18)]
    [InlineData(22, 10, OddOrigin.Relion, 11)]
    [InlineData(22, 11, OddOrigin.Relion, 11)]
    [InlineData(3, 1, OddOrigin.Relion, 2)]
    [InlineData(16, 7, OddOrigin.Half, 8)]
    [InlineData(17, 8, OddOrigin.Half, 8)]
    [InlineData(35, 12, OddOrigin.Half, 17)]
    [InlineData(3, 1, OddOrigin.Half, 1)]
    public void Forward_is_the_sum_about_the_origin_pixel(int n, int radius, OddOrigin oddOrigin, int origin)
    {
        Assert.Equal(origin, DiscTransform.OriginPixel(n, oddOrigin));
        var disc = new FourierDisc(100, radius);
        var transform = new DiscTransform(n, disc, oddOrigin);
        var image = NaiveDft.Random(n * n, 8).Select(v => (float)v).ToArray();
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength];
        Array.Fill(scratch, float.NaN);
        transform.Forward(image, re, im, scratch);
        for (var i = 0; i < disc.Count; i++)
        {
            Complex expected = 0;
            for (var p = 0; p < image.Length; p++)
            {
                var turn = ((disc.Kx[i] * ((p % n) - origin)) + (disc.Ky[i] * ((p / n) - origin))) / (double)n;
                expected += image[p] * Complex.FromPolarCoordinates(1, -2 * Math.PI * turn);
            }

            Assert.Equal(expected.Real, re[i], 2e-6 * n);
            Assert.Equal(expected.Imaginary, im[i], 2e-6 * n);
        }
    }

    [Theory]
    [InlineData(16, 7, OddOrigin.Relion, 8)]
    [InlineData(17, 8, OddOrigin.Relion, 9)]
    [InlineData(30, 9, OddOrigin.Half, 15)]
    [InlineData(35, 12, OddOrigin.Relion, 18)]
    [InlineData(35, 12, OddOrigin.Half, 17)]
    public void Inverse_is_the_sum_over_the_disc_and_its_conjugates(int n, int radius, OddOrigin oddOrigin, int origin)
    {
        var disc = new FourierDisc(100, radius);
        var transform = new DiscTransform(n, disc, oddOrigin);
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
                var angle = 2 * Math.PI * ((disc.Kx[i] * ((p % n) - origin)) + (disc.Ky[i] * ((p / n) - origin))) / n;
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
