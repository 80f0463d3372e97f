using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Gpu.Tests;

/// <summary>Every kernel up to the score against the managed code that it equals.</summary>
public class KernelTests(SimulatedCard card) : IClassFixture<SimulatedCard>
{
    private const int N = Pose.ParameterCount;

    public static TheoryData<int, CtfState, OddOrigin> Images => new()
    {
        { 40, CtfState.Unmodified, OddOrigin.Relion },
        { 28, CtfState.Premultiplied, OddOrigin.Relion }, // 4 x 7
        { 27, CtfState.PhaseFlipped, OddOrigin.Relion },
        { 27, CtfState.Unmodified, OddOrigin.Half },
        { 22, CtfState.None, OddOrigin.Relion }, // 2 x 11
        { 13, CtfState.Unmodified, OddOrigin.Half },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void Images_become_the_coefficients_and_transfers_of_the_managed_scorer(int size, CtfState state, OddOrigin origin) =>
        AssertPrepared(new PoseCase(3, new OpticsGroup { Id = 1, ImageSize = size, PixelSize = 2.5, CtfState = state, OddOrigin = origin }, size));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Aberrations_and_magnification_are_taken_out(bool isMagnified)
    {
        var tilt = Aberrations.BeamTilt(1.5, -0.7, 2.7, 0.0197);
        var aberrations = new Aberrations(tilt, [0.1, 0, 2, -3], isMagnified ? new Magnification(1.02, 0.01, 0.005, 0.99) : null);
        AssertPrepared(new PoseCase(2, new OpticsGroup { Id = 1, ImageSize = 32, PixelSize = 2.5, Aberrations = aberrations }));
    }

    [Property(MaxTest = 12)]
    public void Products_at_any_pose_are_those_of_the_managed_projector_and_scorer(int seed) =>
        AssertProducts(new PoseCase(2, new OpticsGroup { Id = 1, ImageSize = 32, PixelSize = 2.5 }, seed));

    [Fact]
    public void Layers_of_a_model_and_a_part_that_stays_are_added_as_by_the_managed_projector() =>
        AssertProducts(new PoseCase(4, new OpticsGroup { Id = 1, ImageSize = 32, PixelSize = 2.5 }, 3, isFocused: true));

    [Fact]
    public void Layers_that_reach_over_the_edge_leave_nothing_for_the_next()
    {
        // Shifted so that the part that stays and a layer wrap, each on a grid of its own size, which those after must not see.
        var set = new PoseCase(3, new OpticsGroup { Id = 1, ImageSize = 32, PixelSize = 2.5 }, 3, 42, isFocused: true);
        set.Starts = [.. set.Starts.Select((p, i) => p with { ShiftX = 25 * i, ShiftY = -20 * i })];
        AssertProducts(set);
    }

    [Fact]
    public void Gaussians_that_reach_over_the_edge_turn_as_those_inside()
    {
        // A ball as wide as the box, shifted by a quarter of it, and one that has left it; seen under all angles its corners wrap.
        var set = new PoseCase(6, new OpticsGroup { Id = 1, ImageSize = 32, PixelSize = 2.5 }, 5, 42);
        double[] shifts = [0, 20, -20, 45, 130, 1e6];
        set.Starts = [.. set.Starts.Select((p, i) => p with { ShiftX = shifts[i], ShiftY = 0.7 * shifts[^(i + 1)] % 90 })];
        AssertProducts(set, [0, 1, 2, 3, 4]);
    }

    [Fact]
    public void A_launch_of_many_threads_gives_the_same_bits()
    {
        var set = new PoseCase(2, new OpticsGroup { Id = 1, ImageSize = 20, PixelSize = 2.5 }, 3, 20);
        using var narrow = new EvaluatedSlots(card.Card, card.Engine, set);
        using var device = GpuDevices.Open(GpuDevices.Simulated + ":16");
        using var wide = new EvaluatedSlots(device.Cards[0], new PoseEngine(device.Cards[0]), set);
        Assert.Equal(narrow.Data, wide.Data);
        Assert.Equal(narrow.Sums, wide.Sums);
    }

    [Property(MaxTest = 200)]
    public void Sines_and_cosines_are_those_of_the_processor(double angle)
    {
        if (!(Math.Abs(angle) < 1e5))
        {
            return;
        }

        DeviceTrigonometry.SinCos(angle, out var sine, out var cosine);
        Assert.Equal(Math.Sin(angle), sine, 1e-15 * (4 + Math.Abs(angle)));
        Assert.Equal(Math.Cos(angle), cosine, 1e-15 * (4 + Math.Abs(angle)));
    }

    [Property(MaxTest = 200)]
    public void Angles_are_those_of_the_processor(double angle, bool isSmall)
    {
        if (double.IsFinite(angle))
        {
            var a = Math.Abs(Math.IEEERemainder(angle, 2 * Math.PI)) * (isSmall ? 1e-9 : 1);
            Assert.Equal(Math.Atan2(Math.Sin(a), Math.Cos(a)), DeviceTrigonometry.Angle(Math.Sin(a), Math.Cos(a)), 1e-15 * (1 + a));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, -1)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(1e-300, -1)]
    public void Angles_at_the_ends_are_those_of_the_processor(double y, double x) => Assert.Equal(Math.Atan2(y, x), DeviceTrigonometry.Angle(y, x), 1e-15);

    private void AssertPrepared(PoseCase set)
    {
        using var slots = new EvaluatedSlots(card.Card, card.Engine, set);
        var count = set.Disc.Count;
        for (var n = 0; n < set.Starts.Length; n++)
        {
            var image = set.Prepared(n);
            var data = slots.Data.AsSpan(3 * n * count, 3 * count);
            AssertClose(image.Re, data[..count], 2e-5);
            AssertClose(image.Im, data.Slice(count, count), 2e-5);
            AssertClose(image.Transfer, data[(2 * count)..], 2e-5);
        }
    }

    private void AssertProducts(PoseCase set, int[]? particles = null)
    {
        using var slots = new EvaluatedSlots(card.Card, card.Engine, set);
        foreach (var n in particles ?? [.. Enumerable.Range(0, set.Starts.Length)])
        {
            var image = set.Prepared(n);
            var jacobian = new PoseJacobian<float>(set.Disc);
            set.Projector.ProjectWithPoseDerivatives(set.Starts[n], jacobian, set.Projector.CreateScratch());
            if (set.Reference.Bands[0].Rest is { } rest)
            {
                float[] re = new float[set.Disc.Count], im = new float[set.Disc.Count];
                rest.Project(set.RestPoses[n], re, im, rest.CreateScratch());
                System.Numerics.Tensors.TensorPrimitives.Add(jacobian.Re, re, jacobian.Re);
                System.Numerics.Tensors.TensorPrimitives.Add(jacobian.Im, im, jacobian.Im);
            }

            double[] withData = new double[N], withReference = new double[N], gram = new double[N * N];
            var products = image.Products(jacobian.Re, jacobian.Im, jacobian.DerivativesRe, jacobian.DerivativesIm, withData, withReference, gram);
            var found = slots.Sums.AsSpan(n * ScoreKernels.Products, ScoreKernels.Products);
            double d = Math.Sqrt(products.Data), g = Math.Sqrt(products.Reference);
            AssertProduct(products.Data, found[0], d * d);
            AssertProduct(products.DataReference, found[1], d * g);
            AssertProduct(products.Reference, found[2], g * g);
            for (int p = 0, at = 3 + (2 * N); p < N; p++)
            {
                var norm = Math.Sqrt(gram[6 * p]);
                AssertProduct(withData[p], found[3 + p], d * norm);
                AssertProduct(withReference[p], found[3 + N + p], g * norm);
                for (var q = 0; q <= p; q++, at++)
                {
                    AssertProduct(gram[(p * N) + q], found[at], norm * Math.Sqrt(gram[6 * q]));
                }
            }
        }
    }

    private static void AssertProduct(double expected, double found, double unit) => Assert.InRange(found - expected, -2e-5 * unit, 2e-5 * unit);

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, double tolerance)
    {
        var unit = 0f;
        foreach (var v in expected)
        {
            unit = Math.Max(unit, Math.Abs(v));
        }

        Assert.True(unit > 0);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(found[i] - expected[i], -tolerance * unit, tolerance * unit);
        }
    }
}
