using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.TestData;

/// <summary>A set small enough to be refined in a second or two: 60 Gaussians in a box of 48, poses disturbed by 4 degrees and 1 A rms.</summary>
internal static class JobTestData
{
    public const int Count = 160;
    public const double Noise = 0.3;

    public static readonly OpticsGroup Group = new() { ImageSize = 48, PixelSize = 2.5 };

    public static readonly GaussianModel Model = PoseTestData.Ball(60, 32, 17, 48, 2.5);

    /// <summary>The particles at their true poses.</summary>
    public static readonly MemorySource Truth = PoseTestData.Particles(Count, Noise, 51, Model, [Group]);

    public static readonly Pose[] Starts = Disturbed();

    public static SolventMask Mask { get; } = SolventMasks.Sphere(48, 2.5, 44, 8);

    public static RefinementOptions Options => new()
    {
        Iterations = 3,
        Gaussians = 60,
        Mask = Mask,
        MaxResolution = 7,
        ChunkSize = 30,
        NoiseParticles = 60,
        StopWhenStationary = false,
    };

    /// <summary>The particles at their disturbed poses, in memory; images of one half may be replaced.</summary>
    public static InMemoryParticles InMemory(Func<int, float[]>? image = null) => new(
        [Group],
        [.. Truth.Particles.Select((p, i) => p with { Pose = Starts[i] })],
        [.. Truth.Images.Select((v, i) => (ReadOnlyMemory<float>)(image?.Invoke(i) ?? v))]);

    /// <summary>Writes the disturbed particles and their stack into a folder; returns the STAR file.</summary>
    public static string Write(string folder, string name = "particles") => Write(InMemory(), folder, name);

    /// <summary>Writes particles of one optics group and their stack into a folder; returns the STAR file.</summary>
    public static string Write(IParticleSource source, string folder, string name = "particles")
    {
        Directory.CreateDirectory(folder);
        var group = source.OpticsGroups[0];
        var image = new float[group.ImageSize * group.ImageSize];
        using (var stack = new MrcStackWriter(Path.Combine(folder, name + ".mrcs"), group.ImageSize, group.ImageSize, group.PixelSize))
        {
            for (var i = 0; i < source.Particles.Count; i++)
            {
                source.ReadImage(i, image);
                stack.Write(image);
            }

            stack.Complete();
        }

        var star = Path.Combine(folder, name + ".star");
        StarParticles.WriteParticleStar(
            star, [group], [.. source.Particles], [.. Enumerable.Range(0, source.Particles.Count).Select(i => StarParticles.ImageName(i, name + ".mrcs"))]);
        return star;
    }

    /// <summary>The same as a RELION 3.0 file: one table, pixels, no optics groups, no image size, no half sets.</summary>
    public static string WriteFlat(string folder, double pixelSizeInFile)
    {
        Write(folder, "flat");
        var lines = new List<string>
        {
            "data_", string.Empty, "loop_", "_rlnImageName #1", "_rlnAngleRot #2", "_rlnAngleTilt #3", "_rlnAnglePsi #4", "_rlnOriginX #5", "_rlnOriginY #6",
            "_rlnDefocusU #7", "_rlnDefocusV #8", "_rlnDefocusAngle #9", "_rlnVoltage #10", "_rlnSphericalAberration #11", "_rlnAmplitudeContrast #12",
            "_rlnMagnification #13", "_rlnDetectorPixelSize #14",
        };
        for (var i = 0; i < Count; i++)
        {
            var (p, e, c) = (Starts[i], Starts[i].Rotation.ToEuler(), Truth.Particles[i].Ctf);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1}@flat.mrcs {e.RotDegrees} {e.TiltDegrees} {e.PsiDegrees} {-p.ShiftX / 2.5} {-p.ShiftY / 2.5} {c.DefocusU} {c.DefocusV} "
                + $"{c.DefocusAngleDegrees} 300 2.7 0.1 10000 {pixelSizeInFile}"));
        }

        File.WriteAllLines(Path.Combine(folder, "flat.star"), lines);
        return Path.Combine(folder, "flat.star");
    }

    /// <summary>Runs a refinement to its end.</summary>
    public static RefinementState Run(IParticleSource source, RefinementOptions options, int threads = 2)
    {
        var loop = new RefinementLoop(source, options, new ComputeOptions { Threads = threads });
        var state = loop.Start();
        while (!loop.IsFinished(state))
        {
            state = loop.Next(state);
        }

        return state;
    }

    private static Pose[] Disturbed()
    {
        var random = new Random(52);
        return [.. Truth.Particles.Select(p => Draw.Near(random, p.Pose, 4, 1))];
    }
}
