using System.Numerics;
using Gmm.Core;

namespace Gmm.Testing;

/// <summary>A few Gaussians whose transform is written down from the formula in float64, without the library's projectors.</summary>
internal sealed class AnalyticModel
{
    private readonly double[][] _gaussians;

    public AnalyticModel(int seed, double radius, double width, int count = 14, SymmetryGroup? symmetry = null, Rotation? turn = null)
    {
        var random = new Random(seed);
        var list = new List<double[]>();
        while (list.Count < count)
        {
            double x = random.NextDouble() - 0.5, y = random.NextDouble() - 0.5, z = random.NextDouble() - 0.5;
            if ((x * x) + (y * y) + (z * z) < 0.25)
            {
                list.Add([2 * radius * x, 2 * radius * y, 2 * radius * z, 1 + (2 * random.NextDouble()), width * (0.8 + (0.4 * random.NextDouble()))]);
            }
        }

        _gaussians = [.. (symmetry ?? SymmetryGroup.None).Operators.SelectMany(s => list.Select(g =>
        {
            var (x, y, z) = ((turn ?? Rotation.Identity) * s).Apply(g[0], g[1], g[2]);
            return new[] { x, y, z, g[3], g[4] };
        }))];
    }

    public Complex Transform(double kx, double ky, double kz)
    {
        Complex sum = 0;
        var k2 = (kx * kx) + (ky * ky) + (kz * kz);
        foreach (var g in _gaussians)
        {
            sum += g[3] * Math.Exp(-2 * Math.PI * Math.PI * g[4] * g[4] * k2) * Complex.FromPolarCoordinates(
                1, -2 * Math.PI * ((kx * g[0]) + (ky * g[1]) + (kz * g[2])));
        }

        return sum;
    }

    /// <summary>The transform of the image of a pose: the central slice, shifted.</summary>
    public Complex Slice(Pose pose, double kx, double ky)
    {
        var m = pose.Rotation;
        var value = Transform((m.M00 * kx) + (m.M10 * ky), (m.M01 * kx) + (m.M11 * ky), (m.M02 * kx) + (m.M12 * ky));
        return value * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((kx * pose.ShiftX) + (ky * pose.ShiftY)));
    }

    /// <summary>Particle images: the slice over the cubed pixel size, times a transfer that is computed here from Ctf.Evaluate.</summary>
    public MemorySource Images(IReadOnlyList<OpticsGroup> groups, int count, int seed, double shift = 3)
    {
        var random = new Random(seed);
        var source = new MemorySource(groups);
        var transforms = groups.Select(g => new DiscTransform(g.ImageSize, new FourierDisc(g.BoxLength, (g.ImageSize - 1) / 2))).ToArray();
        for (var p = 0; p < count; p++)
        {
            var optics = p / 2 % groups.Count;
            var group = groups[optics];
            var pose = RandomPose(random, shift);
            var defocus = 8000 + (8000 * random.NextDouble());
            var ctf = new CtfParameters { DefocusU = defocus + 300, DefocusV = defocus, DefocusAngleDegrees = 180 * random.NextDouble() };
            source.Add(new Particle(pose, ctf, optics, 1 + (p % 2)), Image(transforms[optics], group, pose, ctf));
        }

        return source;
    }

    public static Pose RandomPose(Random random, double shift)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var rotation = Rotation.FromQuaternion(Normal(), Normal(), Normal(), Normal());
        return new Pose(rotation, shift * ((2 * random.NextDouble()) - 1), shift * ((2 * random.NextDouble()) - 1));
    }

    /// <summary>The map of the model: its transform over the cubed pixel size on every grid point inside the Nyquist sphere.</summary>
    public DensityMap Map(int n, double pixel)
    {
        var fft = new RealFft3D<double>(n, n, n);
        double[] re = new double[fft.SpectrumLength], im = new double[fft.SpectrumLength], real = new double[fft.RealLength];
        var last = (n - 1) / 2;
        for (var z = -last; z <= last; z++)
        {
            for (var y = -last; y <= last; y++)
            {
                for (var x = 0; x <= last; x++)
                {
                    var c = Transform(x / (n * pixel), y / (n * pixel), z / (n * pixel)) / (pixel * pixel * pixel)
                        * Complex.FromPolarCoordinates(1, -2 * Math.PI * (n / 2) * (x + y + z) / n);
                    var i = ((((z + n) % n * n) + ((y + n) % n)) * fft.SpectrumWidth) + x;
                    (re[i], im[i]) = (c.Real, c.Imaginary);
                }
            }
        }

        fft.Inverse(re, im, real, new double[fft.ScratchLength]);
        return new DensityMap(n, pixel, Array.ConvertAll(real, v => (float)v));
    }

    private float[] Image(DiscTransform transform, OpticsGroup group, Pose pose, CtfParameters ctf)
    {
        var disc = transform.Disc;
        float[] re = new float[disc.Count], im = new float[disc.Count], image = new float[group.ImageSize * group.ImageSize];
        for (var i = 0; i < disc.Count; i++)
        {
            double kx = disc.Kx[i] / disc.BoxLength, ky = disc.Ky[i] / disc.BoxLength;
            var c = Ctf.Evaluate(ctf, kx, ky);
            var transfer = group.CtfState switch { CtfState.None => 1, CtfState.PhaseFlipped => Math.Abs(c), CtfState.Premultiplied => c * c, _ => c };
            var value = Slice(pose, kx, ky) * transfer / Math.Pow(group.PixelSize, 3);
            (re[i], im[i]) = ((float)value.Real, (float)value.Imaginary);
        }

        transform.Inverse(re, im, image, new float[transform.ScratchLength]);
        return image;
    }
}
