using Gmm.Core;

namespace Gmm.Torch.Tests;

public class TorchProjectorTests
{
    [TorchTheory]
    [InlineData(ProjectionForm.Direct, ScalarType.Float32, 29, 1e-5)]
    [InlineData(ProjectionForm.Direct, ScalarType.Float64, 30, 1e-12)]
    [InlineData(ProjectionForm.Gridding, ScalarType.Float32, 29, 1e-5)]
    [InlineData(ProjectionForm.Gridding, ScalarType.Float64, 30, 2e-6)]
    [InlineData(ProjectionForm.Managed, ScalarType.Float32, 30, 2e-5)]
    [InlineData(ProjectionForm.Auto, ScalarType.Float32, 16, 1e-5)]
    public void Every_form_equals_the_exact_sum(ProjectionForm form, ScalarType dtype, int radius, double bound)
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, radius);
        var model = Samples.Model(400);
        var poses = Samples.Poses(5);
        using var gaussians = GaussianTensors.From(model, dtype: dtype);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-6 });
        var discs = projector.call(
            gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.Rotations(poses, dtype: dtype),
            TorchRotations.Shifts(poses, dtype: dtype));
        Assert.Equal([5, disc.Count], discs.shape);
        for (var b = 0; b < poses.Length; b++)
        {
            Assert.InRange(Samples.RingError(disc, Samples.Values(discs[b]), Samples.Exact(model, disc, poses[b])), 0, bound);
        }
    }

    [TorchFact]
    public void The_managed_form_is_Gmm_Core_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 25);
        var model = Samples.Model(300);
        var poses = Samples.Poses(3);
        using var gaussians = GaussianTensors.From(model);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Accuracy = 1e-4 });
        Tensor rotations = TorchRotations.Rotations(poses, dtype: ScalarType.Float32), shifts = TorchRotations.Shifts(poses, dtype: ScalarType.Float32);
        var discs = Samples.Values(projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, rotations, shifts));
        var managed = new GriddingProjector(model, disc, 1e-4);
        float[] re = new float[disc.Count], im = new float[disc.Count];
        // Rotations are rounded to float32 on the way into the tensors, and are taken as they are there.
        var m = Samples.Reals(rotations[2]);
        var pose = new Pose(new Rotation(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]), shifts[2, 0].item<float>(), shifts[2, 1].item<float>());
        managed.Project(pose, re, im, managed.CreateScratch());
        for (var i = 0; i < disc.Count; i++)
        {
            Assert.Equal((re[i], im[i]), (discs[2 * ((2 * disc.Count) + i)], discs[(2 * ((2 * disc.Count) + i)) + 1]));
        }
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct)]
    [InlineData(ProjectionForm.Gridding)]
    public void Widths_far_apart_are_exact_too(ProjectionForm form)
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 25);
        var model = Samples.Model(200, 0.7, 12);
        var poses = Samples.Poses(2);
        using var gaussians = GaussianTensors.From(model, dtype: ScalarType.Float64);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-6 });
        var discs = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.Rotations(poses), TorchRotations.Shifts(poses));
        Assert.InRange(Samples.RingError(disc, Samples.Values(discs[1]), Samples.Exact(model, disc, poses[1])), 0, 1e-5);
    }

    [TorchFact]
    public void Euler_angles_are_RELIONs_matrices()
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 20);
        var poses = Samples.Poses(3);
        using var gaussians = GaussianTensors.From(Samples.Model(50), dtype: ScalarType.Float64);
        using var projector = new TorchProjector(disc);
        var shifts = TorchRotations.Shifts(poses);
        var a = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.EulerDegrees(poses), shifts);
        var b = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.Rotations(poses), shifts);
        Assert.InRange(Samples.RelativeError(Samples.Values(a), Samples.Values(b)), 0, 1e-12);
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct)]
    [InlineData(ProjectionForm.Gridding)]
    public void Chunks_of_images_and_Gaussians_change_nothing(ProjectionForm form)
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 20);
        var poses = Samples.Poses(7);
        using var gaussians = GaussianTensors.From(Samples.Model(300), dtype: ScalarType.Float64);
        Tensor Discs(long memory)
        {
            using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, MemoryBytes = memory });
            return projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.Rotations(poses), TorchRotations.Shifts(poses));
        }

        var whole = Samples.Values(Discs(1L << 32));
        foreach (var memory in new[] { 1L, 1L << 20, 1L << 24 })
        {
            // In pieces, Gaussians of another least width widen all by another amount: the gridding form agrees to its accuracy.
            Assert.InRange(Samples.RelativeError(Samples.Values(Discs(memory)), whole), 0, form == ProjectionForm.Direct ? 1e-13 : 1e-5);
        }
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct, ScalarType.Float32, 1e-4)]
    [InlineData(ProjectionForm.Direct, ScalarType.Float64, 1e-10)]
    [InlineData(ProjectionForm.Gridding, ScalarType.Float32, 1e-4)]
    [InlineData(ProjectionForm.Managed, ScalarType.Float32, 1e-4)]
    public void Gradients_equal_the_managed_ones(ProjectionForm form, ScalarType dtype, double bound)
    {
        // In one piece, and in pieces that the backward pass computes again.
        foreach (var memory in new[] { 1L << 30, 1L << 21 })
        {
            using var scope = NewDisposeScope();
            var disc = new FourierDisc(Samples.BoxLength, 20);
            var model = Samples.Model(200);
            var poses = Samples.Poses(6);
            using var gaussians = Leaves(model, dtype);
            using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-6, MemoryBytes = memory });
            var vector = zeros(poses.Length, 3, dtype: dtype, requires_grad: true);
            var rotations = bmm(TorchRotations.FromRotationVector(vector), TorchRotations.Rotations(poses, dtype: dtype));
            var shifts = TorchRotations.Shifts(poses, dtype: dtype).requires_grad_(true);
            var discs = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, rotations, shifts);
            var cotangent = Cotangent(disc, poses.Length);
            (view_as_real(discs) * cotangent.to(dtype)).sum().backward();

            var expected = Expected(model, disc, poses, Samples.Reals(cotangent));
            Assert.InRange(Samples.RelativeError(Samples.Reals(gaussians.Centres.grad!), expected.Centres), 0, bound);
            Assert.InRange(Samples.RelativeError(Samples.Reals(gaussians.Amplitudes.grad!), expected.Model.Amplitudes), 0, bound);
            Assert.InRange(Samples.RelativeError(Samples.Reals(gaussians.Widths.grad!), expected.Model.Widths), 0, bound);
            Assert.InRange(Samples.RelativeError(Samples.Reals(vector.grad!), expected.Vectors), 0, bound);
            Assert.InRange(Samples.RelativeError(Samples.Reals(shifts.grad!), expected.Shifts), 0, bound);
        }
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct, 1L << 30)]
    [InlineData(ProjectionForm.Direct, 1L << 19)]
    [InlineData(ProjectionForm.Gridding, 1L << 30)]
    [InlineData(ProjectionForm.Gridding, 1L << 19)]
    public void Gradients_equal_finite_differences_in_double_precision(ProjectionForm form, long memory)
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var disc = new FourierDisc(Samples.BoxLength, 12);
        var poses = Samples.Poses(3);
        using var gaussians = Leaves(Samples.Model(40), ScalarType.Float64);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-6, MemoryBytes = memory });
        // A matrix that is not a rotation: the gradient with respect to all nine elements.
        Tensor[] inputs =
        [
            gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, TorchRotations.Rotations(poses).requires_grad_(true),
            TorchRotations.Shifts(poses).requires_grad_(true),
        ];
        var target = view_as_complex(randn([poses.Length, disc.Count, 2], dtype: ScalarType.Float64)) * 10;
        Tensor Loss(Tensor[] i) => (projector.call(i[0], i[1], i[2], i[3], i[4]) - target).abs().square().sum();
        Loss(inputs).backward();
        for (var p = 0; p < inputs.Length; p++)
        {
            using var no = no_grad();
            var direction = randn_like(inputs[p]);
            double Along(double h)
            {
                var moved = (Tensor[])inputs.Clone();
                moved[p] = inputs[p] + (direction * h);
                return Loss(moved).item<double>();
            }

            // The gridding form is exact to 1e-6 only, and its error jumps where a Gaussian passes from cell to cell.
            var step = form == ProjectionForm.Direct ? 1e-5 : 1e-3;
            var difference = (Along(step) - Along(-step)) / (2 * step);
            var analytic = (inputs[p].grad! * direction).sum().item<double>();
            Assert.InRange(Math.Abs(analytic - difference) / Math.Abs(difference), 0, form == ProjectionForm.Direct ? 1e-6 : 1e-4);
        }
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct, ScalarType.Float64, 1e-11)]
    [InlineData(ProjectionForm.Gridding, ScalarType.Float64, 1e-5)]
    [InlineData(ProjectionForm.Direct, ScalarType.Float32, 2e-5)]
    [InlineData(ProjectionForm.Managed, ScalarType.Float32, 2e-5)]
    public void Pose_derivatives_equal_the_managed_ones(ProjectionForm form, ScalarType dtype, double bound)
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 24);
        var model = Samples.Model(150);
        var poses = Samples.Poses(4);
        using var gaussians = GaussianTensors.From(model, dtype: dtype);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-6, MemoryBytes = 1 << 22 });
        var jacobian = projector.ProjectWithPoseDerivatives(
            gaussians, TorchRotations.Rotations(poses, dtype: dtype), TorchRotations.Shifts(poses, dtype: dtype));
        var managed = new DirectProjector<double>(model, disc);
        var expected = new PoseJacobian<double>(disc);
        for (var b = 0; b < poses.Length; b++)
        {
            managed.ProjectWithPoseDerivatives(poses[b], expected, managed.CreateScratch());
            for (var p = 0; p < 6; p++)
            {
                var re = p == 0 ? expected.Re : expected.DerivativeRe(p - 1);
                var im = p == 0 ? expected.Im : expected.DerivativeIm(p - 1);
                var values = new double[2 * disc.Count];
                for (var i = 0; i < disc.Count; i++)
                {
                    (values[2 * i], values[(2 * i) + 1]) = (re[i], im[i]);
                }

                Assert.InRange(Samples.RelativeError(Samples.Values(jacobian[b, p]), values), 0, bound);
            }
        }
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct, 1L << 30)]
    [InlineData(ProjectionForm.Direct, 1L << 20)]
    [InlineData(ProjectionForm.Gridding, 1L << 20)]
    [InlineData(ProjectionForm.Managed, 1L << 30)]
    public void Live_tensors_stay_flat(ProjectionForm form, long memory)
    {
        var disc = new FourierDisc(Samples.BoxLength, 12);
        var poses = Samples.Poses(4);
        using var gaussians = GaussianTensors.From(Samples.Model(80));
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, MemoryBytes = memory });
        using var euler = TorchRotations.EulerDegrees(poses, dtype: ScalarType.Float32).DetachFromDisposeScope();
        using var shifts = TorchRotations.Shifts(poses, dtype: ScalarType.Float32).DetachFromDisposeScope();
        long Iterate()
        {
            using (var scope = NewDisposeScope())
            {
                projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, euler, shifts).abs().sum().backward();
                projector.ProjectWithPoseDerivatives(gaussians, TorchRotations.FromEuler(euler), shifts);
            }

            return Tensor.TotalCount;
        }

        Iterate();
        var before = Iterate();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(before, Iterate());
        }
    }

    [TorchFact]
    public void Wrong_tensors_are_named()
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 12);
        using var projector = new TorchProjector(disc);
        Tensor c = zeros(5, 3), a = ones(5), s = ones(5), r = zeros(2, 3), t = zeros(2, 2);
        Contains("centres must have the shape [N, 3] = [any, 3], not [5, 2]", () => projector.call(zeros(5, 2), a, s, r, t));
        Contains("amplitudes must have the shape [N] = [5], not [4]", () => projector.call(c, ones(4), s, r, t));
        Contains("widths must be Float32, not Float64", () => projector.call(c, a, s.to(ScalarType.Float64), r, t));
        Contains("orientations must have the shape [B, 3, 3]", () => projector.call(c, a, s, zeros(2, 9, 1), t));
        Contains("shifts must have the shape [B, 2] = [2, 2], not [3, 2]", () => projector.call(c, a, s, r, zeros(3, 2)));
        Contains("centres must be Float32 or Float64, not Int64", () => projector.call(c.to(ScalarType.Int64), a, s, r, t));
        Contains("widths must be on cpu, not on meta", () => projector.call(c, a, s.to(new Device(DeviceType.META)), r, t));
        using var managed = new TorchProjector(disc, new TorchProjectorOptions { Form = ProjectionForm.Managed });
        Contains("needs Float32 tensors on the CPU", () => managed.call(
            c.to(ScalarType.Float64), a.to(ScalarType.Float64), s.to(ScalarType.Float64), r.to(ScalarType.Float64), t.to(ScalarType.Float64)));
    }

    [TorchFact]
    public void A_failure_in_the_backward_pass_is_thrown_by_the_next_call()
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(Samples.BoxLength, 12);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = ProjectionForm.Managed });
        Tensor c = zeros(5, 3, requires_grad: true), a = ones(5), s = ones(5), r = zeros(2, 3), t = zeros(2, 2);
        var discs = projector.call(c, a, s, r, t);
        // The model is read again in the backward pass, where a width of 0 is bad input. (Through a view that libtorch does not count as a change.)
        TensorMemory.View<float>(s).Clear();
        discs.abs().sum().backward();
        Assert.True(c.grad!.isnan().all().item<bool>());
        var error = Assert.Throws<InvalidOperationException>(() => projector.call(c, a, s, r, t));
        Assert.Contains("width", error.Message, StringComparison.Ordinal);
    }

    private static void Contains(string text, Action action) =>
        Assert.Contains(text, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static ModelLeaves Leaves(GaussianModel model, ScalarType dtype)
    {
        using var gaussians = GaussianTensors.From(model, dtype: dtype);
        using var scope = NewDisposeScope();
        Tensor Leaf(Tensor values) => values.detach().clone().requires_grad_(true).DetachFromDisposeScope();
        return new ModelLeaves(Leaf(gaussians.Centres), Leaf(gaussians.Amplitudes), Leaf(gaussians.Widths));
    }

    private static Tensor Cotangent(FourierDisc disc, int images)
    {
        manual_seed(4);
        return randn([images, disc.Count, 2], dtype: ScalarType.Float64);
    }

    private static (double[] Centres, ModelGradientColumns Model, double[] Vectors, double[] Shifts) Expected(
        GaussianModel model, FourierDisc disc, Pose[] poses, double[] cotangent)
    {
        var projector = new DirectProjector<double>(model, disc);
        var gradient = new ModelGradient<double>(model.Count);
        double[] vectors = new double[3 * poses.Length], shifts = new double[2 * poses.Length];
        double[] re = new double[disc.Count], im = new double[disc.Count];
        for (var b = 0; b < poses.Length; b++)
        {
            for (var i = 0; i < disc.Count; i++)
            {
                (re[i], im[i]) = (cotangent[2 * ((b * disc.Count) + i)], cotangent[(2 * ((b * disc.Count) + i)) + 1]);
            }

            var step = new double[5];
            projector.VectorJacobianProduct(poses[b], re, im, gradient, step, projector.CreateScratch());
            step.AsSpan(0, 3).CopyTo(vectors.AsSpan(3 * b));
            step.AsSpan(3, 2).CopyTo(shifts.AsSpan(2 * b));
        }

        var centres = new double[3 * model.Count];
        for (var j = 0; j < model.Count; j++)
        {
            (centres[3 * j], centres[(3 * j) + 1], centres[(3 * j) + 2]) = (gradient.X[j], gradient.Y[j], gradient.Z[j]);
        }

        return (centres, new ModelGradientColumns(gradient.Amplitudes.ToArray(), gradient.Widths.ToArray()), vectors, shifts);
    }

    private sealed record ModelLeaves(Tensor Centres, Tensor Amplitudes, Tensor Widths) : IDisposable
    {
        public void Dispose()
        {
            Centres.Dispose();
            Amplitudes.Dispose();
            Widths.Dispose();
        }
    }

    private sealed record ModelGradientColumns(double[] Amplitudes, double[] Widths);
}
