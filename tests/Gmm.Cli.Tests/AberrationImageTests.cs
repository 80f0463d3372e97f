using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli.Tests;

/// <summary>Images that `gmm project` makes with aberrations and a magnification are, once read, those of an ideal microscope.</summary>
public sealed class AberrationImageTests : IDisposable
{
    private const int Box = 64;
    private const double Pixel = 1.5;

    private readonly Tool _tool = new();

    [Fact]
    public void What_the_optics_did_to_an_image_is_taken_out_where_it_is_read()
    {
        var random = new Random(8);
        float[] Along(double from, double to) => [.. Enumerable.Range(0, 40).Select(_ => (float)(from + ((to - from) * random.NextDouble())))];
        var model = new GaussianModel(Along(-18, 18), Along(-18, 18), Along(-18, 18), Along(0.5, 1.5), Along(1.5, 2), Box, Pixel);
        GaussianModelFile.Write(_tool["m.star"], model);
        OpticsGroup Group(int id, Aberrations? a) => new() { Id = id, Name = $"g{id}", ImageSize = Box, PixelSize = Pixel, Aberrations = a };
        var tilt = Aberrations.BeamTilt(1.5, -1, 2.7, 0.0197);
        OpticsGroup[] groups =
        [
            Group(1, new Aberrations(tilt, [0, 0.3, 0, -0.2, 20, 0, 0, 0, -10], new Magnification(1.02, 0.01, -0.004, 0.985))),
            Group(2, new Aberrations(tilt, [0, 0.3, 0, -0.2, 20, 0, 0, 0, -10])),
            Group(3, null),
        ];
        Particle[] particles = [.. Enumerable.Range(0, 12).Select(i => new Particle(
            Pose.FromRelion(new EulerAngles(30 * i, 15 * i, 70 - i), (i % 5) - 2.5, 3.25 - i),
            new CtfParameters { DefocusU = 1500 + (50 * i), DefocusV = 1400 + (50 * i), DefocusAngleDegrees = 10 * i }, i % 3, 1 + (i % 2)))];
        StarParticles.WriteParticleStar(
            _tool["poses.star"], groups, particles, [.. particles.Select((_, i) => StarParticles.ImageName(i, "none.mrcs"))]);
        Tool.Run("project", _tool["m.star"], "--poses", _tool["poses.star"], "--out", _tool["p.mrcs"], "--ctf", "full").RequireSuccess();

        using var images = StarParticles.Open(_tool["p.star"]);
        Assert.Equal(groups.Select(g => g.Aberrations), images.OpticsGroups.Select(g => g.Aberrations));
        var reader = new ParticleImages(images, 3.6);
        Assert.All(Enumerable.Range(0, particles.Length), i => Check(i, model, images, reader));
    }

    public void Dispose() => _tool.Dispose();

    private static void Check(int index, GaussianModel model, StarParticles images, ParticleImages reader)
    {
        var particle = images.Particles[index];
        var disc = reader.Disc(particle.OpticsIndex);
        float[] re = new float[disc.Count], im = new float[disc.Count], transfer = new float[disc.Count], trueRe = new float[disc.Count],
            trueIm = new float[disc.Count];
        Assert.True(reader.Read(index, re, im, transfer));
        var projector = new DirectProjector<float>(model, disc);
        projector.Project(particle.Pose, trueRe, trueIm, projector.CreateScratch());
        double difference = 0, power = 0;
        for (var i = 0; i < disc.Count; i++)
        {
            var factor = transfer[i] / Math.Pow(Pixel, 3);
            difference += Math.Pow(re[i] - (factor * trueRe[i]), 2) + Math.Pow(im[i] - (factor * trueIm[i]), 2);
            power += Math.Pow(factor * trueRe[i], 2) + Math.Pow(factor * trueIm[i], 2);
        }

        // What is left: the projection's rest, and what the CTF moved over the image's edge and in again on the other side.
        var error = Math.Sqrt(difference / power);
        Assert.True(error < 5e-3, $"particle {index}: {error}");
    }
}
