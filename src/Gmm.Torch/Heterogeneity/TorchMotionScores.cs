using Gmm.Core;
using Gmm.Heterogeneity;

namespace Gmm.Torch;

/// <summary>Scores of images against deformations of one model on a device, in pieces that fit its memory.</summary>
internal sealed class TorchMotionScores : IMotionScores
{
    private readonly Device _device;
    private readonly GaussianTensors _gaussians;
    private readonly TorchProjector _projector;
    private readonly TorchWhitenedScorer _scorer;

    public TorchMotionScores(GaussianModel neutral, WhitenedCorrelationScorer scorer, Device device, TorchProjectorOptions? options)
    {
        _device = device;
        _gaussians = GaussianTensors.From(neutral, device, trainable: false);
        _projector = new TorchProjector(scorer.Disc, options);
        _scorer = new TorchWhitenedScorer(scorer);
    }

    /// <inheritdoc/>
    public void Score(MotionBatch batch, Span<double> objectives, IReadOnlyList<ModelGradient<float>>? gradients)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var n = (int)_gaussians.Count;
        var found = new double[batch.Poses.Count];
        var slopes = gradients is null ? [] : new float[batch.Poses.Count * 4 * n];
        ForPieces(batch, 2, gradients is not null, piece =>
        {
            using var mode = set_grad_enabled(gradients is not null);
            using var deformations = Pack(batch.Deformations, piece.First, piece.Count).requires_grad_(gradients is not null);
            var discs = _projector.ProjectDeformed(_gaussians, deformations, piece.Rotations, piece.Shifts);
            var objective = _scorer.Score(piece.Images, discs).Objective;
            if (gradients is null)
            {
                Array.ConvertAll(TensorMemory.Read<float>(objective), v => (double)v).CopyTo(found, piece.First);
                return;
            }

            var slope = autograd.grad([objective.sum()], [deformations])[0];
            // In one copy: the host waits once.
            var (both, row) = (TensorMemory.Read<float>(cat([objective.detach().unsqueeze(1), slope.flatten(1)], 1)), 1 + (4 * n));
            for (var b = 0; b < piece.Count; b++)
            {
                found[piece.First + b] = both[b * row];
                both.AsSpan((b * row) + 1, 4 * n).CopyTo(slopes.AsSpan((piece.First + b) * 4 * n));
            }
        });
        found.CopyTo(objectives);
        for (var b = 0; b < gradients?.Count; b++)
        {
            ReadOnlySpan<float> own = slopes.AsSpan(b * 4 * n, 4 * n);
            own[..n].CopyTo(gradients[b].X);
            own.Slice(n, n).CopyTo(gradients[b].Y);
            own.Slice(2 * n, n).CopyTo(gradients[b].Z);
            own.Slice(3 * n, n).CopyTo(gradients[b].Amplitudes);
        }
    }

    /// <inheritdoc/>
    public void Evaluate(
        MotionBatch batch, IReadOnlyList<ModelDeformation[]> velocities, Span<double> objectives, Span<double> gradients, Span<double> information)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(velocities);
        var d = velocities[0].Length;
        double[] found = new double[batch.Poses.Count], slopes = new double[found.Length * d], matrices = new double[found.Length * d * d];
        ForPieces(batch, 1 + (3 * d), false, piece =>
        {
            using var no = no_grad();
            var rates = Pack([.. velocities.Skip(piece.First).Take(piece.Count).SelectMany(v => v)], 0, piece.Count * d);
            var jacobian = _projector.ProjectAlong(
                _gaussians, Pack(batch.Deformations, piece.First, piece.Count), rates.reshape(piece.Count, d, 4, -1), piece.Rotations, piece.Shifts);
            var score = _scorer.EvaluateAlong(piece.Images, jacobian);
            var values = TensorMemory.Read<double>(
                cat([score.Score.Objective.to(ScalarType.Float64).unsqueeze(1), score.Gradient, score.GaussNewton.flatten(1)], 1));
            for (var (b, row) = (0, 1 + d + (d * d)); b < piece.Count; b++)
            {
                var at = piece.First + b;
                var own = values.AsSpan(b * row, row);
                found[at] = own[0];
                own.Slice(1, d).CopyTo(slopes.AsSpan(at * d));
                own[(1 + d)..].CopyTo(matrices.AsSpan(at * d * d));
            }
        });
        found.CopyTo(objectives);
        slopes.CopyTo(gradients);
        matrices.CopyTo(information);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gaussians.Dispose();
        _projector.Dispose();
        _scorer.Dispose();
    }

    /// <summary>Prepares the images of a batch piece by piece, as many at a time as the memory allows.</summary>
    private void ForPieces(MotionBatch batch, int sums, bool gradients, Action<Piece> work)
    {
        int count = batch.Poses.Count, k = _projector.Disc.Count;
        var centres = (Tensor)_gaussians.Centres;
        var chunks = _projector.ChunksFor(_projector.Kernel(centres), centres, _gaussians.Widths, count, sums, gradients);
        chunks.Run(count, (first, images) =>
        {
            using var scope = NewDisposeScope();
            var (from, length) = ((int)first * k, (int)images * k);
            Tensor Rows(ReadOnlySpan<float> values) => TensorMemory.Write(values.Slice(from, length).ToArray(), [images, k], _device);
            using var prepared = _scorer.Prepare(complex(Rows(batch.Re), Rows(batch.Im)), Rows(batch.Transfers));
            Pose[] poses = [.. batch.Poses.Skip((int)first).Take((int)images)];
            work(new Piece(
                (int)first, (int)images, prepared, TorchRotations.Rotations(poses, _device, ScalarType.Float32),
                TorchRotations.Shifts(poses, _device, ScalarType.Float32)));
        });
    }

    /// <summary>[count, 4, N].</summary>
    private Tensor Pack(IReadOnlyList<ModelDeformation> deformations, int first, int count)
    {
        var n = (int)_gaussians.Count;
        var values = new float[count * 4 * n];
        for (var b = 0; b < count; b++)
        {
            var own = values.AsSpan(b * 4 * n, 4 * n);
            var d = deformations[first + b];
            d.X.CopyTo(own);
            d.Y.CopyTo(own[n..]);
            d.Z.CopyTo(own[(2 * n)..]);
            d.Amplitudes.CopyTo(own[(3 * n)..]);
        }

        return TensorMemory.Write(values, [count, 4, n], _device);
    }

    private readonly record struct Piece(int First, int Count, TorchImages Images, Tensor Rotations, Tensor Shifts);
}
