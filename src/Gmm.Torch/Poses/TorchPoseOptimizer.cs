using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>
/// An optimizer on a device: images are read and transformed on the host, many at a time and ahead, and refined together. It does what a managed
/// optimizer does.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// using var optimizer = new TorchPoseOptimizer(TorchDevices.Parse("cuda"));
/// var loop = new RefinementLoop(particles, new RefinementOptions { Optimizer = optimizer }, new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class TorchPoseOptimizer : IBatchPoseOptimizer, IDisposable
{
    /// <summary>Particles refined together, at most: the images of the next are read meanwhile. Changes no result.</summary>
    private const int Piece = 256;

    private readonly Dictionary<PoseReference, TorchPoseReference> _references = [];
    private readonly Device _device;
    private readonly TorchProjectorOptions? _options;
    private readonly IPoseOptimizer _managed;
    private readonly ITorchPoseOptimizer _optimizer;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="device">The device.</param>
    /// <param name="managed">The optimizer whose counterpart on tensors is used, with its settings: Levenberg-Marquardt (the default) or Adam.</param>
    /// <param name="options">Form, accuracy and memory of the projector; defaults, with the managed projector's accuracy, if null.</param>
    /// <exception cref="ArgumentException">An optimizer that has no counterpart on tensors.</exception>
    public TorchPoseOptimizer(Device device, IPoseOptimizer? managed = null, TorchProjectorOptions? options = null)
    {
        (_device, _options, _managed) = (device, options, managed ?? new LevenbergMarquardtPoseOptimizer());
        _optimizer = _managed switch
        {
            LevenbergMarquardtPoseOptimizer climber => new TorchLevenbergMarquardt(climber.Options),
            AdamPoseOptimizer adam => new TorchAdam(adam.Steps, adam.LearningRate),
            _ => throw new ArgumentException($"{_managed.Name} has no counterpart on tensors.", nameof(managed)),
        };
    }

    /// <inheritdoc/>
    public string Name => $"{_managed.Name} on {TorchProjectorOptions.NameOf(_device, _options)}";

    /// <inheritdoc/>
    public bool EstimatesCovariance => _managed.EstimatesCovariance;

    /// <summary>Refines one particle by the managed optimizer: for judging a few particles a device is not worth its transfers.</summary>
    /// <inheritdoc/>
    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start) => _managed.Optimize(workspace, start);

    /// <inheritdoc/>
    public void Optimize(PoseBatch batch, PoseEstimate?[] results, ComputeOptions compute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(compute);
        Forget(batch.References);
        foreach (var group in batch.Indices.GroupBy(i => batch.Images.Source.Particles[i].OpticsIndex))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reference = batch.References[group.Key]
                ?? throw new ArgumentException($"There is no reference for optics group {group.Key}.", nameof(batch));
            if (!_references.TryGetValue(reference, out var onDevice))
            {
                _references.Add(reference, onDevice = TorchPoseReference.From(reference, _device, _options));
            }

            foreach (var read in DeviceImages.ReadAhead(batch.Images, group.Chunk(Piece), _device, compute, cancellationToken))
            {
                using (read)
                {
                    RefinePiece(batch, onDevice, read, results);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Forget([]);

    private void RefinePiece(PoseBatch batch, TorchPoseReference reference, DeviceImages read, PoseEstimate?[] results)
    {
        var (members, good) = (read.Members, read.Usable);
        var starts = batch.Starts;
        foreach (var n in Enumerable.Range(0, members.Length).Except(good))
        {
            results[members[n]] = new PoseEstimate(starts[members[n]], default, default, null, 0, PoseStatus.UnusableImage);
        }

        if (good.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Pose[] from = [.. good.Select(n => starts[members[n]])];
        using var images = reference.Scorer.Prepare(read.Images, read.Transfers);
        images.Rest = Rest(reference, batch.RestPoses is { } rest ? [.. good.Select(n => rest[members[n]])] : null);
        using var priors = batch.Prior is { } prior ? TorchPosePriors.From([.. good.Select(n => prior(members[n]))], _device) : null;
        using var found = _optimizer.Optimize(
            reference, images, TorchRotations.Rotations(from, _device), TorchRotations.Shifts(from, _device), priors);
        var estimates = found.ToEstimates();
        for (var n = 0; n < good.Length; n++)
        {
            // A pose that came back from the device as it was is the one given, to the last bit.
            results[members[good[n]]] = estimates[n].Status == PoseStatus.Refined ? estimates[n] : estimates[n] with { Pose = from[n] };
        }
    }

    /// <summary>The projections of what does not move with the poses sought.</summary>
    private Tensor? Rest(TorchPoseReference reference, Pose[]? poses)
    {
        if (reference.Rest is not { } rest || poses is null)
        {
            return null;
        }

        using var no = no_grad();
        using var scope = NewDisposeScope();
        var type = rest.Centres.dtype;
        return reference.Projector.Project(
            rest.Centres, rest.Amplitudes, rest.Widths, TorchRotations.Rotations(poses, _device, type), TorchRotations.Shifts(poses, _device, type))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Releases the references that are not among those given.</summary>
    private void Forget(IReadOnlyList<PoseReference?> references)
    {
        foreach (var old in _references.Keys.Except(references.OfType<PoseReference>()).ToArray())
        {
            _references[old].Dispose();
            _references.Remove(old);
        }
    }
}
