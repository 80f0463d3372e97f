using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>A body with a domain that swings about a hinge by 10 degrees rms, small enough to be refined in seconds: 130 Gaussians in a box of 48.</summary>
internal static class FocusTestData
{
    public const int Box = 48;
    public const double Pixel = 2.5;
    public const double HingeDegrees = 10;

    public static readonly OpticsGroup Group = new() { ImageSize = Box, PixelSize = Pixel };

    public static readonly (double X, double Y, double Z) Hinge = (10, 0, 8);

    /// <summary>The axis of the hinge.</summary>
    public static readonly double[] Axis = [0, 0.8, 0.6];

    public static readonly (double X, double Y, double Z) Centre = (34, 0, 14);

    public static readonly GaussianModel Body = PoseTestData.Ball(90, 24, 71, Box, Pixel);

    public static readonly GaussianModel Domain = Shifted(PoseTestData.Ball(40, 13, 72, Box, Pixel));

    /// <summary>The region: a sphere about the domain.</summary>
    public static readonly SolventMask Mask = Sphere(Centre, 15, 8);

    public static readonly SolventMask Solvent = SolventMasks.Sphere(Box, Pixel, 52, 6);

    public static RefinementOptions Options(FocusRegionOptions focus) => new()
    {
        Iterations = 2,
        Gaussians = 130,
        Mask = Solvent,
        MaxResolution = 8,
        NoiseParticles = 60,
        StopWhenStationary = false,
        Focus = focus,
    };

    public static FocusRegionOptions Region(FocusMode mode = FocusMode.Subtract) => new() { Mask = Mask, Options = new FocusOptions { Mode = mode } };

    /// <summary>Particles at the poses of their bodies, and the true poses of their domains.</summary>
    public static (MemorySource Source, Pose[] Domains) Particles(int count, double noise, int seed, double hingeDegrees = HingeDegrees)
    {
        var random = new Random(seed);
        var source = new MemorySource([Group]);
        var domains = new Pose[count];
        for (var i = 0; i < count; i++)
        {
            var pose = Draw.Pose(random, 2);
            var angle = hingeDegrees * (Math.PI / 180) * Draw.Normal(random);
            domains[i] = Swung(pose, angle);
            var ctf = Draw.Ctf(random);
            var image = ExactImages.Of(Body, Group, pose, ctf, noise, random);
            var domain = ExactImages.Of(Domain, Group, domains[i], ctf, 0, random);
            for (var p = 0; p < image.Length; p++)
            {
                image[p] += domain[p];
            }

            source.Add(new Particle(pose, ctf, 0, 1 + (i % 2)), image);
        }

        return (source, domains);
    }

    /// <summary>Writes particles and their stack into a folder; returns the STAR file.</summary>
    public static string Write(string folder, MemorySource source)
    {
        Directory.CreateDirectory(folder);
        using (var stack = new MrcStackWriter(Path.Combine(folder, "particles.mrcs"), Box, Box, Pixel))
        {
            foreach (var image in source.Images)
            {
                stack.Write(image);
            }

            stack.Complete();
        }

        var star = Path.Combine(folder, "particles.star");
        StarParticles.WriteParticleStar(
            star, [Group], source.Particles, [.. Enumerable.Range(0, source.Particles.Count).Select(i => StarParticles.ImageName(i, "particles.mrcs"))]);
        return star;
    }

    /// <summary>Root mean square error of the domain: degrees, and angstrom in the image.</summary>
    public static (double Degrees, double Angstrom) Error(IReadOnlyList<Pose> domains, IEnumerable<Pose> found)
    {
        var region = new FocusRegion(Mask);
        var errors = found.Select((p, i) => region.Movement(domains[i], p)).ToArray();
        return (Math.Sqrt(errors.Average(e => e.Angle * e.Angle)) * (180 / Math.PI), Math.Sqrt(errors.Average(e => e.Movement * e.Movement)));
    }

    public static SolventMask Sphere((double X, double Y, double Z) centre, double radius, double edge)
    {
        var voxels = new float[Box * Box * Box];
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = (((i % Box) - (Box / 2)) * Pixel) - centre.X, y = (((i / Box % Box) - (Box / 2)) * Pixel) - centre.Y;
            var z = (((i / (Box * Box)) - (Box / 2)) * Pixel) - centre.Z;
            var outside = Math.Clamp((Math.Sqrt((x * x) + (y * y) + (z * z)) - radius) / edge, 0, 1);
            voxels[i] = (float)(0.5 + (0.5 * Math.Cos(Math.PI * outside)));
        }

        return new SolventMask(Box, Pixel, voxels);
    }

    private static Pose Swung(in Pose pose, double angle)
    {
        var rotation = pose.Rotation * Rotation.FromRotationVector(angle * Axis[0], angle * Axis[1], angle * Axis[2]);
        var (ax, ay, _) = pose.Rotation.Apply(Hinge.X, Hinge.Y, Hinge.Z);
        var (bx, by, _) = rotation.Apply(Hinge.X, Hinge.Y, Hinge.Z);
        return new Pose(rotation, pose.ShiftX + ax - bx, pose.ShiftY + ay - by);
    }

    private static GaussianModel Shifted(GaussianModel m)
    {
        static float[] By(ReadOnlySpan<float> column, double shift)
        {
            var moved = column.ToArray();
            foreach (ref var v in moved.AsSpan())
            {
                v += (float)shift;
            }

            return moved;
        }

        return new GaussianModel(By(m.X, Centre.X), By(m.Y, Centre.Y), By(m.Z, Centre.Z), m.Amplitudes, m.Widths, Box, Pixel);
    }
}
