namespace Gmm.Core.Tests;

/// <summary>Projections on the Ewald sphere against the sum in which every Gaussian has the CTF of its own height, in float64.</summary>
public class CurvedProjectionTests
{
    /// <summary>30 kV: the phase of the farthest Gaussian is moved by half a turn at the edge.</summary>
    private static readonly CtfParameters s_ctf = new() { DefocusU = 9000, DefocusV = 8700, DefocusAngleDegrees = 30, VoltageKilovolt = 30 };

    private static readonly FourierDisc s_disc = new(200, 45);

    private static readonly Pose s_pose = Pose.FromRelion(new EulerAngles(40, 70, -20), 3, -2);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Every_gaussian_sees_the_defocus_of_its_height(int sign)
    {
        var model = Model(1.5, 2.5);
        ICurvedProjector projector = new GriddingProjector(model, s_disc);
        PoseJacobian<float> even = new(s_disc), odd = new(s_disc);
        projector.ProjectCurved(s_pose, sign * s_ctf.WavelengthAngstrom, even, odd, ((GriddingProjector)projector).CreateScratch());
        var (re, im) = Exact(model, s_pose, sign);
        var (flatRe, flatIm) = Exact(model, s_pose, 0);
        Assert.InRange(Distance(Combine(even.Re, odd.Re), Combine(even.Im, odd.Im), re, im), 0, 2e-4);
        Assert.True(Distance(flatRe, flatIm, re, im) > 0.03);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_derivatives_are_those_of_the_exact_image(int sign)
    {
        var model = Model(1.5, 2.5);
        var projector = new GriddingProjector(model, s_disc);
        PoseJacobian<float> even = new(s_disc), odd = new(s_disc);
        ((ICurvedProjector)projector).ProjectCurvedWithPoseDerivatives(s_pose, sign * s_ctf.WavelengthAngstrom, even, odd, projector.CreateScratch());
        var (re, im) = Exact(model, s_pose, sign);
        Assert.InRange(Distance(Combine(even.Re, odd.Re), Combine(even.Im, odd.Im), re, im), 0, 2e-4);
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            var h = p < 3 ? 1e-5 : 1e-4;
            var step = new double[Pose.ParameterCount];
            step[p] = h;
            var (aboveRe, aboveIm) = Exact(model, s_pose.Step(step), sign);
            step[p] = -h;
            var (belowRe, belowIm) = Exact(model, s_pose.Step(step), sign);
            double[] slopeRe = [.. aboveRe.Zip(belowRe, (a, b) => (a - b) / (2 * h))], slopeIm = [.. aboveIm.Zip(belowIm, (a, b) => (a - b) / (2 * h))];
            var error = Distance(
                Combine(even.DerivativeRe(p), odd.DerivativeRe(p)), Combine(even.DerivativeIm(p), odd.DerivativeIm(p)), slopeRe, slopeIm);
            Assert.InRange(error, 0, 3e-4);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-5)]
    [InlineData(0.3)]
    [InlineData(-2.7)]
    [InlineData(25)]
    public void Bessels_functions_are_their_integrals(double x)
    {
        var values = new double[12];
        CurvedSeries.FillBessel(x, values);
        for (var m = 0; m < values.Length; m++)
        {
            // The trapezoidal rule is exact for a periodic function that is smooth.
            double sum = 0;
            const int points = 400;
            for (var i = 0; i < points; i++)
            {
                var t = 2 * Math.PI * i / points;
                sum += Math.Cos((m * t) - (x * Math.Sin(t))) / points;
            }

            Assert.Equal(sum, values[m], 12);
        }
    }

    private static GaussianModel Model(double narrowest, double widest)
    {
        var random = new Random(4);
        float[] Along(double from, double to) => [.. Enumerable.Range(0, 60).Select(_ => (float)(from + ((to - from) * random.NextDouble())))];
        float[] x = Along(-60, 60), y = Along(-60, 60), z = Along(-60, 60), a = Along(0.5, 1.5), w = Along(narrowest, widest);
        return new GaussianModel(x, y, z, a, w, 100, 2);
    }

    private static (double[] Re, double[] Im) Exact(GaussianModel model, Pose pose, int sign)
    {
        var n = s_disc.Count;
        double[] re = new double[n], im = new double[n];
        var atoms = Enumerable.Range(0, model.Count).Select(j => pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j])).ToArray();
        for (var i = 0; i < n; i++)
        {
            double kx = s_disc.Kx[i] / s_disc.BoxLength, ky = s_disc.Ky[i] / s_disc.BoxLength, k2 = (kx * kx) + (ky * ky);
            for (var j = 0; j < model.Count; j++)
            {
                var (x, y, z) = atoms[j];
                var f = model.Amplitudes[j] * Math.Exp(-2 * Math.PI * Math.PI * model.Widths[j] * model.Widths[j] * k2);
                var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * (x + pose.ShiftX)) + (ky * (y + pose.ShiftY))));
                var t = Ctf.Evaluate(s_ctf with { DefocusU = s_ctf.DefocusU - (sign * z), DefocusV = s_ctf.DefocusV - (sign * z) }, kx, ky);
                (re[i], im[i]) = (re[i] + (f * t * c), im[i] + (f * t * s));
            }
        }

        return (re, im);
    }

    /// <summary>T E + U O.</summary>
    private static double[] Combine(ReadOnlySpan<float> even, ReadOnlySpan<float> odd)
    {
        var result = new double[even.Length];
        for (var i = 0; i < result.Length; i++)
        {
            double kx = s_disc.Kx[i] / s_disc.BoxLength, ky = s_disc.Ky[i] / s_disc.BoxLength;
            result[i] = (Ctf.Evaluate(s_ctf, kx, ky) * even[i]) + (Ctf.Evaluate(s_ctf.Quadrature, kx, ky) * odd[i]);
        }

        return result;
    }

    private static double Distance(double[] re, double[] im, double[] exactRe, double[] exactIm)
    {
        double difference = 0, power = 0;
        for (var i = 0; i < re.Length; i++)
        {
            difference += Math.Pow(re[i] - exactRe[i], 2) + Math.Pow(im[i] - exactIm[i], 2);
            power += (exactRe[i] * exactRe[i]) + (exactIm[i] * exactIm[i]);
        }

        return Math.Sqrt(difference / power);
    }
}
