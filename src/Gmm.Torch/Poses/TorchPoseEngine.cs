using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>The pose step of a refinement on a device: images are read and transformed on the host, many at a time, and refined together.</summary>
/// <remarks>
/// <example>
/// <code>
/// using var engine = new TorchPoseEngine(TorchDevices.Parse("cuda"));
/// var loop = new RefinementLoop(particles, new RefinementOptions { PoseEngine = engine }, new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="options">Form, accuracy and memory of the projector; defaults, with the managed projector's accuracy, if null.</param>
public sealed class TorchPoseEngine(Device device, TorchProjectorOptions? options = null) : IPoseEngine
{
    private readonly Dictionary<PoseReference, TorchPoseReference> _references = [];

    /// <inheritdoc/>
    public string Name => device.type == DeviceType.CPU ? "torch-cpu" : device.ToString();

    /// <inheritdoc/>
    public void Refine(
        IParticleSource source,
        PoseOptimizerKind optimizer,
        IReadOnlyList<PoseReference?> references,
        double resolution,
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> starts,
        PoseEstimate?[] results,
        ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(references);
        Forget(references);
        var reader = new ParticleReader(source, resolution);
        ITorchPoseOptimizer refiner = optimizer == PoseOptimizerKind.Adam ? new TorchAdam() : new TorchLevenbergMarquardt();
        foreach (var group in indices.GroupBy(i => source.Particles[i].OpticsIndex))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reference = references[group.Key] ?? throw new ArgumentException($"There is no reference for optics group {group.Key}.", nameof(references));
            if (!_references.TryGetValue(reference, out var onDevice))
            {
                _references.Add(reference, onDevice = TorchPoseReference.From(reference, device, options));
            }

            RefineGroup(reader, refiner, onDevice, [.. group], starts, results, compute, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Forget([]);

    private void RefineGroup(
        ParticleReader reader,
        ITorchPoseOptimizer refiner,
        TorchPoseReference reference,
        int[] members,
        IReadOnlyList<Pose> starts,
        PoseEstimate?[] results,
        ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        var k = reference.Projector.Disc.Count;
        float[][] re = new float[members.Length][], im = new float[members.Length][], transfer = new float[members.Length][];
        var usable = new bool[members.Length];
        var buffers = new ConcurrentBag<ParticleReader.Buffers>();
        Guarded.Run(() => Parallel.For(0, members.Length, new ParallelOptions { MaxDegreeOfParallelism = compute.Threads, CancellationToken = cancellationToken }, n =>
        {
            var buffer = buffers.TryTake(out var b) ? b : reader.CreateBuffers();
            (re[n], im[n], transfer[n]) = (new float[k], new float[k], new float[k]);
            usable[n] = reader.Read(members[n], buffer, re[n], im[n], transfer[n]);
            buffers.Add(buffer);
        }));
        int[] good = [.. Enumerable.Range(0, members.Length).Where(n => usable[n])];
        foreach (var n in Enumerable.Range(0, members.Length).Except(good))
        {
            results[members[n]] = new PoseEstimate(starts[members[n]], default, default, null, 0, PoseStatus.UnusableImage);
        }

        if (good.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Tensor Rows(float[][] rows)
        {
            var all = new float[good.Length * k];
            for (var n = 0; n < good.Length; n++)
            {
                rows[good[n]].CopyTo(all, n * k);
            }

            return TensorMemory.Write(all, [good.Length, k], device);
        }

        Pose[] from = [.. good.Select(n => starts[members[n]])];
        using var images = reference.Scorer.Prepare(complex(Rows(re), Rows(im)), Rows(transfer));
        using var found = refiner.Optimize(reference, images, TorchRotations.Rotations(from, device), TorchRotations.Shifts(from, device));
        var estimates = found.ToEstimates();
        for (var n = 0; n < good.Length; n++)
        {
            // A pose that came back from the device as it was is the one given, to the last bit.
            results[members[good[n]]] = estimates[n].Status == PoseStatus.Refined ? estimates[n] : estimates[n] with { Pose = from[n] };
        }
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
