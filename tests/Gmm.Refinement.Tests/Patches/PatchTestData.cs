using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>Two domains of 60 Gaussians each, side by side, which move by themselves in every particle.</summary>
internal static class PatchTestData
{
    public const int Box = 48;
    public const double Pixel = 2.5;

    public static readonly OpticsGroup Group = new() { ImageSize = Box, PixelSize = Pixel };

    /// <summary>The domains, each with its centre at the origin.</summary>
    public static readonly GaussianModel[] Domains = [PoseTestData.Ball(60, 17, 61, Box, Pixel), PoseTestData.Ball(60, 17, 62, Box, Pixel)];

    public static readonly Patch[] Patches =
    [
        new Patch("patch01", Mask(-20), -20, 0, 0),
        new Patch("patch02", Mask(20), 20, 0, 0),
    ];

    /// <summary>Both domains at rest.</summary>
    public static readonly GaussianModel Whole = Join();

    public static readonly SolventMask Solvent = SolventMasks.Unite(Mask(-20), Mask(20));

    /// <summary>Particles whose domains are off by root mean square angles and shifts about their centres, and the domains' poses (of the whole map).</summary>
    public static (MemorySource Source, Pose[][] Truth) Particles(int count, double degrees, double angstrom, double noise, int seed, double kilovolt = 300)
    {
        var random = new Random(seed);
        var source = new MemorySource([Group]);
        Pose[][] truth = [new Pose[count], new Pose[count]];
        for (var p = 0; p < count; p++)
        {
            var pose = Draw.Pose(random, 3);
            var ctf = Draw.Ctf(random) with { VoltageKilovolt = kilovolt };
            var image = new float[Box * Box];
            for (var d = 0; d < 2; d++)
            {
                var moved = Draw.Near(random, PatchFrame.ToPatch(pose, Patches[d]), degrees, angstrom);
                truth[d][p] = PatchFrame.FromPatch(moved, Patches[d]);
                var part = ExactImages.Of(Domains[d], Group, moved, ctf, d == 0 ? noise : 0, random);
                for (var i = 0; i < image.Length; i++)
                {
                    image[i] += part[i];
                }
            }

            source.Add(new Particle(pose, ctf, 0, 1 + (p % 2)), image);
        }

        return (source, truth);
    }

    /// <summary>Root mean square angle (degrees) and shift (angstrom, of the patch's centre) between poses and the truth.</summary>
    public static (double Degrees, double Angstrom) Error(IReadOnlyList<Pose> poses, Pose[] truth, Patch patch)
    {
        double angle = 0, shift = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            Pose a = PatchFrame.ToPatch(poses[i], patch), b = PatchFrame.ToPatch(truth[i], patch);
            angle += Math.Pow(a.Rotation.AngleTo(b.Rotation), 2);
            shift += Math.Pow(a.ShiftX - b.ShiftX, 2) + Math.Pow(a.ShiftY - b.ShiftY, 2);
        }

        return (Math.Sqrt(angle / truth.Length) * (180 / Math.PI), Math.Sqrt(shift / truth.Length));
    }

    /// <summary>A reference of the true model with white noise of a standard deviation per pixel.</summary>
    public static PatchReference Reference(PatchReferenceKind kind, bool joint, double noise, double resolution = 7, int ewaldSign = 0)
    {
        var disc = FourierDisc.ForResolution(Box, Pixel, resolution);
        double[] power = [.. Enumerable.Repeat(noise * noise * Box * Box, disc.Radius + 1)], weight = [.. Enumerable.Repeat(1.0, disc.Radius + 1)];
        var scorer = new WhitenedCorrelationScorer(disc, power, weight, 1 / Math.Pow(Pixel, 3));
        return new PatchReference(PatchBodies.Of(Whole, Patches, kind, joint), scorer, Projectors.Gridding, resolution, ewaldSign);
    }

    /// <summary>The same isotropic distribution of motions for both patches.</summary>
    public static RigidMotionPrior[] Motions(double degrees, double angstrom) => [.. Patches.Select(p => RigidMotionPrior.Start(p.Centre, degrees, angstrom))];

    public static void Load(PatchWorkspace workspace, IParticleSource source, int index)
    {
        var images = new ParticleImages(source, workspace.Reference.Resolution);
        Assert.True(workspace.Image.Read(images, index));
    }

    private static SolventMask Mask(double x)
    {
        // Within 24 A of the domain's Gaussians, so that the two masks hardly meet.
        var domain = Domains[x < 0 ? 0 : 1];
        (double, double, double)[] places = [.. Enumerable.Range(0, domain.Count).Select(j => (domain.X[j] + x, (double)domain.Y[j], (double)domain.Z[j]))];
        return SolventMasks.FromAtoms(Box, Pixel, places, 4, 5);
    }

    private static GaussianModel Join()
    {
        float[] Both(Func<GaussianModel, float[]> column) => [.. column(Domains[0]), .. column(Domains[1])];
        return new GaussianModel(
            [.. Domains[0].X.ToArray().Select(x => x - 20), .. Domains[1].X.ToArray().Select(x => x + 20)],
            Both(d => d.Y.ToArray()), Both(d => d.Z.ToArray()), Both(d => d.Amplitudes.ToArray()), Both(d => d.Widths.ToArray()), Box, Pixel);
    }
}
