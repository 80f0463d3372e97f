using System.Collections.Concurrent;
using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// Gmm.Core's gridding projector on CPU tensors of float32. Images are written into the result tensor's own memory; the model's columns are copied once per
/// change. Images are independent and gradients summed over fixed groups in a fixed order, so results do not depend on the number of threads.
/// </summary>
internal sealed class ManagedKernel(FourierDisc disc, double accuracy, int threads)
{
    private const int Groups = 16;

    private readonly Lock _lock = new();
    private Bound? _last;

    private ParallelOptions Parallelism => new() { MaxDegreeOfParallelism = threads };

    /// <summary>[B, K] complex.</summary>
    public Tensor Project(Tensor centres, Tensor amplitudes, Tensor widths, Tensor rotations, Tensor shifts)
    {
        var bound = Bind(centres, amplitudes, widths);
        var poses = Poses(rotations, shifts);
        return Fill(poses.Length, 1, (b, row) =>
        {
            var s = bound.Take();
            bound.Projector.Project(poses[b], s.Jacobian.Re, s.Jacobian.Im, s.Scratch);
            Interleave(s.Jacobian.Re, s.Jacobian.Im, row);
            bound.Return(s);
        }).squeeze(1);
    }

    /// <summary>[B, 6, K] complex.</summary>
    public Tensor Jacobian(Tensor centres, Tensor amplitudes, Tensor widths, Tensor rotations, Tensor shifts)
    {
        var bound = Bind(centres, amplitudes, widths);
        var poses = Poses(rotations, shifts);
        var row = 2 * disc.Count;
        return Fill(poses.Length, Pose.ParameterCount + 1, (b, target) =>
        {
            var s = bound.Take();
            bound.Projector.ProjectWithPoseDerivatives(poses[b], s.Jacobian, s.Scratch);
            Interleave(s.Jacobian.Re, s.Jacobian.Im, target[..row]);
            for (var p = 0; p < Pose.ParameterCount; p++)
            {
                Interleave(s.Jacobian.DerivativeRe(p), s.Jacobian.DerivativeIm(p), target.Slice((p + 1) * row, row));
            }

            bound.Return(s);
        });
    }

    /// <summary>The five gradients; null for inputs that need none.</summary>
    public Tensor?[] Gradients(Tensor centres, Tensor amplitudes, Tensor widths, Tensor rotations, Tensor shifts, Tensor gradient)
    {
        var bound = Bind(centres, amplitudes, widths);
        var poses = Poses(rotations, shifts);
        var flat = view_as_real(gradient.resolve_conj()).contiguous();
        var ofModel = centres.requires_grad || amplitudes.requires_grad || widths.requires_grad;
        int images = poses.Length, n = bound.Projector.Model.Count, groups = Math.Min(Groups, images);
        var models = new ModelGradient<float>?[groups];
        var steps = new float[images * Pose.ParameterCount];
        Parallel.For(0, groups, Parallelism, g =>
        {
            var s = bound.Take();
            var model = models[g] = ofModel ? new ModelGradient<float>(n) : null;
            int first = (int)((long)images * g / groups), end = (int)((long)images * (g + 1) / groups);
            for (var b = first; b < end; b++)
            {
                using var row = flat[b];
                Split(TensorMemory.View<float>(row), s.Jacobian.Re, s.Jacobian.Im);
                bound.Projector.VectorJacobianProduct(
                    poses[b], s.Jacobian.Re, s.Jacobian.Im, model, steps.AsSpan(b * Pose.ParameterCount, Pose.ParameterCount), s.Scratch);
            }

            bound.Return(s);
        });
        var (rotationGradient, shiftGradient) = PoseGradients(poses, steps);
        Tensor? Of(Tensor input, Func<Tensor> value) => input.requires_grad ? value() : null;
        return
        [
            Of(centres, () => stack([Sum(models, m => m.X), Sum(models, m => m.Y), Sum(models, m => m.Z)], 1)),
            Of(amplitudes, () => Sum(models, m => m.Amplitudes)),
            Of(widths, () => Sum(models, m => m.Widths)),
            Of(rotations, () => TensorMemory.Write(rotationGradient, [images, 3, 3], CPU)),
            Of(shifts, () => TensorMemory.Write(shiftGradient, [images, 2], CPU)),
        ];
    }

    private delegate Span<float> Column(ModelGradient<float> gradient);

    /// <summary>Sums a column over the groups, in their order.</summary>
    private static Tensor Sum(ModelGradient<float>?[] groups, Column column)
    {
        var total = new float[groups[0]!.Count];
        foreach (var group in groups)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<float>(total, column(group!), total);
        }

