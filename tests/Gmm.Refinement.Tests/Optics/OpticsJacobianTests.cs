using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>Every derivative of a predicted image against differences of images by the definition, in float64.</summary>
public class OpticsJacobianTests
{
    private static readonly OpticsOptions s_all = new();

    public static TheoryData<int> Parameters => [.. Enumerable.Range(0, 9 + OpticsTerm.Of(s_all, true, true).Count(t => t.Kind != OpticsTermKind.Amplitude))];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_derivative_is_the_difference_of_two_images(int parameter)
    {
        var disc = FourierDisc.ForResolution(OpticsTestData.Box, OpticsTestData.PixelSize, 4.2);
        var ctf = new CtfParameters { DefocusU = 12400, DefocusV = 11800, DefocusAngleDegrees = 35 };
        var pose = Draw.Pose(new Random(8), 2);
        var terms = OpticsTerm.Of(s_all, true, true);
        double[] ones = [.. Enumerable.Repeat(1.0, disc.Radius + 1)];
        // Whitening sqrt(2 / noise) and weight are 1.
        var scorer = new WhitenedCorrelationScorer(disc, Array.ConvertAll(ones, _ => 2.0), ones, 1, 0);
        var reference = new OpticsReference(Projectors.Direct.Create(OpticsTestData.Model, disc), scorer, Projectors.Direct, ctf, terms);
        var jacobian = new OpticsJacobian(reference, hasPose: true, Defocus.Count);
        float[] transfer = new float[disc.Count], slope = new float[disc.Count];
        var evaluator = new CtfEvaluator(disc);
        evaluator.FillTransfer(ctf, CtfState.Unmodified, transfer);
        evaluator.FillTransfer(ctf with { PhaseShiftDegrees = 90 }, CtfState.Unmodified, slope);
        jacobian.Project(pose);
        jacobian.PredictWithAll(Defocus.Of(ctf), transfer, slope);

        var basis = reference.Basis;
        double[] Image(double step)
        {
            var (p, c) = (pose, ctf);
            Aberrations? aberrations = null;
            if (parameter < 5)
            {
                double[] steps = new double[5];
                steps[parameter] = step;
                p = pose.Step(steps);
            }
            else if (parameter < 9)
            {
                double[] steps = new double[Defocus.Count];
                steps[parameter - 5] = step;
                c = Defocus.Of(ctf).Plus(steps).In(ctf);
            }
            else
            {
                var steps = new double[terms.Length];
                steps[parameter - 9] = step * basis.Units[parameter - 9];
                aberrations = Moved(terms, steps);
            }

            var (re, im) = OpticsTestData.Transform(disc, p, c, aberrations);
            return [.. re, .. im];
        }

        var expected = FiniteDifference.Slopes(Image, parameter is >= 5 and < 9 ? 1 : 1e-4);
        double[] actual =
        [
            .. jacobian.DerivativesRe.AsSpan(parameter * disc.Count, disc.Count).ToArray(),
            .. jacobian.DerivativesIm.AsSpan(parameter * disc.Count, disc.Count).ToArray(),
        ];
        var size = Math.Sqrt(expected.Average(v => v * v));
        Assert.True(size > 0);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (2e-3 * size), pair.First + (2e-3 * size)));
    }

    [Fact]
    public void Terms_are_what_they_are_called()
    {
        var ctf = new CtfParameters { DefocusU = 0, DefocusV = 0 };
        var terms = OpticsTerm.Of(s_all, true, true);
        double[] tilt = [.. Aberrations.BeamTilt(0.3, -0.7, 2.7, ctf.WavelengthAngstrom)];
        (tilt[2], tilt[5]) = (4, -6);
        var records = GroupOptics.Describe(
            new Aberrations(tilt, [0, 0, 0, 0, 3, 0, 0, 0, 5], new Magnification(1.01, 0.002, 0.004, 0.99)), new Aberrations(even: [0.1]),
            new Aberrations(even: [0.2]), ctf,
            terms, j => j == 0 ? double.NaN : 1);
        double Given(string name) => records.Single(r => r.Name == name).Given;
        double Value(string name) => records.Single(r => r.Name == name).Value;
        Assert.Equal(-0.1, records.Single(r => r.Name == "phase").Change, 9);
        Assert.Equal(Value("beam_tilt_x"), records.Single(r => r.Name == "beam_tilt_x").Change, 9);
        Assert.Equal((0.3, -0.7), (Value("beam_tilt_x"), Value("beam_tilt_y")), (a, b) => Near(a.Item1, b.Item1) && Near(a.Item2, b.Item2));
        Assert.Equal(
            (4, -6, 3, 5), (Value("trefoil_sin"), Value("trefoil_cos"), Value("tetrafoil_sin"), Value("tetrafoil_cos")),
            (a, b) => Near(a.Item1, b.Item1) && Near(a.Item2, b.Item2) && Near(a.Item3, b.Item3) && Near(a.Item4, b.Item4));
        Assert.Equal((1.01, 0.003, 0.99), (Value("magnification_xx"), Value("magnification_xy"), Value("magnification_yy")));
        Assert.True(Near(0, Value("shift_x")) && Near(0, Value("phase")) && Near(0, Value("spherical_aberration")));
        Assert.Equal((0.2, 1.0, 0.0), (Given("phase"), Given("magnification_xx"), Given("beam_tilt_x")));
        Assert.Equal((true, null), (records[0].IsKept, records[0].Sigma));

        // More spherical aberration of the column is the same phase as the term of that name.
        var step = new double[terms.Length];
        var j = Array.FindIndex(terms, t => t.Name == "spherical_aberration");
        step[j] = 0.5e7 * Math.PI * Math.Pow(ctf.WavelengthAngstrom, 3) * 0.1;
        var written = GroupOptics.After(null, ctf, terms, step);
        Assert.Equal(
            Ctf.Evaluate(ctf with { SphericalAberrationMillimetre = 2.8 }, 0.2, 0.1), Ctf.Evaluate(ctf, 0.2, 0.1, written), 6);
        Assert.Equal(0.1, GroupOptics.Describe(written, null, null, ctf, terms, _ => 1)[j].Value, 5);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-9;

    private static Aberrations Moved(OpticsTerm[] terms, double[] steps)
    {
        double[] odd = new double[6], even = new double[9], strain = new double[3];
        for (int j = 0, at = 0; j < terms.Length; j++)
        {
            if (terms[j].Kind == OpticsTermKind.Magnification)
            {
                strain[at++] = steps[j];
            }
            else
            {
                terms[j].AddTo(odd, even, steps[j]);
            }
        }

        return new Aberrations(odd, even, new Magnification(1 + strain[0], strain[1], strain[1], 1 + strain[2]));
    }
}
