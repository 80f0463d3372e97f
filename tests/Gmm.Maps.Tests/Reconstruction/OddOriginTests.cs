using Gmm.Core;

namespace Gmm.Maps.Tests;

/// <summary>Images of odd side, written down in real space with the origin at either pixel, against the map written down in real space.</summary>
public sealed class OddOriginTests
{
    private const int Size = 33;
    private const double Pixel = 2;
    private static readonly (double X, double Y, double Z, double Amplitude, double Width)[] Gaussians =
        [(6, -3, 4, 900, 3.2), (-9, 5, 1, 700, 3.0), (2, 10, -8, 1100, 3.6), (-3, -11, -5, 800, 3.1), (11, 4, 9, 600, 3.3)];

    [Theory]
    [InlineData(OddOrigin.Relion, OddOrigin.Relion, true)]
    [InlineData(OddOrigin.Half, OddOrigin.Half, true)]
    [InlineData(OddOrigin.Relion, OddOrigin.Half, false)]
    [InlineData(OddOrigin.Half, OddOrigin.Relion, false)]
    public void The_map_is_the_structure_where_the_origin_is_the_images_own(OddOrigin written, OddOrigin read, bool same)
    {
        var origin = written == OddOrigin.Relion ? 17 : 16;
        var random = new Random(3);
        var (particles, images) = (new List<Particle>(), new List<ReadOnlyMemory<float>>());
        for (var i = 0; i < 400; i++)
        {
            var angles = new EulerAngles(360 * random.NextDouble(), Math.Acos((2 * random.NextDouble()) - 1) * 180 / Math.PI, 360 * random.NextDouble());
            var pose = new Pose(Rotation.FromEuler(angles), (3 * random.NextDouble()) - 1.5, (3 * random.NextDouble()) - 1.5);
            particles.Add(new Particle(pose, new CtfParameters { DefocusU = 0, DefocusV = 0 }, 0, 1 + (i % 2)));
            images.Add(Image(pose, origin));
        }

        var group = new OpticsGroup { PixelSize = Pixel, ImageSize = Size, CtfState = CtfState.None, OddOrigin = read };
        var map = new FourierReconstructor().Reconstruct(
            new(new InMemoryParticles([group], particles, images)), new ReconstructionOptions(), new ComputeOptions { Threads = 1 });
        var error = RelativeError(map.Voxels);
        Assert.True(same ? error < 0.05 : error > 0.3, $"relative error {error}");
    }

    private static float[] Image(Pose pose, int origin)
    {
        var r = pose.Rotation;
        var image = new float[Size * Size];
        foreach (var g in Gaussians)
        {
            var u = (r.M00 * g.X) + (r.M01 * g.Y) + (r.M02 * g.Z) + pose.ShiftX;
            var v = (r.M10 * g.X) + (r.M11 * g.Y) + (r.M12 * g.Z) + pose.ShiftY;
            for (var p = 0; p < image.Length; p++)
            {
                double x = (((p % Size) - origin) * Pixel) - u, y = (((p / Size) - origin) * Pixel) - v;
                image[p] += (float)(g.Amplitude / (2 * Math.PI * g.Width * g.Width) * Math.Exp(-((x * x) + (y * y)) / (2 * g.Width * g.Width)) / Pixel);
            }
        }

        return image;
    }

    private static double RelativeError(float[] voxels)
    {
        double off = 0, square = 0;
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = ((i % Size) - (Size / 2)) * Pixel, y = ((i / Size % Size) - (Size / 2)) * Pixel, z = ((i / Size / Size) - (Size / 2)) * Pixel;
            var expected = Gaussians.Sum(g =>
                g.Amplitude / Math.Pow(2 * Math.PI * g.Width * g.Width, 1.5) * Math.Exp(
                    -(Math.Pow(x - g.X, 2) + Math.Pow(y - g.Y, 2) + Math.Pow(z - g.Z, 2)) / (2 * g.Width * g.Width)));
            square += expected * expected;
            off += Math.Pow(voxels[i] - expected, 2);
        }

        return Math.Sqrt(off / square);
    }
}
