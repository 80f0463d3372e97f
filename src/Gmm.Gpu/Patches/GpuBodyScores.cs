using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>Scores of some images against moving parts on a card. The images are loaded once for all parts; a call that scores waits once.</summary>
internal sealed class GpuBodyScores : IBodyScores
{
    private const int N = Pose.ParameterCount;

    private readonly GpuCard _card;
    private readonly PoseEngine _engine;
    private readonly BodyKernels _kernels;
    private readonly WhitenedCorrelationScorer _scorer;
    private readonly DeviceWeights _weights;
    private readonly List<DeviceLayer> _moving = [];
    private readonly DeviceLayer? _still;
    private DeviceOptics? _optics;
    private BodySlots? _slots;
    private JointSlots? _joint;

    // Of each image taken its place among the members.
    private int[] _places = [];

    /// <summary>Copies the parts.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="engine">Its kernels.</param>
    /// <param name="kernels">And those of patches that are solved together.</param>
    /// <param name="moving">What moves with each patch.</param>
    /// <param name="still">What does not move; null for nothing.</param>
    /// <param name="scorer">The score.</param>
    public GpuBodyScores(
        GpuCard card, PoseEngine engine, BodyKernels kernels, IReadOnlyList<GaussianModel> moving, GaussianModel? still, WhitenedCorrelationScorer scorer)
    {
        (_card, _engine, _kernels, _scorer, _weights) = (card, engine, kernels, scorer, new DeviceWeights(card, scorer));
        _moving.AddRange(moving.Select(m => new DeviceLayer(card, new GriddingProjector(m, scorer.Disc))));
        _still = still is null ? null : new DeviceLayer(card, new GriddingProjector(still, scorer.Disc));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Load(
        ParticleImages images, IReadOnlyList<int> members, IReadOnlyList<Pose> still, ComputeOptions compute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(still);
        ArgumentNullException.ThrowIfNull(compute);
        var groups = images.Source.OpticsGroups;
        _optics ??= new DeviceOptics(_card, _scorer.Disc, groups, images.Source.Particles[members[0]].OpticsIndex);
        if (_slots is null || _slots.Count < members.Count)
        {
            _slots?.Dispose();
            _joint?.Dispose();
            (_slots, _joint) = (null, null);
            _slots = new BodySlots(_card, _optics, _still is null ? _moving : [_still, .. _moving], members.Count, _moving.Count);
        }

        _slots.Images.Fill(images, _optics, members, compute.StoppedBy(cancellationToken));
        _slots.Images.Send(_card.Stream);
        _engine.Whiten(_optics, _slots.Transforms, _slots.Images, _weights, _slots.Data);
        _places = [.. Enumerable.Range(0, members.Count).Where(n => _slots.Images.HasImage[n] != 0)];
        if (_still is null)
        {
            _slots.Whole.MemSetToZero(_card.Stream);
        }
        else
        {
            Project(_still, [.. _places.Select(n => still[n])], _slots.Whole, null, 1);
        }

        _slots.Rest.CopyFrom(_card.Stream, _slots.Whole);
        _card.Wait();
        return _places;
    }

    /// <inheritdoc/>
    public void TakeOut(int body, IReadOnlyList<Pose> poses)
    {
        Project(_moving[body], poses, _slots!.Rest, _slots.Whole, -1);
        _card.Wait();
    }

    /// <inheritdoc/>
    public PoseScore[] Evaluate(
        int first, IReadOnlyList<int> which, IReadOnlyList<Pose[]> poses, IReadOnlyList<double[]> gradients, IReadOnlyList<double[]> information)
    {
        ArgumentNullException.ThrowIfNull(which);
        ArgumentNullException.ThrowIfNull(poses);
        var parts = poses[0].Length;
        var found = parts == 1 ? EvaluateOne(first, which, poses) : EvaluateTogether(first, which, poses);
        int n = N * parts, products = JointKernels.Products(parts);
        var scores = new PoseScore[which.Count];
        for (var a = 0; a < scores.Length; a++)
        {
            var sums = found.Slice(_places[which[a]] * products, products);
            sums.Slice(3, n).CopyTo(gradients[a]);
            for (int p = 0, at = 3 + (2 * n); p < n; p++)
            {
                sums.Slice(at, p + 1).CopyTo(information[a].AsSpan(p * n));
                at += p + 1;
            }

            scores[a] = new WhitenedProducts(sums[1], sums[2], sums[0]).Differentiate(gradients[a], sums.Slice(3 + n, n), information[a]);
        }

        return scores;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _moving.ForEach(m => m.Dispose());
        _still?.Dispose();
        _weights.Dispose();
        _optics?.Dispose();
        _slots?.Dispose();
        _joint?.Dispose();
    }

    /// <summary>The products of one part.</summary>
    private ReadOnlySpan<double> EvaluateOne(int first, IReadOnlyList<int> which, IReadOnlyList<Pose[]> poses)
    {
        var (slots, layer) = (_slots!, _moving[first]);
        Send(which, poses);
        var grids = Grids(layer, 0);
        _engine.Project(layer, slots.Transforms, grids, _scorer.Disc.Radius);
        _engine.Score(new ScoreKernels.Args
        {
            Projection = Band(layer),
            Grids = grids,
            Layers = slots.Rest,
            HasRest = 1,
            Rest = slots.Rest,
            Partial = slots.Partial,
            Sums = slots.Sums,
        });
        slots.Sums.CopyTo(_card.Stream, slots.Found.ArrayView);
        _card.Wait();
        return slots.Found.Span;
    }

    /// <summary>The products of parts that move together.</summary>
    private ReadOnlySpan<double> EvaluateTogether(int first, IReadOnlyList<int> which, IReadOnlyList<Pose[]> poses)
    {
        var (slots, parts) = (_slots!, poses[0].Length);
        if (_joint?.Parts != parts)
        {
            _joint?.Dispose();
            _joint = null;
            _joint = new JointSlots(_card, _scorer.Disc.Count, parts, slots.Count);
        }

        Send(which, poses);
        for (var k = 0; k < parts; k++)
        {
            var layer = _moving[first + k];
            var grids = Grids(layer, k);
            _engine.Project(layer, slots.Transforms, grids, _scorer.Disc.Radius);
            _engine.Gather(Band(layer), grids, GatherKernel.AllPlanes, _joint.Part(k), null);
        }

        var args = new JointKernels.Args
        {
            Disc = _optics!.Coefficients,
            Wave = Band(_moving[first]).Wave,
            Slots = slots.Count,
            Parts = parts,
            Active = slots.Active.View,
            Data = slots.Data,
            Rest = slots.Rest,
            Kept = _joint.Kept,
            Partial = _joint.Partial,
            Sums = _joint.Sums,
        };
        _kernels.JointProducts.Over((long)JointKernels.Units(parts) * JointKernels.Lanes * slots.Count, args);
        _kernels.JointSum.Over((long)JointKernels.Products(parts) * slots.Count, args);
        _joint.Sums.CopyTo(_card.Stream, _joint.Found.ArrayView);
        _card.Wait();
        return _joint.Found.Span;
    }

    /// <summary>Keeps the projection of a part in all images that were taken.</summary>
    private void Project(DeviceLayer layer, IReadOnlyList<Pose> poses, ArrayView<float> kept, ArrayView<float>? before, float factor)
    {
        Send([.. Enumerable.Range(0, _places.Length)], [.. poses.Select(p => new[] { p })]);
        var grids = Grids(layer, 0);
        _engine.Project(layer, _slots!.Transforms, grids, _scorer.Disc.Radius);
        _engine.Gather(Band(layer), grids, GatherKernel.ValuePlanes, kept, before, factor);
    }

    /// <summary>Sends poses of some images, which alone have work then.</summary>
    private void Send(IReadOnlyList<int> which, IReadOnlyList<Pose[]> poses)
    {
        var slots = _slots!;
        slots.Active.Span.Clear();
        for (var a = 0; a < which.Count; a++)
        {
            var place = _places[which[a]];
            slots.Active.Span[place] = 1;
            for (var k = 0; k < poses[a].Length; k++)
            {
                ClimbState.Put(poses[a][k], slots.Poses.Span[(((k * slots.Count) + place) * ClimbState.PoseLength)..]);
            }
        }

        slots.Active.Send(_card.Stream);
        slots.Poses.Send(_card.Stream);
    }

    /// <summary>The grids of the part that was sent as the k-th.</summary>
    private Grids Grids(DeviceLayer layer, int k)
    {
        var length = (long)_slots!.Count * ClimbState.PoseLength;
        return _slots.Grids.At(layer, _slots.Active.View, _slots.Poses.View.SubView(k * length, length), ClimbState.PoseLength);
    }

    private BandViews Band(DeviceLayer layer) => PoseEngine.Band(_optics!, layer, _slots!.Transforms, _slots.Data);
}
