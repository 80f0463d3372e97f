using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>Scores of some images against moving parts on a device.</summary>
internal sealed class TorchBodyScores : IBodyScores
{
    private readonly Device _device;
    private readonly GaussianTensors[] _moving;
    private readonly GaussianTensors? _still;
    private readonly TorchProjector _projector;
    private readonly TorchWhitenedScorer _scorer;
    private TorchImages? _images;

    // [B, K]: what is still, and that without the part taken out last.
    private Tensor? _whole;
    private Tensor? _rest;

    public TorchBodyScores(
        IReadOnlyList<GaussianModel> moving, GaussianModel? still, WhitenedCorrelationScorer scorer, Device device, TorchProjectorOptions? options)
    {
        GaussianTensors Model(GaussianModel model) => GaussianTensors.From(model, device, trainable: false);
        _device = device;
        _moving = [.. moving.Select(Model)];
        _still = still is null ? null : Model(still);
        _projector = new TorchProjector(scorer.Disc, options);
        _scorer = new TorchWhitenedScorer(scorer);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Load(
        ParticleImages images, IReadOnlyList<int> members, IReadOnlyList<Pose> still, ComputeOptions compute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(still);
        using var read = DeviceImages.ReadAhead(images, [[.. members]], _device, compute, cancellationToken).Single();
        Forget();
        if (read.Usable.Length == 0)
        {
            return [];
        }

        using var no = no_grad();
        using var scope = NewDisposeScope();
        _images = _scorer.Prepare(read.Images, read.Transfers);
        _whole = _still is null ? zeros_like(read.Images).DetachFromDisposeScope() : Project(_still, [.. read.Usable.Select(n => still[n])]);
        _rest = _whole.clone().DetachFromDisposeScope();
        return read.Usable;
    }

    /// <inheritdoc/>
    public void TakeOut(int body, IReadOnlyList<Pose> poses)
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        using var part = Project(_moving[body], poses);
        _rest!.Dispose();
        _rest = (_whole! - part).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public PoseScore[] Evaluate(
        int first, IReadOnlyList<int> which, IReadOnlyList<Pose[]> poses, IReadOnlyList<double[]> gradients, IReadOnlyList<double[]> information)
    {
        ArgumentNullException.ThrowIfNull(which);
        ArgumentNullException.ThrowIfNull(poses);
        using var no = no_grad();
        var (count, n) = (poses[0].Length, Pose.ParameterCount * poses[0].Length);
        var scores = new PoseScore[which.Count];
        // The derivative images of all parts, once each and once together.
        var bytes = (count + 2L) * 6 * 2 * sizeof(float) * _projector.Disc.Count;
        var chunks = Chunks.Choose("poses of patches", which.Count, 1, bytes, 0, _projector.MemoryBytes);
        chunks.Run(which.Count, (from, length) =>
        {
            using var scope = NewDisposeScope();
            int[] rows = [.. which.Skip((int)from).Take((int)length)];
            var index = TensorMemory.Write(Array.ConvertAll(rows, i => (long)i), [rows.Length], _device);
            using var images = _images!.Select(index);
            var sum = _rest!.index_select(0, index);
            var derivatives = new List<Tensor>();
            for (var k = 0; k < count; k++)
            {
                Pose[] own = [.. poses.Skip((int)from).Take((int)length).Select(p => p[k])];
                var jacobian = _projector.ProjectWithPoseDerivatives(_moving[first + k], Rotations(own), Shifts(own));
                sum += jacobian.select(1, 0);
                derivatives.Add(jacobian.narrow(1, 1, Pose.ParameterCount));
            }

            var found = _scorer.EvaluateAlong(images, cat([sum.unsqueeze(1), .. derivatives], 1));
            // All in one copy: the host waits once.
            var values = TensorMemory.Read<double>(cat([PoseBatches.Scores(found.Score), found.Gradient, found.GaussNewton.flatten(1)], 1));
            var row = 3 + n + (n * n);
            for (var b = 0; b < rows.Length; b++)
            {
                var a = (int)from + b;
                var own = values.AsSpan(b * row, row);
                scores[a] = new PoseScore(own[0], own[1], own[2]);
                own.Slice(3, n).CopyTo(gradients[a]);
                own[(3 + n)..].CopyTo(information[a]);
            }
        });
        return scores;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        Array.ForEach(_moving, m => m.Dispose());
        _still?.Dispose();
        _projector.Dispose();
        _scorer.Dispose();
    }

    private Tensor Rotations(IReadOnlyList<Pose> poses) => TorchRotations.Rotations(poses, _device, ScalarType.Float32);

    private Tensor Shifts(IReadOnlyList<Pose> poses) => TorchRotations.Shifts(poses, _device, ScalarType.Float32);

    private Tensor Project(GaussianTensors model, IReadOnlyList<Pose> poses) =>
        _projector.Project(model.Centres, model.Amplitudes, model.Widths, Rotations(poses), Shifts(poses)).DetachFromDisposeScope();

    private void Forget()
    {
        _images?.Dispose();
        _whole?.Dispose();
        _rest?.Dispose();
        (_images, _whole, _rest) = (null, null, null);
    }
}
