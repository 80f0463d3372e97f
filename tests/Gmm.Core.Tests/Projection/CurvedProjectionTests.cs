namespace Gmm.Core.Tests;

/// <summary>Projections on the Ewald sphere against the sum in which every Gaussian has the CTF of its own height.</summary>
public class CurvedProjectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Every_gaussian_sees_the_defocus_of_its_height(int sign)
    {
        var random = new Random(4);
        float[] Along(double from, double to) => [.. Enumerable.Range(0, 60).Select(_ => (float)(from + ((to - from) * random.NextDouble())))];
        var model = new GaussianModel(Along(-60, 60), Along(-60, 60), Along(-60, 60), Along(0.5, 1.5), Along(1.5, 2.5), 100, 2);
        var disc = new FourierDisc(200, 45);
        var projector = new GriddingProjector(model, disc);
        var pose = Pose.FromRelion(new EulerAngles(40, 70, -20), 3, -2);
        // 30 kV: the phase of the farthest Gaussian is moved by half a turn at the edge.
        var ctf = new CtfParameters { DefocusU = 9000, DefocusV = 8700, DefocusAngleDegrees = 30, VoltageKilovolt = 30 };
        var n = disc.Count;
        float[] even = new float[2 * n], odd = new float[2 * n];
        projector.ProjectCurved(pose, sign * ctf.WavelengthAngstrom, even, odd, projector.CreateScratch());
        double difference = 0, power = 0, flat = 0;
        for (var i = 0; i < n; i++)
        {
            double kx = disc.Kx[i] / 200.0, ky = disc.Ky[i] / 200.0, k2 = (kx * kx) + (ky * ky), re = 0, im = 0, re0 = 0, im0 = 0;
            for (var j = 0; j < model.Count; j++)
            {
                var (x, y, z) = pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
                var f = model.Amplitudes[j] * Math.Exp(-2 * Math.PI * Math.PI * model.Widths[j] * model.Widths[j] * k2);
                var (s, c) = Math.SinCos(-2 * Math.PI * ((kx * (x + pose.ShiftX)) + (ky * (y + pose.ShiftY))));
                var t = Ctf.Evaluate(ctf with { DefocusU = ctf.DefocusU - (sign * z), DefocusV = ctf.DefocusV - (sign * z) }, kx, ky);
                var t0 = Ctf.Evaluate(ctf, kx, ky);
                (re, im, re0, im0) = (re + (f * t * c), im + (f * t * s), re0 + (f * t0 * c), im0 + (f * t0 * s));
            }

            double transfer = Ctf.Evaluate(ctf, kx, ky), quadrature = Ctf.Evaluate(ctf with { PhaseShiftDegrees = 90 }, kx, ky);
            difference += Math.Pow((transfer * even[i]) + (quadrature * odd[i]) - re, 2)
                + Math.Pow((transfer * even[n + i]) + (quadrature * odd[n + i]) - im, 2);
            flat += Math.Pow(re0 - re, 2) + Math.Pow(im0 - im, 2);
            power += (re * re) + (im * im);
        }

        Assert.InRange(Math.Sqrt(difference / power), 0, 1e-3);
        Assert.True(Math.Sqrt(flat / power) > 0.03);
    }
}
