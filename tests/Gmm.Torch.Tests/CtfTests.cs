using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Torch.Tests;

public class CtfTests
{
    private static readonly FourierDisc s_disc = new(140, 40);

    [TorchTheory]
    [InlineData(CtfState.Unmodified)]
    [InlineData(CtfState.PhaseFlipped)]
    [InlineData(CtfState.Premultiplied)]
    [InlineData(CtfState.None)]
    public void Transfers_equal_the_managed_ones(CtfState state)
    {
        using var scope = NewDisposeScope();
        var (ctfs, aberrations) = Optics(new Random(4));
        using var terms = CtfTensors.From(ctfs, aberrations);
        using var ctf = new TorchCtf(s_disc, state);
        var found = ctf.call(terms.call(arange(ctfs.Length)));
        Assert.Equal([ctfs.Length, s_disc.Count], found.shape);
        var evaluator = new CtfEvaluator(s_disc, aberrations);
        var expected = new float[s_disc.Count];
        for (var b = 0; b < ctfs.Length; b++)
        {
            evaluator.FillTransfer(ctfs[b], state, expected);
            var values = TensorMemory.Read<float>(found[b]);
            Assert.All(expected, (v, i) => Assert.InRange(values[i], v - 2e-6f, v + 2e-6f));
        }
    }

    [TorchFact]
    public void In_double_precision_transfers_equal_the_definition()
    {
        using var scope = NewDisposeScope();
        var (ctfs, aberrations) = Optics(new Random(5));
        using var terms = CtfTensors.From(ctfs, aberrations);
        using var ctf = new TorchCtf(s_disc, dtype: ScalarType.Float64);
        var found = Samples.Reals(ctf.call(terms.call(tensor(new long[] { 2 }))));
        for (var i = 0; i < s_disc.Count; i++)
        {
            var expected = Ctf.Evaluate(ctfs[2], s_disc.Kx[i] / s_disc.BoxLength, s_disc.Ky[i] / s_disc.BoxLength, aberrations);
            Assert.InRange(found[i], expected - 1e-11, expected + 1e-11);
        }
    }

    [TorchFact]
    public void Odd_aberrations_and_beam_tilt_turn_phases_as_the_managed_ones()
    {
        using var scope = NewDisposeScope();
        var (ctfs, aberrations) = Optics(new Random(6));
        using var terms = CtfTensors.From([.. ctfs.Select(c => c with { SphericalAberrationMillimetre = 2.7, VoltageKilovolt = 300 })], aberrations);
        using (no_grad())
        {
            terms.BeamTilt.copy_(tensor(new[,] { { 0.4, -0.7 } }));
        }

        using var ctf = new TorchCtf(s_disc, dtype: ScalarType.Float64);
        var found = Samples.Values(ctf.OddFactor(terms.call(arange(ctfs.Length))));
        var expected = terms.ToAberrations();
        Assert.NotEqual(aberrations, expected);
        for (var i = 0; i < s_disc.Count; i++)
        {
            var (sin, cos) = Math.SinCos(expected.OddPhase(s_disc.Kx[i] / s_disc.BoxLength, s_disc.Ky[i] / s_disc.BoxLength));
            Assert.InRange(found[2 * i], cos - 1e-10, cos + 1e-10);
            Assert.InRange(found[(2 * i) + 1], sin - 1e-10, sin + 1e-10);
        }

        Assert.Equal(ctfs[1].DefocusV, terms.ToParameters()[1].DefocusV);
        Assert.Equal(aberrations.Magnification, expected.Magnification);
    }

    [TorchFact]
    public void Under_a_magnification_transfers_are_those_of_the_specimens_frequencies()
    {
        using var scope = NewDisposeScope();
        var (ctfs, aberrations) = Optics(new Random(8));
        using var terms = CtfTensors.From(ctfs, aberrations);
        using var ctf = new TorchCtf(s_disc, dtype: ScalarType.Float64);
        var m = aberrations.Magnification;
        var magnified = terms.call(tensor(new long[] { 1 })) with { Magnification = tensor(new[,] { { m.M00, m.M01 }, { m.M10, m.M11 } }) };
        var (even, odd) = (Samples.Reals(ctf.call(magnified)), Samples.Values(ctf.OddFactor(magnified)));
        for (var i = 0; i < s_disc.Count; i++)
        {
            var (kx, ky) = m.Apply(s_disc.Kx[i] / s_disc.BoxLength, s_disc.Ky[i] / s_disc.BoxLength);
            var (expected, (sin, cos)) = (Ctf.Evaluate(ctfs[1], kx, ky, aberrations), Math.SinCos(aberrations.OddPhase(kx, ky)));
            Assert.InRange(even[i], expected - 1e-10, expected + 1e-10);
            Assert.InRange(odd[2 * i], cos - 1e-10, cos + 1e-10);
            Assert.InRange(odd[(2 * i) + 1], sin - 1e-10, sin + 1e-10);
        }
    }

