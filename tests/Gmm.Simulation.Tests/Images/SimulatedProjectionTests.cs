using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Simulation.Tests;

public class SimulatedProjectionTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(45)]
    [InlineData(46)]
    public void Slice_is_the_direct_sum_over_the_atoms(int box)
    {
        var atoms = SimulationTestData.Ball(400, box * 0.8);
        var options = SimulationTestData.Options(box: box) with { AtomBClasses = 4 };
        var model = ScatteringModel.Create(atoms, options);
        var simulator = new ParticleSimulator(atoms, options);
        var rotation = Rotation.FromEuler(new(37, 61, -112));
        int width = (box / 2) + 1, limit = (box - 1) / 2;
        float[] re = new float[box * width], im = new float[box * width];
        simulator.RenderSlice(rotation, re, im);
        var random = new Random(3);
        for (var test = 0; test < 200; test++)
        {
            int kx = random.Next(0, limit + 1), ky = random.Next(-limit, limit + 1);
            var (r, i, norm) = DirectSum(model, options, rotation, kx, ky);
            var index = ((ky < 0 ? ky + box : ky) * width) + kx;
            Assert.InRange(Math.Sqrt(Math.Pow(re[index] - r, 2) + Math.Pow(im[index] - i, 2)) / norm, 0, 1e-5);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(45)]
    [InlineData(46)]
    public void Image_is_the_shifted_slice_times_ctf(int box)
    {
        // A small model in the middle: what the CTF spreads out of the box is then a small part, and the cropped image's own transform can be compared.
        var atoms = SimulationTestData.Ball(60, box * 0.3);
        var options = SimulationTestData.Options(1, box) with
        {
            Snr = null,
            ContrastSd = 0,
            CentreSd = 0.7,
            BFactor = 200,
            Ctfs = [new CtfParameters { DefocusU = 900, DefocusV = 700, DefocusAngleDegrees = 25 }],
        };
        var simulator = new ParticleSimulator(atoms, options);
        var model = ScatteringModel.Create(atoms, options);
        var image = new float[box * box];
        simulator.RenderImage(0, image);
        var truth = simulator.TrueParticles[0];
        double error = 0, norm = 0;
        for (var ky = -7; ky <= 7; ky++)
        {
            for (var kx = 0; kx <= 7; kx++)
            {
                var (r, i, _) = DirectSum(model, options, truth.Pose.Rotation, kx, ky);
                var length = box * options.PixelSize;
                var phase = -2 * Math.PI * ((kx * truth.Pose.ShiftX) + (ky * truth.Pose.ShiftY)) / length;
                var c = Ctf.Evaluate(truth.Ctf, kx / length, ky / length) / Math.Pow(options.PixelSize, 3);
                var (s, co) = Math.SinCos(phase);
                var (dr, di) = SimulationTestData.Dft(image, box, kx, ky);
                double er = (c * ((r * co) - (i * s))) - dr, ei = (c * ((r * s) + (i * co))) - di;
                error += (er * er) + (ei * ei);
                norm += (dr * dr) + (di * di);
            }
        }

        Assert.InRange(Math.Sqrt(error / norm), 0, 0.03);
    }

    [Fact]
    public void Aberrations_and_magnification_are_in_the_image_at_the_specimens_frequencies()
    {
        const int box = 46;
        var atoms = SimulationTestData.Ball(60, box * 0.25);
        var lenses = new Aberrations([4, -3, 30, -20, 12, -40], [0.1, 3, -8, 5, 60, -20, 15, 30, -50], new Magnification(1.03, 0.01, -0.02, 0.97));
        var options = SimulationTestData.Options(3, box) with
        {
            Snr = null,
            ContrastSd = 0,
            CentreSd = 0.7,
            BFactor = 200,
            Ctfs = [new CtfParameters { DefocusU = 900, DefocusV = 700, DefocusAngleDegrees = 25, BFactor = 30 }],
            Aberrations = [lenses, null],
        };
        var simulator = new ParticleSimulator(atoms, options);
        Assert.Equal([lenses, null], simulator.OpticsGroups.Select(g => g.Aberrations));
        Assert.Equal([0, 1, 0], simulator.TrueParticles.Select(p => p.OpticsIndex));
        var model = ScatteringModel.Create(atoms, options);
        var image = new float[box * box];
        for (var particle = 0; particle < 2; particle++)
        {
            simulator.RenderImage(particle, image);
            var truth = simulator.TrueParticles[particle];
            var optics = simulator.OpticsGroups[truth.OpticsIndex].Aberrations ?? new Aberrations();
            double error = 0, norm = 0, length = box * options.PixelSize;
            for (var (kx, ky) = (0, -9); ky <= 9; (kx, ky) = kx == 9 ? (0, ky + 1) : (kx + 1, ky))
            {
                var (x, y) = optics.Magnification.Apply(kx, ky);
                var (r, i, _) = DirectSum(model, options, truth.Pose.Rotation, x, y);
                var phase = (-2 * Math.PI * ((x * truth.Pose.ShiftX) + (y * truth.Pose.ShiftY)) / length) + optics.OddPhase(x / length, y / length);
                var c = Ctf.Evaluate(truth.Ctf, x / length, y / length, optics) / Math.Pow(options.PixelSize, 3);
                var (dr, di) = SimulationTestData.Dft(image, box, kx, ky);
                var (s, co) = Math.SinCos(phase);
                error += Math.Pow((c * ((r * co) - (i * s))) - dr, 2) + Math.Pow((c * ((r * s) + (i * co))) - di, 2);
                norm += (dr * dr) + (di * di);
            }

            Assert.InRange(Math.Sqrt(error / norm), 0, 0.03);
        }
    }

    [Fact]
    public void Images_without_a_ctf_have_no_aberrations()
    {
        var options = SimulationTestData.Options() with { CtfState = CtfState.None, Aberrations = [new Aberrations([1, 2])] };
        Assert.Contains("ideal microscope", Assert.Throws<InvalidInputException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctf_row_is_the_ctf()
    {
        var ctf = new CtfParameters { DefocusU = 21000, DefocusV = 18000, DefocusAngleDegrees = 33, PhaseShiftDegrees = 20, BFactor = 30, ScaleFactor = 0.8 };
        var row = new CtfRow(64, 1.1);
        foreach (var ky in new[] { -32, -5, 0, 17 })
        {
            var values = row.Fill(ctf, CtfState.Unmodified, ky, 0, Magnification.None).ToArray();
            var flipped = row.Fill(ctf, CtfState.PhaseFlipped, ky, 0, Magnification.None).ToArray();
            for (var kx = 0; kx <= 32; kx++)
            {
                var expected = Ctf.Evaluate(ctf, kx / 70.4, ky / 70.4);
                Assert.Equal(expected, values[kx], 2e-6);
                Assert.Equal(Math.Abs(expected), flipped[kx], 2e-6);
            }
        }
    }

    [Theory]
    [InlineData(24)]
    [InlineData(27)]
    public void Sums_of_the_true_map_are_the_projections(int box)
    {
        // Along the three axes a projection is a plain sum of voxels, with nothing interpolated.
        var atoms = SimulationTestData.Ball(200, 18);
        var views = new[] { Rotation.Identity, Rotation.FromEuler(new(0, 90, 0)), Rotation.FromRotationVector(Math.PI / 2, 0, 0) };
        var options = SimulationTestData.Options(3, box) with { Snr = null, ContrastSd = 0, CentreSd = 0, CtfState = CtfState.None, Orientations = views };
        var simulator = new ParticleSimulator(atoms, options);
        var map = simulator.RenderTrueMap();
        var (image, sum) = (new float[box * box], new double[box * box]);
        for (var v = 0; v < views.Length; v++)
        {
            simulator.RenderImage(v, image);
            Array.Clear(sum);
            SumAlong(map, views[v], sum);
            var top = image.Max();
            for (var i = 0; i < sum.Length; i++)
            {
                Assert.Equal(sum[i], image[i], 2e-5 * top);
            }
        }
    }

    private static void SumAlong(DensityMap map, Rotation rotation, double[] sum)
    {
        // An image of an odd box has its origin one pixel further than a map has its centre.
        int n = map.Size, half = n / 2, move = DiscTransform.OriginPixel(n) - half;
        for (var y = 0; y < n - move; y++)
        {
            for (var x = 0; x < n - move; x++)
            {
                for (var z = 0; z < n; z++)
                {
                    // The voxel seen at (x, y, z) of the image's frame; periodic where an even box lacks +n/2.
                    var (a, b, c) = rotation.Transpose().Apply(x - half, y - half, z - half);
                    int i = (int)Math.Round(a) + half, j = (int)Math.Round(b) + half, k = (int)Math.Round(c) + half;
                    sum[((y + move) * n) + x + move] += map.Voxels[(((((k % n) + n) % n * n) + (((j % n) + n) % n)) * n) + (((i % n) + n) % n)];
                }
            }
        }
    }

    private static (double Re, double Im, double Norm) DirectSum(
        ScatteringModel model, SimulationOptions options, Rotation rotation, double kx, double ky)
    {
        double re = 0, im = 0, norm = 0, length = options.BoxSize * options.PixelSize;
        foreach (var group in model.Groups)
        {
            var f = group.Factor(((kx * kx) + (ky * ky)) / (length * length), options);
            for (var j = group.First; j < group.End; j++)
            {
                var (u, v, _) = rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
                var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * u) + (ky * v)) / length);
                re += f * model.Weight[j] * c;
                im += f * model.Weight[j] * s;
                norm += f * f * model.Weight[j] * model.Weight[j];
            }
        }

        return (re, im, Math.Sqrt(norm));
    }
}
