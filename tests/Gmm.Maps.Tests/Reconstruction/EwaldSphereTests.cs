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
        var source = CurvedImages.Make(Model, Optics, 400, sign: -1, noise: 0.7);
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

    /// <summary>One less the correlation with the model beyond low frequency.</summary>
    private static double Distance(DensityMap map)
    {
        var fsc = FourierShellCorrelation.Between(map, Model.Map(Box, Pixel), null, new ComputeOptions());
        return 1 - fsc.Values.Skip(10).Take(10).Average();
    }
}