    [TorchProperty(MaxTest = 8)]
    public void Gradients_of_every_term_equal_finite_differences(int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var (ctfs, aberrations) = Optics(random);
        var disc = new FourierDisc(140, 24);
        using var ctf = new TorchCtf(disc, dtype: ScalarType.Float64);
        using var terms = CtfTensors.From(ctfs, aberrations);
        manual_seed(seed);
        Tensor weights = randn(ctfs.Length, disc.Count, ScalarType.Float64), turned = randn(ctfs.Length, disc.Count, 2, ScalarType.Float64);
        var all = terms.call(arange(ctfs.Length));
        Tensor[] inputs =
        [
            all.DefocusU, all.DefocusV, all.DefocusAngle, all.PhaseShift, all.SphericalAberration, all.AmplitudeContrast, all.BFactor, all.Scale, all.Even!,
            all.Odd!, all.BeamTilt!, tensor(new[,] { { 1.01, 0.003 }, { -0.002, 0.99 } }),
        ];
        Tensor Loss(Tensor[] x)
        {
            var t = all with
            {
                DefocusU = x[0],
                DefocusV = x[1],
                DefocusAngle = x[2],
                PhaseShift = x[3],
                SphericalAberration = x[4],
                AmplitudeContrast = x[5],
                BFactor = x[6],
                Scale = x[7],
                Even = x[8],
                Odd = x[9],
                BeamTilt = x[10],
                Magnification = x[11],
            };
            var image = ctf.call(t) * ctf.OddFactor(t);
            return (view_as_real(image) * turned).sum() + (image.real * weights).square().sum();
        }

        double[] steps = [0.5, 0.5, 0.002, 0.1, 1e-3, 1e-4, 0.1, 1e-3, 1e-3, 1e-3, 1e-3, 1e-6];
        Assert.InRange(GradientCheck.Worst(Loss, inputs, steps, Math.Abs(seed % 1000) + 1), 0, 1e-6);
    }

    [TorchFact]
    public void Wrong_terms_are_named()
    {
        using var scope = NewDisposeScope();
        var (ctfs, aberrations) = Optics(new Random(7));
        using var terms = CtfTensors.From(ctfs, aberrations);
        using var ctf = new TorchCtf(s_disc);
        var all = terms.call(arange(ctfs.Length));
        string Message(CtfTerms wrong) => Assert.ThrowsAny<ArgumentException>(() => ctf.call(wrong)).Message;
        Assert.Contains("BFactor must have 3 rows", Message(all with { BFactor = zeros(2) }), StringComparison.Ordinal);
        Assert.Contains("Scale must be Float32 or Float64", Message(all with { Scale = zeros(3, ScalarType.Int64) }), StringComparison.Ordinal);
        Assert.Contains("BeamTilt must have the shape", Message(all with { BeamTilt = zeros(1, 3) }), StringComparison.Ordinal);
        Assert.Contains("magnification must have the shape [2, 2]", Message(all with { Magnification = zeros(1, 2, 2) }), StringComparison.Ordinal);
        Assert.Contains("5 coefficients are no whole orders", Message(all with { Even = zeros(1, 5) }), StringComparison.Ordinal);
    }

    /// <summary>Three particles' parameters and aberrations.</summary>
    private static (CtfParameters[] Ctfs, Aberrations Aberrations) Optics(Random random)
    {
        double Between(double least, double most) => least + ((most - least) * random.NextDouble());
        double[] Terms(int count, double size) => [.. Enumerable.Range(0, count).Select(_ => size * Draw.Normal(random))];
        CtfParameters[] ctfs =
        [
            .. Enumerable.Range(0, 3).Select(_ => new CtfParameters
            {
                DefocusU = Between(6000, 30000),
                DefocusV = Between(6000, 30000),
                DefocusAngleDegrees = Between(-180, 180),
                PhaseShiftDegrees = Between(0, 120),
                SphericalAberrationMillimetre = Between(0.01, 2.7),
                AmplitudeContrast = Between(0.05, 0.2),
                BFactor = Between(-20, 60),
                ScaleFactor = Between(0.5, 1.5),
                VoltageKilovolt = 200,
            }),
        ];
        return (ctfs, new Aberrations(Terms(6, 2), Terms(9, 2), new Magnification(1.01, 0.003, -0.002, 0.99)));
    }
}
