using Gmm.Testing;

namespace Gmm.Core.Tests.Projection;

public class LayeredProjectorTests
{
    private static readonly FourierDisc Disc = FourierDisc.ForResolution(96, 1.5, 4);

    /// <summary>A tenth of the Gaussians as a fit makes them, the others twice as wide: a model focused on a small region.</summary>
    private static readonly GaussianModel Focused = Widen(TestModels.Random(6000, 8, 96, 1.5, 60, 1.4, 1.6));

    [Fact]
    public void Layers_agree_with_the_direct_projection_in_every_ring()
    {
        var layered = LayeredProjector.Create(Focused, Disc);
        Assert.Equal(2, Assert.IsType<LayeredProjector>(layered).Layers);
        var exact = new DirectProjector<double>(Focused, Disc);
        var pose = TestModels.RandomPose(3);
        float[] re = new float[Disc.Count], im = new float[Disc.Count];
        double[] wantedRe = new double[Disc.Count], wantedIm = new double[Disc.Count];
        layered.Project(pose, re, im, layered.CreateScratch());
        exact.Project(pose, wantedRe, wantedIm, exact.CreateScratch());
        for (var q = 0; q <= Disc.Radius; q++)
        {
            double error = 0, power = 0;
            for (var i = Disc.RingStart(q); i < Disc.RingStart(q + 1); i++)
            {
                error += Math.Pow(re[i] - wantedRe[i], 2) + Math.Pow(im[i] - wantedIm[i], 2);
                power += Math.Pow(wantedRe[i], 2) + Math.Pow(wantedIm[i], 2);
            }

            Assert.InRange(Math.Sqrt(error / power), 0, 2e-4);
        }
    }

    [Fact]
    public void Derivatives_agree_with_the_direct_projector()
    {
        var layered = LayeredProjector.Create(Focused, Disc);
        var exact = new DirectProjector<double>(Focused, Disc);
        var pose = TestModels.RandomPose(4);
        var found = new PoseJacobian<float>(Disc);
        var wanted = new PoseJacobian<double>(Disc);
        layered.ProjectWithPoseDerivatives(pose, found, layered.CreateScratch());
        exact.ProjectWithPoseDerivatives(pose, wanted, exact.CreateScratch());
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            double error = 0, power = 0;
            for (var i = 0; i < Disc.Count; i++)
            {
                error += Math.Pow(found.DerivativeRe(p)[i] - wanted.DerivativeRe(p)[i], 2) + Math.Pow(found.DerivativeIm(p)[i] - wanted.DerivativeIm(p)[i], 2);
                power += Math.Pow(wanted.DerivativeRe(p)[i], 2) + Math.Pow(wanted.DerivativeIm(p)[i], 2);
            }

            Assert.InRange(Math.Sqrt(error / power), 0, 3e-4);
        }
    }

    [Fact]
    public void The_vector_Jacobian_product_is_that_of_one_projector()
    {
        var layered = LayeredProjector.Create(Focused, Disc);
        var single = new GriddingProjector(Focused, Disc);
        var random = new Random(5);
        float[] re = [.. Enumerable.Range(0, Disc.Count).Select(_ => (float)Draw.Signed(random))];
        float[] im = [.. Enumerable.Range(0, Disc.Count).Select(_ => (float)Draw.Signed(random))];
        var pose = TestModels.RandomPose(6);
        var found = new ModelGradient<float>(Focused.Count);
        var wanted = new ModelGradient<float>(Focused.Count);
        float[] foundPose = new float[5], wantedPose = new float[5];
        layered.VectorJacobianProduct(pose, re, im, found, foundPose, layered.CreateScratch());
        single.VectorJacobianProduct(pose, re, im, wanted, wantedPose, single.CreateScratch());
        Near(wanted.X, found.X);
        Near(wanted.Z, found.Z);
        Near(wanted.Amplitudes, found.Amplitudes);
        Near(wanted.Widths, found.Widths);
        Near(wantedPose, foundPose);
    }

    [Fact]
    public void Gaussians_of_like_width_stay_in_one_projector() =>
        Assert.IsType<GriddingProjector>(LayeredProjector.Create(TestModels.Random(3000, 9, 96, 1.5, 60, 1.4, 1.7), Disc));

    private static GaussianModel Widen(GaussianModel m)
    {
        var widths = m.Widths.ToArray();
        for (var j = widths.Length / 10; j < widths.Length; j++)
        {
            widths[j] *= 2;
        }

        return new GaussianModel(m.X, m.Y, m.Z, m.Amplitudes, widths, m.BoxSize, m.PixelSize);
    }

    private static void Near(ReadOnlySpan<float> wanted, ReadOnlySpan<float> found)
    {
        double error = 0, power = 0;
        for (var i = 0; i < wanted.Length; i++)
        {
            error += Math.Pow(wanted[i] - found[i], 2);
            power += Math.Pow(wanted[i], 2);
        }

        Assert.InRange(Math.Sqrt(error / power), 0, 1e-3);
    }
}
