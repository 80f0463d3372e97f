using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Testing;

/// <summary>Images of a Gaussian model made with the exact projector in float64 and noise in real space: nothing the gridding projector can spoil.</summary>
internal static class PoseTestData
{
    public const int Box = 64;
    public const double Pixel = 2.5;

    public static readonly OpticsGroup Group = new() { PixelSize = Pixel, ImageSize = Box };

    public static readonly GaussianModel Model = Ball(500, 45, 11, Box, Pixel);

    /// <summary>Gaussians in a ball, uneven amplitudes and widths, no symmetry.</summary>
    public static GaussianModel Ball(int count, double radius, int seed, int box, double pixel)
    {
        var random = new Random(seed);
        float[] x = new float[count], y = new float[count], z = new float[count], a = new float[count], s = new float[count];
        for (var j = 0; j < count; j++)
        {
            double u, v, w;
            do
            {
                (u, v, w) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            }
            while ((u * u) + (v * v) + (w * w) > 1);
            (x[j], y[j], z[j]) = ((float)(radius * u), (float)(0.8 * radius * v), (float)(radius * (w + (0.2 * u * u))));
            a[j] = (float)(50 + (100 * random.NextDouble()));
            s[j] = (float)(1.8 + (0.8 * random.NextDouble()));
        }

        return new GaussianModel(x, y, z, a, s, box, pixel);
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static CtfParameters RandomCtf(Random random)
    {
        var defocus = 8000 + (10000 * random.NextDouble());
        return new CtfParameters { DefocusU = defocus + 250, DefocusV = defocus, DefocusAngleDegrees = 180 * random.NextDouble() };
    }

    /// <summary>A pose moved by a normal step of given root mean square angle (three axes together) and length (two axes).</summary>
    public static Pose Disturb(Pose pose, double degrees, double angstrom, Random random)
    {
        double r = degrees * (Math.PI / 180) / Math.Sqrt(3), t = angstrom / Math.Sqrt(2);
        return pose.Step([r * Normal(random), r * Normal(random), r * Normal(random), t * Normal(random), t * Normal(random)]);
    }

    /// <summary>The step from one pose to another, in the tangent space at the first: three radians, two angstrom.</summary>
    public static double[] Step(Pose from, Pose to)
    {
        var m = to.Rotation * from.Rotation.Transpose();
        double x = m.M21 - m.M12, y = m.M02 - m.M20, z = m.M10 - m.M01;
        var sine = Math.Sqrt((x * x) + (y * y) + (z * z)) / 2;
        var scale = sine < 1e-12 ? 0.5 : Math.Atan2(sine, (m.M00 + m.M11 + m.M22 - 1) / 2) / (2 * sine);
        return [scale * x, scale * y, scale * z, to.ShiftX - from.ShiftX, to.ShiftY - from.ShiftY];
    }

    /// <summary>An image of a pose: exact projection, CTF and white noise of a standard deviation per pixel.</summary>
    public static float[] Image(GaussianModel model, OpticsGroup group, Pose pose, CtfParameters ctf, double noise, Random random)
    {
        var disc = new FourierDisc(group.BoxLength, (group.ImageSize - 1) / 2);
        var transform = new DiscTransform(group.ImageSize, disc);
        var projector = new DirectProjector<double>(model, disc);
        double[] re = new double[disc.Count], im = new double[disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        float[] fre = new float[disc.Count], fim = new float[disc.Count], image = new float[group.ImageSize * group.ImageSize];
        var cube = Math.Pow(group.PixelSize, 3);
        for (var i = 0; i < disc.Count; i++)
        {
            var c = Ctf.Evaluate(ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
            c = (group.CtfState == CtfState.Premultiplied ? c * c : c) / cube;
            (fre[i], fim[i]) = ((float)(re[i] * c), (float)(im[i] * c));
        }

        transform.Inverse(fre, fim, image, new float[transform.ScratchLength]);
        for (var i = 0; noise > 0 && i < image.Length; i++)
        {
            image[i] += (float)(noise * Normal(random));
        }

        return image;
    }

    /// <summary>Particles at random true poses, with their images; every second one is of half 2.</summary>
    public static MemorySource Particles(int count, double noise, int seed, GaussianModel? model = null, IReadOnlyList<OpticsGroup>? groups = null)
    {
        var random = new Random(seed);
        var source = new MemorySource(groups ?? [Group]);
        for (var p = 0; p < count; p++)
        {
            var optics = p / 2 % source.OpticsGroups.Count;
            var pose = AnalyticModel.RandomPose(random, 3);
            var ctf = RandomCtf(random);
            source.Add(new Particle(pose, ctf, optics, 1 + (p % 2)), Image(model ?? Model, source.OpticsGroups[optics], pose, ctf, noise, random));
        }

        return source;
    }

    /// <summary>Bands of a whitened score for white noise of a standard deviation per pixel, every ring trusted.</summary>
    public static PoseReference Reference(GaussianModel model, OpticsGroup group, double noise, params IReadOnlyList<double> resolutions) =>
        Reference(model, group, noise, GriddingProjector.DefaultAccuracy, resolutions);

    /// <summary>The same with a projector of a given accuracy.</summary>
    public static PoseReference Reference(GaussianModel model, OpticsGroup group, double noise, double accuracy, IReadOnlyList<double> resolutions)
    {
        var power = noise * noise * group.ImageSize * group.ImageSize;
        return new PoseReference([.. resolutions.Select(resolution =>
        {
            var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, resolution);
            var scorer = new WhitenedCorrelationScorer(
                disc, Enumerable.Repeat(power, disc.Radius + 1).ToArray(), Enumerable.Repeat(1.0, disc.Radius + 1).ToArray(), 1 / Math.Pow(group.PixelSize, 3));
            return new PoseBand(new GriddingProjector(model, disc, accuracy), scorer, resolution);
        })]);
    }

    /// <summary>A workspace with one particle of a source in it.</summary>
    public static PoseWorkspace Workspace(PoseReference reference, IParticleSource source, int index)
    {
        var group = source.OpticsGroups[source.Particles[index].OpticsIndex];
        var pixels = new float[group.ImageSize * group.ImageSize];
        source.ReadImage(index, pixels);
        var workspace = new PoseWorkspace(reference);
        var transform = new DiscTransform(group.ImageSize, reference.Disc);
        transform.Forward(pixels, workspace.Re, workspace.Im, new float[transform.ScratchLength]);
        Ctf.FillTransfer(source.Particles[index].Ctf, group.CtfState, reference.Disc, workspace.Transfer);
        workspace.Prepare();
        return workspace;
    }
}
