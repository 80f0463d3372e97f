using Gmm.Core;
using Gmm.Testing;

namespace Gmm.TestData;

/// <summary>Images in which every Gaussian has the defocus of its own height, from the formulas alone.</summary>
internal static class CurvedImages
{
    /// <summary>Particles at random poses in noise; every second one is of half 2. At 1 kV the curvature is strong for so small a molecule.</summary>
    public static MemorySource Make(AnalyticModel model, OpticsGroup optics, int count, int sign, double noise, double kilovolt = 1)
    {
        var random = new Random(11);
        var source = new MemorySource([optics]);
        var disc = new FourierDisc(optics.BoxLength, (optics.ImageSize - 1) / 2);
        var transform = new DiscTransform(optics.ImageSize, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength];
        for (var p = 0; p < count; p++)
        {
            var pose = Draw.Pose(random, 1);
            var ctf = new CtfParameters
            {
                DefocusU = 200 + (400 * random.NextDouble()),
                DefocusV = 300,
                VoltageKilovolt = kilovolt,
                SphericalAberrationMillimetre = 0,
            };
            for (var i = 0; i < disc.Count; i++)
            {
                double kx = disc.Kx[i] / optics.BoxLength, ky = disc.Ky[i] / optics.BoxLength, a = 0, b = 0;
                foreach (var g in model.Gaussians)
                {
                    var (x, y, z) = pose.Rotation.Apply(g.X, g.Y, g.Z);
                    var own = ctf with { DefocusU = ctf.DefocusU - (sign * z), DefocusV = ctf.DefocusV - (sign * z) };
                    var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * (x + pose.ShiftX)) + (ky * (y + pose.ShiftY))));
                    var f = g.Amplitude * Math.Exp(-2 * Math.PI * Math.PI * g.Width * g.Width * ((kx * kx) + (ky * ky))) * Ctf.Evaluate(own, kx, ky);
                    a += f * c;
                    b += f * s;
                }

                (re[i], im[i]) = ((float)(a / Math.Pow(optics.PixelSize, 3)), (float)(b / Math.Pow(optics.PixelSize, 3)));
            }

            var image = new float[optics.ImageSize * optics.ImageSize];
            transform.Inverse(re, im, image, scratch);
            var rms = Math.Sqrt(image.Average(v => (double)v * v));
            source.Add(new Particle(pose, ctf, 0, 1 + (p % 2)), [.. image.Select(v => v + (float)(noise * rms * Draw.Normal(random)))]);
        }

        return source;
    }
}
