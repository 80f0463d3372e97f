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
        Assert.Equal(2, Assert.IsType<LayeredProjector>(layered).Layers.Count);
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
    public void Projections_on_the_Ewald_sphere_are_those_of_one_projector()
    {
        var (layered, one, pose) = (LayeredProjector.Create(Focused, Disc), new GriddingProjector(Focused, Disc), TestModels.RandomPose(6));
        PoseJacobian<float>[] found = [new(Disc), new(Disc)], wanted = [new(Disc), new(Disc)];
        ((ICurvedProjector)layered).ProjectCurvedWithPoseDerivatives(pose, 0.05, found[0], found[1], layered.CreateScratch());
        ((ICurvedProjector)one).ProjectCurvedWithPoseDerivatives(pose, 0.05, wanted[0], wanted[1], one.CreateScratch());
        PoseJacobian<float>[] value = [new(Disc), new(Disc)];
        ((ICurvedProjector)layered).ProjectCurved(pose, 0.05, value[0], value[1], layered.CreateScratch());
        for (var part = 0; part < 2; part++)
        {
            Assert.InRange(Distance(found[part].Re, wanted[part].Re), 0, 3e-4);
            Assert.InRange(Distance(found[part].Im, wanted[part].Im), 0, 3e-4);
            Assert.InRange(Distance(value[part].Re, found[part].Re), 0, 1e-6);
            for (var p = 0; p < Pose.ParameterCount; p++)
            {
                Assert.InRange(Distance(found[part].DerivativeRe(p), wanted[part].DerivativeRe(p)), 0, 4e-4);
                Assert.InRange(Distance(found[part].DerivativeIm(p), wanted[part].DerivativeIm(p)), 0, 4e-4);
            }
        }

        static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
            System.Numerics.Tensors.TensorPrimitives.Distance(a, b) / System.Numerics.Tensors.TensorPrimitives.Norm(b);
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
