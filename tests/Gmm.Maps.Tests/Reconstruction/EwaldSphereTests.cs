using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

/// <summary>Images in which every Gaussian has the defocus of its own height, and the maps of them.</summary>
public class EwaldSphereTests
{
    private const int Box = 48;
    private const double Pixel = 2;
    private static readonly OpticsGroup Optics = new() { PixelSize = Pixel, ImageSize = Box };
    private static readonly AnalyticModel Model = RandomGaussians.Make(7, 24, 2.0);

    [Fact]
    public void Maps_on_the_curved_surface_are_the_model_and_the_images_tell_the_sign()
    {
        var source = Images(400, sign: -1, noise: 0.7);
        double Error(int sign) => Distance(new FourierReconstructor { EwaldSign = sign }.Reconstruct(new(source), new(), new()));
        double right = Error(-1), flat = Error(0), wrong = Error(1);
        Assert.True(right < 0.9 * flat, $"{right} {flat} {wrong}");
        Assert.True(flat < wrong, $"{right} {flat} {wrong}");

        var evidence = EwaldEvidence.Measure(new(source), new ReconstructionOptions(), new ComputeOptions { Threads = 1 });
        Assert.Equal(-1, evidence.Sign);
        Assert.True(evidence.Negative > 50 && evidence.Positive < 0, evidence.ToString());
        Assert.Equal(evidence, EwaldEvidence.Measure(new(source), new ReconstructionOptions(), new ComputeOptions { Threads = 3 }));
        Assert.Equal(0, new EwaldEvidence(3, -20, 100).Sign);
    }

    [Fact]
    public void A_surface_that_is_not_curved_is_the_plane()
    {
        var random = new Random(3);
        var grid = new ReconstructionGrid(Box, Pixel, 1.5);
        var disc = new FourierDisc(Box * Pixel, 12);
        float[] Draws() => [.. Enumerable.Range(0, disc.Count).Select(_ => (float)Draw.Normal(random))];
        float[] re = Draws(), im = Draws(), transfer = Draws(), quadrature = Draws(), weights = Draws().Select(MathF.Abs).ToArray();
        var pose = Draw.Pose(random, 3);
        var (flat, curved) = (new FourierAccumulator(grid), new FourierAccumulator(grid));
        var slice = flat.CreateSlice();
        slice.Set(disc, pose, re, im, transfer, CtfState.Unmodified, 0.7, 1.3, weights);
        flat.Insert([slice], new ComputeOptions { Threads = 1 });
        slice = curved.CreateSlice();
        slice.SetCurved(disc, pose, re, im, transfer, quadrature, 0, [.. Enumerable.Repeat(1f, disc.Count)], 0.7, 1.3, weights);
        curved.Insert([slice], new ComputeOptions { Threads = 1 });
        for (var z = 0; z < grid.PlaneCells.Length; z++)
        {
            var (a, b) = (flat.PlaneSums(z).ToArray(), curved.PlaneSums(z).ToArray());
            Assert.All(Enumerable.Range(0, a.Length), i => Assert.Equal(a[i], b[i], 1e-5));
        }
    }

    [Fact]
    public void Images_whose_ctf_was_dealt_with_are_refused()
    {
        var source = Model.Images([Optics with { CtfState = CtfState.PhaseFlipped }], 20, 3);
        var error = Assert.Throws<InvalidInputException>(() => new FourierReconstructor { EwaldSign = 1 }.Reconstruct(new(source), new(), new()));
        Assert.Contains("optics group 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierReconstructor { EwaldSign = 2 }.Reconstruct(new(source), new(), new()));
    }

    [Fact]
    public void Curvature_matters_from_where_a_ball_loses_a_fiftieth_of_its_amplitude()
    {
        var ctf = new CtfParameters { DefocusU = 0, DefocusV = 0 };
        var k = 1 / EwaldEvidence.MattersFrom(ctf, 200);
        // A ball half as wide as the box, cut into slices along z.
        double sum = 0, weight = 0;
        for (var z = -49.95; z < 50; z += 0.1)
        {
            var area = 2500 - (z * z);
            sum += area * Math.Cos(Math.PI * ctf.WavelengthAngstrom * k * k * z);
            weight += area;
        }

        Assert.Equal(0.98, sum / weight, 1e-3);
    }

    private static MemorySource Images(int count, int sign, double noise)
    {
        var random = new Random(11);
        var source = new MemorySource([Optics]);
        var disc = new FourierDisc(Optics.BoxLength, (Box - 1) / 2);
        var transform = new DiscTransform(Box, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength];
        for (var p = 0; p < count; p++)
        {
            var pose = Draw.Pose(random, 1);
            // 1 kV: a strong curvature for so small a molecule.
            var ctf = new CtfParameters
            {
                DefocusU = 200 + (400 * random.NextDouble()),
                DefocusV = 300,
                VoltageKilovolt = 1,
                SphericalAberrationMillimetre = 0,
            };
            for (var i = 0; i < disc.Count; i++)
            {
                double kx = disc.Kx[i] / Optics.BoxLength, ky = disc.Ky[i] / Optics.BoxLength, a = 0, b = 0;
                foreach (var g in Model.Gaussians)
                {
                    var (x, y, z) = pose.Rotation.Apply(g.X, g.Y, g.Z);
                    var own = ctf with { DefocusU = ctf.DefocusU - (sign * z), DefocusV = ctf.DefocusV - (sign * z) };
                    var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * (x + pose.ShiftX)) + (ky * (y + pose.ShiftY))));
                    var f = g.Amplitude * Math.Exp(-2 * Math.PI * Math.PI * g.Width * g.Width * ((kx * kx) + (ky * ky))) * Ctf.Evaluate(own, kx, ky);
                    a += f * c;
                    b += f * s;
                }

                (re[i], im[i]) = ((float)(a / Math.Pow(Pixel, 3)), (float)(b / Math.Pow(Pixel, 3)));
            }

            var image = new float[Box * Box];
            transform.Inverse(re, im, image, scratch);
            var rms = Math.Sqrt(image.Average(v => (double)v * v));
            source.Add(new Particle(pose, ctf, 0, 1 + (p % 2)), [.. image.Select(v => v + (float)(noise * rms * Draw.Normal(random)))]);
        }

        return source;
    }

    /// <summary>One less the correlation with the model beyond low frequency.</summary>
    private static double Distance(DensityMap map)
    {
        var fsc = FourierShellCorrelation.Between(map, Model.Map(Box, Pixel), null, new ComputeOptions());
        return 1 - fsc.Values.Skip(10).Take(10).Average();
    }
}
