using Gmm.Core;
using Gmm.Testing;

namespace Gmm.TestData;

/// <summary>A few random Gaussians and their images, from the formulas alone.</summary>
internal static class RandomGaussians
{
    public static AnalyticModel Make(int seed, double radius, double width, int count = 14, SymmetryGroup? symmetry = null, Rotation? turn = null)
    {
        var random = new Random(seed);
        var list = new List<AnalyticGaussian>();
        while (list.Count < count)
        {
            double x = random.NextDouble() - 0.5, y = random.NextDouble() - 0.5, z = random.NextDouble() - 0.5;
            if ((x * x) + (y * y) + (z * z) < 0.25)
            {
                list.Add(new(2 * radius * x, 2 * radius * y, 2 * radius * z, 1 + (2 * random.NextDouble()), width * (0.8 + (0.4 * random.NextDouble()))));
            }
        }

        return new AnalyticModel((symmetry ?? SymmetryGroup.None).Operators.SelectMany(s => list.Select(g =>
        {
            var (x, y, z) = ((turn ?? Rotation.Identity) * s).Apply(g.X, g.Y, g.Z);
            return g with { X = x, Y = y, Z = z };
        })));
    }

    /// <summary>Particles at random poses, without noise; every second one is of half 2.</summary>
    public static MemorySource Images(this AnalyticModel model, IReadOnlyList<OpticsGroup> groups, int count, int seed, double shift = 3)
    {
        var random = new Random(seed);
        var source = new MemorySource(groups);
        for (var p = 0; p < count; p++)
        {
            var optics = p / 2 % groups.Count;
            var pose = Draw.Pose(random, shift);
            var defocus = 8000 + (8000 * random.NextDouble());
            var ctf = new CtfParameters { DefocusU = defocus + 300, DefocusV = defocus, DefocusAngleDegrees = 180 * random.NextDouble() };
            source.Add(new Particle(pose, ctf, optics, 1 + (p % 2)), model.Image(groups[optics], pose, ctf));
        }

        return source;
    }
}
