using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.IO;
using Gmm.Testing;

namespace Gmm.Core.Tests;

public class CtfTests
{
    public static TheoryData<string, double, double, double, double, double, double, double, double> RelionImages { get; } = new()
    {
        // File, kV, defocus U, V, angle, phase shift, Cs, amplitude contrast, pixel size.
        { "ctf_200kV_def10864-10576_ang78_px3.54_box100.mrc", 200, 10864, 10576, 78, 0, 1.4, 0.1, 3.54 },
        { "ctf_300kV_def15000-14000_ang35_px1.34_box128.mrc", 300, 15000, 14000, 35, 0, 2.7, 0.07, 1.34 },
        { "ctf_300kV_def20000_ps90_px2_box64.mrc", 300, 20000, 20000, 0, 90, 2.7, 0.1, 2 },
    };

    [Theory]
    [MemberData(nameof(RelionImages))]
    public void Agrees_with_the_images_of_relion(
        string file, double voltage, double u, double v, double angle, double phase, double cs, double contrast, double pixel)
    {
        var ctf = new CtfParameters
        {
            DefocusU = u,
            DefocusV = v,
            DefocusAngleDegrees = angle,
            PhaseShiftDegrees = phase,
            VoltageKilovolt = voltage,
            SphericalAberrationMillimetre = cs,
            AmplitudeContrast = contrast,
        };
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", file));
        var n = BitConverter.ToInt32(bytes, 0);
        Assert.Equal(1024 + (4 * n * n), bytes.Length);
        float[] kx = new float[n * n], ky = new float[n * n], fast = new float[n * n];
        for (var i = 0; i < fast.Length; i++)
        {
            kx[i] = (i % n) - (n / 2);
            ky[i] = (i / n) - (n / 2);
        }

        CtfEvaluator.Fill(ctf, CtfState.Unmodified, kx, ky, 1 / (n * pixel), fast);
        for (var i = 0; i < fast.Length; i++)
        {
            var relion = BitConverter.ToSingle(bytes, 1024 + (4 * i));
            Assert.Equal(relion, Ctf.Evaluate(ctf, kx[i] / (n * pixel), ky[i] / (n * pixel)), 2e-5);
            Assert.Equal(relion, fast[i], 2e-5);
        }
    }

    [Property]
    public Property The_fast_one_agrees_with_the_definition()
    {
        var generator =
            from ctf in Generate.Ctfs()
            from state in Generate.CtfStates()
            from radius in Gen.Choose(1, 60)
            select (ctf, state, radius);
        return Prop.ForAll(generator.ToArbitrary(), x =>
        {
            // To 2.5 angstrom.
            var (ctf, state, radius) = x;
            var disc = new FourierDisc(2.5 * radius, radius);
            float[] slow = new float[disc.Count], fast = new float[disc.Count];
            Ctf.FillTransfer(ctf, state, disc, slow);
            new CtfEvaluator(disc).FillTransfer(ctf, state, fast);
            return slow.Zip(fast).All(p => Math.Abs(p.First - p.Second) < 2e-6 * Math.Max(1, Math.Abs(p.First)));
        });
    }

    [Theory]
    [InlineData(CtfState.Unmodified, 1)]
    [InlineData(CtfState.PhaseFlipped, 1)]
    [InlineData(CtfState.Premultiplied, 2)]
    [InlineData(CtfState.None, 0)]
    public void An_exposure_damps_as_Grant_and_Grigorieff_say(CtfState state, int power)
    {
        // At 10 angstrom the critical exposure is 0.245 x 10^1.665 + 2.81 = 14.14 electrons per square angstrom.
        var plain = new CtfParameters { DefocusU = 12000, DefocusV = 11000, DefocusAngleDegrees = 20, BFactor = 20, ScaleFactor = 0.8 };
        var exposed = plain with { PreExposure = 14.1384 };
        var disc = new FourierDisc(120, 40);
        float[] slow = new float[disc.Count], fast = new float[disc.Count], free = new float[disc.Count], without = new float[disc.Count];
        Ctf.FillTransfer(exposed, state, disc, slow);
        new CtfEvaluator(disc).FillTransfer(exposed, state, fast);
        CtfEvaluator.Fill(exposed, state, [.. disc.Kx.ToArray().Select(k => (float)k)], [.. disc.Ky.ToArray().Select(k => (float)k)], 1 / disc.BoxLength, free);
        Ctf.FillTransfer(plain, state, disc, without);
        Assert.All(Enumerable.Range(0, disc.Count), i => Assert.Equal(slow[i], fast[i], 2e-6f));
        Assert.All(Enumerable.Range(0, disc.Count), i => Assert.Equal(slow[i], free[i], 2e-6f));
        var at = Enumerable.Range(0, disc.Count).Single(i => disc.Kx[i] == 12 && disc.Ky[i] == 0);
        Assert.Equal(Math.Exp(-0.5 * power), slow[at] / without[at], 1e-4);
        Assert.Equal(without[0], slow[0]);
    }

    [Fact]
    public void A_large_defocus_costs_no_accuracy()
    {
        // 20 micrometre at 1.5 angstrom: about 900 turns of phase.
        var ctf = new CtfParameters { DefocusU = 200500, DefocusV = 199500, DefocusAngleDegrees = 20 };
        var disc = new FourierDisc(150, 100);
        float[] slow = new float[disc.Count], fast = new float[disc.Count];
        Ctf.FillTransfer(ctf, CtfState.Unmodified, disc, slow);
        new CtfEvaluator(disc).FillTransfer(ctf, CtfState.Unmodified, fast);
        Assert.All(slow.Zip(fast), p => Assert.Equal(p.First, p.Second, 5e-7));
        Assert.InRange(slow.Max(), 0.999f, 1f);
        Assert.InRange(slow.Min(), -1f, -0.999f);
    }

    [Fact]
    public void A_shorter_span_is_a_lower_resolution()
    {
        var ctf = new CtfParameters { DefocusU = 12000, DefocusV = 11000 };
        var disc = new FourierDisc(200, 40);
        var evaluator = new CtfEvaluator(disc);
        float[] all = new float[disc.Count], some = new float[disc.CountWithin(13)];
        evaluator.FillTransfer(ctf, CtfState.Unmodified, all);
        evaluator.FillTransfer(ctf, CtfState.Unmodified, some);
        Assert.Equal(all[..some.Length], some);
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluator.FillTransfer(ctf, CtfState.Unmodified, new float[disc.Count + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CtfEvaluator.Fill(ctf, CtfState.None, all, some, 1, all));
    }
}
