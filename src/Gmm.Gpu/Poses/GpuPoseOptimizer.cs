using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>
/// Levenberg-Marquardt on a graphics card for many particles at once: images go to the card as they are read, and everything from their transform to the last
/// step is done there. The same rules and settings as <see cref="LevenbergMarquardtPoseOptimizer"/>, so the same poses but for rounding (docs/gpu.md).
/// </summary>
/// <remarks>
/// For the gridding projector and the whitened score, with parts that stay and priors, without Ewald sphere. The same bits in every run on one card or several
/// of a kind, whatever else it is refined with: a particle's sums do not depend on others, nor on the order in which the card's threads come.
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

    private readonly GpuDevice _device;
    private readonly LevenbergMarquardtPoseOptimizer _managed;
    private readonly CardPoses[] _cards;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="device">The card, or cards, which stay the caller's.</param>
    /// <param name="managed">The optimizer whose settings are used; the default one if null.</param>
    /// <param name="memoryBytes">
    /// Working memory on each card; 1.5 GB if null. Never more than half of what is free, nor less than one particle needs.
    /// </param>
    public GpuPoseOptimizer(GpuDevice device, LevenbergMarquardtPoseOptimizer? managed = null, long? memoryBytes = null)
        : this(device, managed, memoryBytes, MostSlots)
    {
    }

    internal GpuPoseOptimizer(GpuDevice device, LevenbergMarquardtPoseOptimizer? managed, long? memoryBytes, int mostSlots)
    {
        ArgumentNullException.ThrowIfNull(device);
        (_device, _managed) = (device, managed ?? new LevenbergMarquardtPoseOptimizer());
        _cards = [.. device.Cards.Select(c => new CardPoses(c, _managed.Options, memoryBytes ?? DefaultBytes, mostSlots))];
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
        foreach (var card in _cards)
        {
            card.Forget(batch.References);
        }

        compute = compute.StoppedBy(cancellationToken);
        foreach (var group in batch.Indices.GroupBy(i => batch.Images.Source.Particles[i].OpticsIndex))
        {
            RefineGroup(batch, group.Key, [.. group], results, compute);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var card in _cards)
        {
            card.Dispose();
        }
    }

    private void RefineGroup(PoseBatch batch, int group, int[] members, PoseEstimate?[] results, ComputeOptions compute)
    {
        var reference = batch.References[group] ?? throw new ArgumentException($"There is no reference for optics group {group}.", nameof(batch));
        var groups = batch.Images.Source.OpticsGroups;
        var share = (members.Length + _cards.Length - 1) / _cards.Length;
        int[][] parts = [.. members.Chunk(_cards.Min(c => Math.Min(share, c.Begin(reference, groups, group, share))))];
        try
        {
            RefineParts(batch, parts, results, compute);
        }
        catch
        {
            // Nothing may go on copying into memory that is let go or used again.
            _device.Settle();
            throw;
        }
    }

    /// <summary>Deals parts out to the cards in turn. While a card works on one, its next is read and copied; the host waits once for each.</summary>
    private void RefineParts(PoseBatch batch, int[][] parts, PoseEstimate?[] results, ComputeOptions compute)
    {
        var n = _cards.Length;
        for (var p = 0; p < parts.Length + n; p++)
        {
            var (card, number) = (_cards[p % n], p / n);
            if (p < parts.Length)
            {
                card.Fill(batch, parts[p], number, compute);
            }

            var isLater = p >= n && p - n < parts.Length;
            if (isLater)
            {
                card.Card.Wait();
            }

            if (p < parts.Length)
            {
                card.Enqueue(number);
            }

            if (isLater)
            {
                Take(batch, parts[p - n], card.Found(number - 1), results);
            }
        }
    }

    /// <summary>Turns what came back into estimates, judged as the managed optimizer judges.</summary>
    private void Take(PoseBatch batch, int[] part, PoseInput found, PoseEstimate?[] results)
    {
        var states = found.State.Span;
        for (var n = 0; n < part.Length; n++)
        {
            var start = batch.Starts[part[n]];
            if (found.Images.HasImage[n] == 0)
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

    private static PoseScore Score(ReadOnlySpan<double> s) => new(s[0], s[1], s[2]);
}
