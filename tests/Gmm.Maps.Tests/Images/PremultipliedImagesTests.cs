using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

/// <summary>Images that were multiplied by their CTF, as jobs read them: white noise again, and the signal that flipped phases have.</summary>
public class PremultipliedImagesTests
{
    private static readonly OpticsGroup s_group = new() { PixelSize = 2, ImageSize = 48, CtfState = CtfState.Premultiplied };

    [Fact]
    public void Their_noise_is_white_and_their_transfer_that_of_flipped_phases()
    {
        var random = new Random(5);
        var disc = ExactImages.DiscOf(s_group);
        var transform = new DiscTransform(s_group.ImageSize, disc);
        var source = new MemorySource([s_group]);
        var scratch = new float[transform.ScratchLength];
        List<(float[] Re, float[] Im)> white = [];
        for (var n = 0; n < 4; n++)
        {
            var ctf = new CtfParameters { DefocusU = 9000 + (2000 * n), DefocusV = 8000 + (2000 * n), PreExposure = 10 * n, ScaleFactor = 0.5 };
            float[] image = [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))], re = new float[disc.Count], im = new float[disc.Count];
            transform.Forward(image, re, im, scratch);
            white.Add((re, im));
            float[] mre = new float[disc.Count], mim = new float[disc.Count];
            for (var i = 0; i < disc.Count; i++)
            {
                var c = (float)Ctf.Evaluate(ctf with { ScaleFactor = 1 }, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
                (mre[i], mim[i]) = (c * re[i], c * im[i]);
            }

            transform.Inverse(mre, mim, image, scratch);
            source.Add(new Particle(default(Pose), ctf, 0, 1 + (n % 2)), [.. image.Select(v => v + 3)]);
        }

        var prepared = PreparedParticles.Of(source, ImageOptions.AsTheyAre, new ComputeOptions { Threads = 1 });
        Assert.Equal(CtfState.PhaseFlipped, prepared.OpticsGroups[0].CtfState);
        var images = new ParticleImages(prepared, 4.2);
        var seen = images.Disc(0);
        float[] a = new float[seen.Count], b = new float[seen.Count], transfer = new float[seen.Count];
        for (var n = 0; n < 4; n++)
        {
            Assert.True(images.Read(n, a, b, transfer));
            var scale = white[n].Re.Max(Math.Abs);
            for (var i = 1; i < seen.Count; i++)
            {
                var c = Ctf.Evaluate(source.Particles[n].Ctf with { ScaleFactor = 1 }, seen.Kx[i] / seen.BoxLength, seen.Ky[i] / seen.BoxLength);
                // Where the CTF is small nothing is blown up.
                var whole = c / Math.Max(Math.Abs(c), 0.05);
                Assert.Equal(whole * white[n].Re[i], a[i], 2e-4 * scale);
                Assert.Equal(whole * white[n].Im[i], b[i], 2e-4 * scale);
                Assert.Equal(0.5 * Math.Abs(c), transfer[i], 1e-5);
            }
        }
    }

    [Fact]
    public void A_constant_image_still_holds_nothing()
    {
        var source = new MemorySource([s_group]);
        for (var n = 0; n < 3; n++)
        {
            var random = new Random(n);
            source.Add(
                new Particle(default(Pose), new CtfParameters { DefocusU = 9000, DefocusV = 9000 }, 0, 1 + (n % 2)),
                [.. Enumerable.Range(0, 48 * 48).Select(_ => n == 1 ? 7 : (float)Draw.Normal(random))]);
        }

        var prepared = PreparedParticles.Of(source, new ImageOptions(), new ComputeOptions { Threads = 1 });
        Assert.Equal([1, 0, 1], prepared.Particles.Select(p => p.Weight));
    }
}
