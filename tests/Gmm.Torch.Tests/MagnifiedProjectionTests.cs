using Gmm.Core;

namespace Gmm.Torch.Tests;

/// <summary>What images show under an anisotropic magnification.</summary>
public class MagnifiedProjectionTests
{
    private static readonly Magnification s_matrix = new(1.02, 0.013, -0.006, 0.985);

    [TorchTheory]
    [InlineData(ScalarType.Float64, 1L << 30, 1e-9)]
    [InlineData(ScalarType.Float64, 100_000, 1e-9)]
    [InlineData(ScalarType.Float32, 1L << 30, 2e-5)]
    public void A_magnified_projection_is_the_sum_at_the_specimens_frequencies(ScalarType dtype, long memory, double bound)
    {
        using var scope = NewDisposeScope();
        using var no = no_grad();
        var (disc, model, poses) = (new FourierDisc(Samples.BoxLength, 25), Samples.Model(80, 0.7, 6), Samples.Poses(3));
        using var gaussians = GaussianTensors.From(model, dtype: dtype);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { MemoryBytes = memory });
        var found = projector.ProjectMagnified(
            gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.Rotations(poses, dtype: dtype),
            TorchRotations.Shifts(poses, dtype: dtype), Matrix(s_matrix));
        for (var b = 0; b < poses.Length; b++)
        {
            Assert.InRange(Samples.RingError(disc, Samples.Values(found[b]), Definition(model, disc, poses[b])), 0, bound);
        }
    }

    [TorchFact]
    public void Without_magnification_it_is_the_projection()
    {
        using var scope = NewDisposeScope();
        using var no = no_grad();
        var (disc, poses) = (new FourierDisc(Samples.BoxLength, 20), Samples.Poses(2));
        using var gaussians = GaussianTensors.From(Samples.Model(50), dtype: ScalarType.Float64);
        using var projector = new TorchProjector(disc);
        var (angles, shifts) = (TorchRotations.EulerDegrees(poses), TorchRotations.Shifts(poses));
        var plain = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, angles, shifts);
        var magnified = projector.ProjectMagnified(
            gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, angles, shifts, Matrix(Magnification.None));
        Assert.InRange((plain - magnified).abs().max().item<double>(), 0, 1e-12 * plain.abs().max().item<double>());
    }

    [TorchFact]
    public void A_matrix_of_another_shape_is_named()
    {
        using var scope = NewDisposeScope();
        var poses = Samples.Poses(1);
        using var gaussians = GaussianTensors.From(Samples.Model(5));
        using var projector = new TorchProjector(new FourierDisc(Samples.BoxLength, 10));
        Tensor rotations = TorchRotations.Rotations(poses, dtype: ScalarType.Float32), shifts = TorchRotations.Shifts(poses, dtype: ScalarType.Float32);
        string Message(Tensor wrong) => Assert.ThrowsAny<ArgumentException>(() => projector.ProjectMagnified(
            gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, rotations, shifts, wrong)).Message;
        Assert.Contains("magnification must have the shape [2, 2]", Message(eye(3)), StringComparison.Ordinal);
        Assert.Contains("magnification must be Float32 or Float64", Message(eye(2, dtype: ScalarType.Int64)), StringComparison.Ordinal);
    }

    private static Tensor Matrix(Magnification m) => tensor(new[,] { { m.M00, m.M01 }, { m.M10, m.M11 } });

    /// <summary>The plain sum over Gaussians at M k.</summary>
    private static (double[] Re, double[] Im) Definition(GaussianModel model, FourierDisc disc, Pose pose)
    {
        double[] re = new double[disc.Count], im = new double[disc.Count];
        for (var i = 0; i < disc.Count; i++)
        {
            var (kx, ky) = s_matrix.Apply(disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
            for (var j = 0; j < model.Count; j++)
            {
                var (x, y, _) = pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
                double s = model.Widths[j];
                var height = model.Amplitudes[j] * Math.Exp(-2 * Math.PI * Math.PI * s * s * ((kx * kx) + (ky * ky)));
                var (sin, cos) = Math.SinCos(-2 * Math.PI * ((kx * (x + pose.ShiftX)) + (ky * (y + pose.ShiftY))));
                (re[i], im[i]) = (re[i] + (height * cos), im[i] + (height * sin));
            }
        }

        return (re, im);
    }
}
