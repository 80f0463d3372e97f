namespace Gmm.Core.Tests.Projection;

/// <summary>The gradient of a projection by the frequency against its sum over the Gaussians, in float64.</summary>
public class GradientProjectionTests
{
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(96, 1.5, 4);

    [Theory]
    [InlineData(40, 0.0)]
    [InlineData(40, 12.0)]
    // Out to where Gaussians reach over the grid's edge, on either side.
    [InlineData(78, 9.0)]
    public void It_is_the_derivative_of_every_gaussians_transform(double radius, double shift)
    {
        var model = TestModels.Random(400, 8, 96, 1.5, radius, 1.2, 2.6);
        var pose = TestModels.RandomPose(3, shift);
        var projector = new GriddingProjector(model, Disc);
        var n = Disc.Count;
        float[] gradient = new float[4 * n], re = new float[n], im = new float[n];
        var projection = new PoseJacobian<float>(Disc);
        var scratch = projector.CreateScratch();
        ((IGradientProjector)projector).ProjectWithGradient(pose, projection, gradient, scratch);
        projector.Project(pose, re, im, scratch);
        Assert.Equal(re, projection.Re.ToArray());
        Assert.Equal(im, projection.Im.ToArray());

        double error = 0, power = 0;
        for (var i = 0; i < n; i++)
        {
            double kx = Disc.Kx[i] / Disc.BoxLength, ky = Disc.Ky[i] / Disc.BoxLength;
            double[] wanted = new double[4];
            for (var j = 0; j < model.Count; j++)
            {
                var (x, y, _) = pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
                double s2 = model.Widths[j] * model.Widths[j], ux = x + pose.ShiftX, uy = y + pose.ShiftY;
                var size = model.Amplitudes[j] * Math.Exp(-2 * Math.PI * Math.PI * s2 * ((kx * kx) + (ky * ky)));
                var (sin, cos) = Math.SinCos(-2 * Math.PI * ((kx * ux) + (ky * uy)));
                double pr = size * cos, pi = size * sin, width = 4 * Math.PI * Math.PI * s2, turn = 2 * Math.PI;
                wanted[0] += (turn * ux * pi) - (width * kx * pr);
                wanted[1] += (-turn * ux * pr) - (width * kx * pi);
                wanted[2] += (turn * uy * pi) - (width * ky * pr);
                wanted[3] += (-turn * uy * pr) - (width * ky * pi);
            }

            for (var c = 0; c < 4; c++)
            {
                error += Math.Pow(gradient[(c * n) + i] - wanted[c], 2);
                power += wanted[c] * wanted[c];
            }
        }

        Assert.InRange(Math.Sqrt(error / power), 0, 3e-4);
    }
}