        return TensorMemory.Write(total, [total.Length], CPU);
    }

    /// <summary>
    /// From pose steps g to matrices: 1/2 [g]x A has the inner product g.w with the change [w]x A of every small rotation w, and none with anything
    /// that would leave the rotations.
    /// </summary>
    private static (float[] Rotations, float[] Shifts) PoseGradients(Pose[] poses, float[] steps)
    {
        float[] rotations = new float[9 * poses.Length], shifts = new float[2 * poses.Length];
        for (var b = 0; b < poses.Length; b++)
        {
            var g = steps.AsSpan(b * Pose.ParameterCount, Pose.ParameterCount);
            double x = 0.5 * g[0], y = 0.5 * g[1], z = 0.5 * g[2];
            var m = new Rotation(0, -z, y, z, 0, -x, -y, x, 0) * poses[b].Rotation;
            ReadOnlySpan<double> values = [m.M00, m.M01, m.M02, m.M10, m.M11, m.M12, m.M20, m.M21, m.M22];
            for (var i = 0; i < 9; i++)
            {
                rotations[(9 * b) + i] = (float)values[i];
            }

            (shifts[2 * b], shifts[(2 * b) + 1]) = (g[3], g[4]);
        }

        return (rotations, shifts);
    }

    private delegate void FillRow(int image, Span<float> row);

    private Tensor Fill(int images, int rows, FillRow fill)
    {
        using var scope = NewDisposeScope();
        var result = empty([images, rows, disc.Count, 2], dtype: ScalarType.Float32);
        Parallel.For(0, images, Parallelism, b =>
        {
            using var row = result[b];
            fill(b, TensorMemory.View<float>(row));
        });
        return view_as_complex(result).MoveToOuterDisposeScope();
    }

    private static void Interleave(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> target)
    {
        target = target[..(2 * re.Length)];
        im = im[..re.Length];
        for (var i = 0; i < re.Length; i++)
        {
            target[2 * i] = re[i];
            target[(2 * i) + 1] = im[i];
        }
    }

    private static void Split(ReadOnlySpan<float> values, Span<float> re, Span<float> im)
    {
        for (var i = 0; i < re.Length; i++)
        {
            re[i] = values[2 * i];
            im[i] = values[(2 * i) + 1];
        }
    }

    private static Pose[] Poses(Tensor rotations, Tensor shifts)
    {
        float[] m = TensorMemory.Read<float>(rotations), t = TensorMemory.Read<float>(shifts);
        var poses = new Pose[shifts.shape[0]];
        for (var b = 0; b < poses.Length; b++)
        {
            var r = m.AsSpan(9 * b, 9);
            poses[b] = new Pose(new Rotation(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8]), t[2 * b], t[(2 * b) + 1]);
        }

        return poses;
    }

    /// <summary>The projector of these values; the last one again where they have not changed.</summary>
    private Bound Bind(Tensor centres, Tensor amplitudes, Tensor widths)
    {
        using var scope = NewDisposeScope();
        float[] columns = TensorMemory.Read<float>(centres.t()), a = TensorMemory.Read<float>(amplitudes), s = TensorMemory.Read<float>(widths);
        var n = a.Length;
        lock (_lock)
        {
            if (_last is { } last && last.Is(columns, a, s))
            {
                return last;
            }

            // The box of the model plays no part in a projection.
            var model = new GaussianModel(columns.AsSpan(0, n), columns.AsSpan(n, n), columns.AsSpan(2 * n, n), a, s, 1, disc.BoxLength);
            return _last = new Bound(new GriddingProjector(model, disc, accuracy));
        }
    }

    private sealed class Bound(GriddingProjector projector)
    {
        private readonly ConcurrentBag<Work> _work = [];

        public GriddingProjector Projector { get; } = projector;

        public bool Is(float[] columns, float[] amplitudes, float[] widths)
        {
            var m = Projector.Model;
            var n = m.Count;
            return amplitudes.Length == n && m.X.SequenceEqual(columns.AsSpan(0, n)) && m.Y.SequenceEqual(columns.AsSpan(n, n))
                && m.Z.SequenceEqual(columns.AsSpan(2 * n, n)) && m.Amplitudes.SequenceEqual(amplitudes) && m.Widths.SequenceEqual(widths);
        }

        public Work Take() => _work.TryTake(out var work) ? work : new Work(Projector.CreateScratch(), new PoseJacobian<float>(Projector.Disc));

        public void Return(Work work) => _work.Add(work);
    }

    private sealed record Work(IProjectorScratch Scratch, PoseJacobian<float> Jacobian);
}
