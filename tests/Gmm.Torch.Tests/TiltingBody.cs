using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Torch.Tests;

/// <summary>A structure of two bodies, one of which tilts, and images of it.</summary>
internal static class TiltingBody
{
    private const int Box = 32;
    private const double Pixel = 4;

    /// <summary>A body that stands and one that tilts by a coordinate of -1 to 1.</summary>
    public static GaussianModel At(double coordinate)
    {
        var random = new Random(3);
        const int n = 60;
        float[] x = new float[n], y = new float[n], z = new float[n], a = new float[n], s = new float[n];
        var turn = Rotation.FromRotationVector(0, 0.2 * coordinate, 0);
        for (var j = 0; j < n; j++)
        {
            double U() => (2 * random.NextDouble()) - 1;
            double px = j < 40 ? -15 + (18 * U()) : 28 + (14 * U()), py = 12 * U(), pz = 12 * U();
            var (rx, ry, rz) = j < 40 ? (px, py, pz) : turn.Apply(px, py, pz);
            (x[j], y[j], z[j]) = ((float)rx, (float)ry, (float)rz);
            (a[j], s[j]) = ((float)(80 + (80 * random.NextDouble())), (float)(2.5 + random.NextDouble()));
        }

        return new GaussianModel(x, y, z, a, s, Box, Pixel);
    }

    /// <summary>Particles of it with noise, and the coordinate of each.</summary>
    public static (InMemoryParticles Source, double[] Truth) Particles(int count, double noise)
    {
        var group = new OpticsGroup { Id = 1, PixelSize = Pixel, ImageSize = Box };
        var random = new Random(5);
        var truth = new double[count];
        var particles = new Particle[count];
        var images = new ReadOnlyMemory<float>[count];
        for (var i = 0; i < count; i++)
        {
            truth[i] = (2 * random.NextDouble()) - 1;
            var (pose, ctf) = (Draw.Pose(random, 2), Draw.Ctf(random));
            particles[i] = new Particle(pose, ctf, 0, 1 + (i % 2));
            images[i] = ExactImages.Of(At(truth[i]), group, pose, ctf, noise, random);
        }

        return (new InMemoryParticles([group], particles, images), truth);
    }
}
