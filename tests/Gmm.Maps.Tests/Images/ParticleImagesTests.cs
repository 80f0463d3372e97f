using Gmm.Core;
using Gmm.TestData;
using Xunit;

namespace Gmm.Maps.Tests;

/// <summary>What is read of an image, against the plain sums of its transform and the CTF one by one in float64.</summary>
public class ParticleImagesTests
{
    private static readonly OpticsGroup[] Groups =
    [
        new() { PixelSize = 2, ImageSize = 24, CtfState = CtfState.PhaseFlipped },
        new() { PixelSize = 2.5, ImageSize = 17, CtfState = CtfState.Premultiplied },
    ];

    [Fact]
    public void Coefficients_and_transfer_are_those_of_the_definition()
    {
        var source = RandomGaussians.Make(9, 18, 2).Images(Groups, 6, 31);
        var images = new ParticleImages(source, 9);
        for (var index = 0; index < 6; index++)
        {
            var (particle, group) = (source.Particles[index], Groups[source.Particles[index].OpticsIndex]);
            var disc = images.Disc(particle.OpticsIndex);
            float[] re = new float[disc.Count], im = new float[disc.Count], transfer = new float[disc.Count], expected = new float[disc.Count],
                alone = new float[disc.Count];
            Assert.True(images.Read(index, re, im, transfer));
            Ctf.FillTransfer(particle.Ctf, group.CtfState, disc, expected);
            images.FillTransfer(index, alone);
            Assert.Equal(transfer, alone);
            var scale = source.Images[index].Sum(v => (double)Math.Abs(v));
            for (var i = 0; i < disc.Count; i++)
            {
                var (sumRe, sumIm) = Coefficient(source.Images[index], group.ImageSize, disc.Kx[i], disc.Ky[i]);
                Assert.Equal(sumRe, re[i], 1e-6 * scale);
                Assert.Equal(sumIm, im[i], 1e-6 * scale);
                Assert.Equal(expected[i], transfer[i], 2e-6f);
            }
        }
    }

    [Fact]
    public void Nothing_is_read_of_a_constant_image_or_one_without_weight()
    {
        var source = RandomGaussians.Make(9, 18, 2).Images(Groups[..1], 6, 31);
        Array.Fill(source.Images[1], 3);
        var images = new ParticleImages(new Weighted(source, 2), 9);
        var n = images.Disc(0).Count;
        float[] re = new float[n], im = new float[n], transfer = new float[n];
        Assert.False(images.Read(1, re, im, transfer));
        Assert.False(images.Read(2, re, im, transfer));
        Assert.All([.. re, .. im, .. transfer], v => Assert.Equal(0, v));
        Assert.True(images.Read(3, re, im, transfer));
    }

    [Fact]
    public void What_is_not_finite_is_named()
    {
        var source = RandomGaussians.Make(9, 18, 2).Images(Groups[..1], 6, 31);
        source.Images[4][100] = float.NegativeInfinity;
        var images = new ParticleImages(source, 9);
        var n = images.Disc(0).Count;
        var e = Assert.Throws<InvalidInputException>(() => images.Read(4, new float[n], new float[n], new float[n]));
        Assert.Contains(source.Describe(4), e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParticleImages(source, []));
    }

    private static (double Re, double Im) Coefficient(float[] image, int size, int kx, int ky)
    {
        double re = 0, im = 0;
        var origin = DiscTransform.OriginPixel(size);
        for (var i = 0; i < image.Length; i++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * ((kx * ((i % size) - origin)) + (ky * ((i / size) - origin))) / size);
            (re, im) = (re + (image[i] * cos), im + (image[i] * sin));
        }

        return (re, im);
    }

    /// <summary>The same particles, one without a weight.</summary>
    private sealed class Weighted(IParticleSource source, int without) : IParticleSource
    {
        public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

        public IReadOnlyList<Particle> Particles { get; } = [.. source.Particles.Select((p, i) => i == without ? p with { Weight = 0 } : p)];

        public void ReadImage(int index, Span<float> pixels) => source.ReadImage(index, pixels);

        public string Describe(int index) => source.Describe(index);
    }
}
