using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>
/// Levenberg-Marquardt on a graphics card for many particles at once: images go to the card as they are read, and everything from their transform to the last
/// step is done there. The same rules and settings as <see cref="LevenbergMarquardtPoseOptimizer"/>, so the same poses but for rounding (docs/gpu.md).
/// </summary>
/// <remarks>
/// For the gridding projector and the whitened score, without priors, focus and Ewald sphere. The same bits in every run on one card, whatever else it is
/// refined with: a particle's sums do not depend on others, nor on the order in which the card's threads come.
/// <example>
/// <code>
/// using GpuDevice device = GpuDevices.Open("gpu");
/// using var optimizer = new GpuPoseOptimizer(device);
/// var loop = new RefinementLoop(particles, new RefinementOptions { Optimizer = optimizer }, new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class GpuPoseOptimizer : IBatchPoseOptimizer, IDisposable
{
    /// <summary>Particles refined together at most: more do not make a card faster, and need memory.</summary>
    private const int MostSlots = 256;

    /// <summary>Bytes of the slots at most, if nothing else is said.</summary>
    private const long DefaultBytes = 1500L << 20;

    private readonly Dictionary<PoseReference, DeviceReference> _references = [];
    private readonly GpuDevice _device;
    private readonly LevenbergMarquardtPoseOptimizer _managed;
    private readonly Lazy<PoseEngine> _engine;
    private readonly int _mostSlots;
    private readonly long _memoryBytes;
    private Slots? _slots;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="device">The card, which stays the caller's.</param>
    /// <param name="managed">The optimizer whose settings are used; the default one if null.</param>
    /// <param name="memoryBytes">Working memory on the card; 1.5 GB if null. Never more than half of what is free, nor less than one particle needs.</param>
    public GpuPoseOptimizer(GpuDevice device, LevenbergMarquardtPoseOptimizer? managed = null, long? memoryBytes = null)
        : this(device, managed, memoryBytes, MostSlots)
    {
    }

    internal GpuPoseOptimizer(GpuDevice device, LevenbergMarquardtPoseOptimizer? managed, long? memoryBytes, int mostSlots)
    {
        ArgumentNullException.ThrowIfNull(device);
        (_device, _managed, _mostSlots) = (device, managed ?? new LevenbergMarquardtPoseOptimizer(), mostSlots);
        _memoryBytes = memoryBytes ?? DefaultBytes;
        _engine = new Lazy<PoseEngine>(() => new PoseEngine(_device));
    }

    /// <inheritdoc/>
    public string Name => $"{_managed.Name} on {_device.Name}";

    /// <inheritdoc/>
    public bool EstimatesCovariance => true;

    /// <summary>Refines one particle by the managed optimizer: for judging a few particles a card is not worth its transfers.</summary>
    /// <inheritdoc/>
    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start) => _managed.Optimize(workspace, start);

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">
    /// An image cannot be read, a CTF is not finite, the card has too little memory or fails, or it has no kernels for what is asked.
    /// </exception>
    public void Optimize(PoseBatch batch, PoseEstimate?[] results, ComputeOptions compute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(compute);
        if (batch.Prior is not null || batch.RestPoses is not null)
        {
            throw new InvalidInputException($"{_device.Name} has no kernels for priors of poses and parts that stay");
        }

        Forget(batch.References);
        compute = compute.StoppedBy(cancellationToken);
        foreach (var group in batch.Indices.GroupBy(i => batch.Images.Source.Particles[i].OpticsIndex))
        {
            var reference = batch.References[group.Key]
                ?? throw new ArgumentException($"There is no reference for optics group {group.Key}.", nameof(batch));
            if (!_references.TryGetValue(reference, out var onDevice))
            {
                var optics = batch.Images.Source.OpticsGroups[group.Key];
                _references.Add(reference, onDevice = DeviceReference.From(_device, reference, optics, _managed.Options));
            }

            RefineGroup(batch, onDevice, [.. group], results, compute);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget([]);
        _slots?.Dispose();
        _slots = null;
    }

    private void RefineGroup(PoseBatch batch, DeviceReference reference, int[] members, PoseEstimate?[] results, ComputeOptions compute)
    {
        var slots = Room(SlotSize.Of(reference), members.Length);
        int[][] parts = [.. members.Chunk(slots.Count)];
        void Fill(int p)
        {
            var set = slots.Sets[p % 2];
            set.Images.Fill(batch.Images, reference.Images, parts[p], compute);
            for (var n = 0; n < parts[p].Length; n++)
            {
                Put(batch.Starts[parts[p][n]], set.Starts.Span.Slice(n * ClimbState.PoseLength, ClimbState.PoseLength));
            }
        }

        try
        {
            Fill(0);
            _engine.Value.Enqueue(reference, slots, slots.Sets[0]);
            for (var p = 0; p < parts.Length; p++)
            {
                if (p + 1 < parts.Length)
                {
                    Fill(p + 1);
                }

                _device.Wait();
                if (p + 1 < parts.Length)
                {
                    _engine.Value.Enqueue(reference, slots, slots.Sets[(p + 1) % 2]);
                }

                Take(batch, parts[p], slots.Sets[p % 2], results);
            }
        }
        catch
        {
            // Nothing may go on copying into memory that is let go or used again.
            _device.Wait();
            throw;
        }
    }

    /// <summary>Turns what came back into estimates, judged as the managed optimizer judges.</summary>
    private void Take(PoseBatch batch, int[] part, Slots.HostSet set, PoseEstimate?[] results)
    {
        var states = set.State.Span;
        for (var n = 0; n < part.Length; n++)
        {
            var start = batch.Starts[part[n]];
            if (set.Images.Active[n] == 0)
            {
                results[part[n]] = new PoseEstimate(start, default, default, null, 0, PoseStatus.UnusableImage);
                continue;
            }

            var s = states.Slice(n * ClimbState.Length, ClimbState.ResultLength);
            var pose = new Pose(
                new Rotation(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]), s[ClimbState.Pose + 9], s[ClimbState.Pose + 10]);
            results[part[n]] = LevenbergMarquardtPoseOptimizer.Judge(
                _managed.Options, start, pose, Score(s[ClimbState.Score..]), Score(s[ClimbState.StartScore..]),
                s.Slice(ClimbState.Information, ClimbState.N * ClimbState.N), (int)s[ClimbState.Steps]);
        }
    }

    /// <summary>Writes a pose as a climb starts from it.</summary>
    internal static void Put(in Pose pose, Span<double> numbers)
    {
        var r = pose.Rotation;
        ReadOnlySpan<double> all = [r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22, pose.ShiftX, pose.ShiftY];
        all.CopyTo(numbers);
    }

    private static PoseScore Score(ReadOnlySpan<double> s) => new(s[0], s[1], s[2]);

    /// <summary>The memory for a group: that of the last one, if it is of the same size and large enough.</summary>
    private Slots Room(SlotSize size, int particles)
    {
        var most = (int)Math.Clamp(Math.Min(_memoryBytes, _device.FreeBytes / 2) / size.Bytes, 1, _mostSlots);
        var count = Math.Min(most, particles);
        if (_slots is { } held && held.Size == size && held.Count >= count)
        {
            return held;
        }

        _slots?.Dispose();
        _slots = null;
        return _slots = new Slots(_device, size, count);
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
