using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Heterogeneity.Tests;

/// <summary>A body that stands and a body that tilts about a hinge between them, by an angle known for each particle.</summary>
internal static class TiltData
{
    public const int Box = 48;
    public const double Pixel = 4;

    /// <summary>Half the range of the angle, radians: 14 A from end to end at 55 A from the hinge.</summary>
    public const double Reach = 0.128;

    private const int Standing = 160;
    private const int Moving = 80;
    private const double HingeX = 15;

    public static readonly OpticsGroup Group = new() { PixelSize = Pixel, ImageSize = Box };

    public static readonly GaussianModel Neutral = At(0);

    /// <summary>The model tilted about an axis along y through the hinge.</summary>
    public static GaussianModel At(double angle)
    {
        var random = new Random(3);
        const int n = Standing + Moving;
        float[] x = new float[n], y = new float[n], z = new float[n], a = new float[n], s = new float[n];
        var turn = Rotation.FromRotationVector(0, angle, 0);
        for (var j = 0; j < n; j++)
        {
            var moves = j >= Standing;
            double U() => (2 * random.NextDouble()) - 1;
            double px = moves ? 45 + (25 * U()) : -20 + (30 * U()), py = (moves ? 14 : 30) * U(), pz = (moves ? 14 : 30) * U();
            if (moves)
            {
                var (rx, ry, rz) = turn.Apply(px - HingeX, py, pz);
                (px, py, pz) = (rx + HingeX, ry, rz);
            }

            (x[j], y[j], z[j]) = ((float)px, (float)py, (float)pz);
            a[j] = (float)(80 + (80 * random.NextDouble()));
            s[j] = (float)(2.5 + random.NextDouble());
        }

        return new GaussianModel(x, y, z, a, s, Box, Pixel);
    }

    /// <summary>Particles and their true coordinates, -1 to 1. Reach 0: nothing moves.</summary>
    public static (MemorySource Source, double[] Truth) Make(int count, double noise, double reach, int seed)
    {
        var source = new MemorySource([Group]);
        var truth = new double[count];
        var images = new (Particle Particle, float[] Image)[count];
        for (var p = 0; p < count; p++)
        {
            var random = new Random((1000 * seed) + p);
            truth[p] = (2 * random.NextDouble()) - 1;
            var pose = Draw.Pose(random, 3);
            var ctf = Draw.Ctf(random);
            images[p] = (new Particle(pose, ctf, 0, 1 + (p % 2)), ExactImages.Of(At(reach * truth[p]), Group, pose, ctf, noise, random));
        }

        foreach (var (particle, image) in images)
        {
            source.Add(particle, image);
        }

        return (source, truth);
    }

    /// <summary>Spearman's rank correlation.</summary>
    public static double Spearman(double[] a, double[] b)
    {
        double[] Ranks(double[] v)
        {
            var order = Enumerable.Range(0, v.Length).OrderBy(i => v[i]).ToArray();
            var ranks = new double[v.Length];
            for (var r = 0; r < order.Length; r++)
            {
                ranks[order[r]] = r;
            }

            return ranks;
        }

        double[] ra = Ranks(a), rb = Ranks(b);
        var mean = (a.Length - 1) / 2.0;
        double ab = 0, aa = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += (ra[i] - mean) * (rb[i] - mean);
            aa += (ra[i] - mean) * (ra[i] - mean);
        }

        return ab / aa;
    }
}
