using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// The refinement of a region: poses against the model focused on it, held near the consensus by the motion that the particles of their
/// own half show; maps compared inside the focus mask.
/// </summary>
internal sealed class FocusStage : IPoseStage
{
    /// <summary>Coarser than this, half maps of a region say nothing that could be refined on.</summary>
    private const double Coarsest = 20;

    /// <summary>From <see cref="Coarsest"/> to this, angstrom, half maps of a region must agree on average by <see cref="LeastAgreement"/>.</summary>
    private const double Finest = 10;

    /// <summary>
    /// Twelve spheres of solvent of 10 angstrom radius in half maps at 3.4 angstrom gave 0.02 +- 0.10 there, a domain of 20 kDa 0.98 (docs/notes/focus.md).
    /// </summary>
    private const double LeastAgreement = 0.3;

    /// <summary>How far beyond the focus mask its surroundings are fitted too, angstrom, so that Gaussians at its border are well defined.</summary>
    private const double Surroundings = 8;

    /// <summary>Times that poses and motion are found in turn in the first iteration, which starts from a motion known to nobody.</summary>
    private const int FirstPasses = 2;

    private readonly IParticleSource _source;
    private readonly RefinementOptions _options;
    private readonly FocusRegionOptions _focus;
    private readonly ComputeOptions _compute;
    private readonly FocusRegion _region;
    private readonly Pose[] _consensus;
    private readonly PoseSearch _search;

    public FocusStage(IParticleSource source, RefinementOptions options, FocusRegionOptions focus, ComputeOptions compute)
    {
        (_source, _options, _focus, _compute) = (source, options, focus, compute);
        _search = new PoseSearch(options, compute);
        _region = new FocusRegion(focus.Mask);
        _consensus = [.. focus.Consensus ?? source.Particles.Select(p => p.Pose)];
        if (_consensus.Length != source.Particles.Count)
        {
            throw new ArgumentException($"There are {source.Particles.Count} particles, not {_consensus.Length} consensus poses.", nameof(focus));
        }
    }

    public double CoarsestLimit => Coarsest;

    public IReadOnlyList<Pose>? RestPoses => Subtracts && _focus.Consensus is not null ? _consensus : null;

    private bool Subtracts => _focus.Options.Mode == FocusMode.Subtract;

    private bool UsesMotion =>
        _focus.MotionPrior && _options.Scorer.IsLogLikelihood && _options.Optimizer.EstimatesCovariance;

    public void Check(DensityMap map, SolventMask solvent)
    {
        var mask = _focus.Mask;
        if (!MapChecks.IsOnGrid(mask, map.Size, map.PixelSize))
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"{mask.Size} voxels of {mask.PixelSize:g6} A, but the maps have {map.Size} of {map.PixelSize:g6} A"), _focus.Name);
        }

        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            if (mask.Voxels[i] >= 0.5f && solvent.Voxels[i] >= 0.5f)
            {
                return;
            }
        }

        throw new InvalidInputException("the focus mask is off the molecule: it lies outside the solvent mask", _focus.Name);
    }

    public SolventMask ComparisonMask(SolventMask solvent) => _focus.Mask;

    public FitArea FitArea(RefinementState state)
    {
        if (Subtracts && state.Models is null)
        {
            // The rest is fitted once, from maps at the consensus poses, as finely as they allow.
            return WholeArea(state);
        }

        var whole = SolventMasks.Unite(state.Mask, _focus.Mask);
        return Subtracts
            ? new FitArea(SolventMasks.Intersect(SolventMasks.Extend(_focus.Mask, Surroundings, Surroundings, _compute), whole), true, state.Limit)
            : new FitArea(whole, false, state.Limit);
    }

    public FitArea WholeArea(RefinementState state)
    {
        var whole = SolventMasks.Unite(state.Mask, _focus.Mask);
        var resolution = FourierShellCorrelation.PhaseRandomised(state.Maps.Half1, state.Maps.Half2, state.Mask, _compute).Resolution ?? state.Limit;
        return new FitArea(whole, false, Math.Max(Math.Min(state.Limit, resolution), _options.MaxResolution ?? 0));
    }

    public GaussianModel Model(int half, GaussianModel fitted, RefinementState state)
    {
        if (!Subtracts || state.Models is not { } models || WidthMask.Rest(half == 0 ? models.Half1 : models.Half2, _focus.Mask) is not { } rest)
        {
            return fitted;
        }

        var inside = Named(() => WidthMask.Apply(fitted, _focus.Mask, _focus.Options));
        return new GaussianModel(
            [.. rest.X, .. inside.X],
            [.. rest.Y, .. inside.Y],
            [.. rest.Z, .. inside.Z],
            [.. rest.Amplitudes, .. inside.Amplitudes],
            [.. rest.Widths, .. inside.Widths],
            fitted.BoxSize,
            fitted.PixelSize,
            $"focus on {fitted.Provenance}");
    }

    public IHalfSearch Begin(HalfTask task, CancellationToken cancellationToken)
    {
        var state = task.State;
        var parts = Parts(task.Model);
        var references = new PoseReferenceFactory(_source, _options, state.Limit, EwaldStage.SignOf(_options, state.Ewald)).Make(
            parts, task.Particles, Subtracts ? _consensus : state.Poses, _compute, cancellationToken);
        var search = new RegionSearch(this, task, parts, references);
        for (var pass = 1; UsesMotion && state.Iteration == 0 && pass < FirstPasses; pass++)
        {
            search.LearnMotion(cancellationToken);
        }

        return search;
    }

    public IHeldOut HeldOut(HalfTask task, double limit, CancellationToken cancellationToken)
    {
        var parts = Parts(task.Model);
        var (search, judge) = _search.HeldOut(task, parts, Subtracts ? _consensus : task.State.Poses, limit, cancellationToken);
        var prior = task.State.Focus?.Motion is { } motion ? new RigidMotionPrior(_region.Centre, motion.Both[task.Half].Covariance) : null;
        return new HeldOutPoses(task.Source, _options.Optimizer, search, judge, limit)
        {
            RestPoses = parts.Rest is null ? null : _consensus,
            Prior = prior is null ? null : i => prior.At(_consensus[i]),
        };
    }

    private ReferenceParts Parts(GaussianModel model) => new(
        Named(() => WidthMask.Apply(model, _focus.Mask, _focus.Options)),
        model,
        Subtracts ? WidthMask.Rest(model, _focus.Mask) : null,
        _region.Centre);

    public int[] Sample(IReadOnlyList<int> members, int count) => EvenSample.Of(members, count);

    public FocusRecord Summarise(HalfMotion?[] motion, IReadOnlyList<ParticleResult> particles, CorrectedFsc fsc)
    {
        double rotation = 0, shift = 0, movement = 0;
        for (var i = 0; i < particles.Count; i++)
        {
            var (angle, way, moved) = _region.Movement(_consensus[i], particles[i].Pose);
            (rotation, shift, movement) = (rotation + (angle * angle), shift + (way * way), movement + (moved * moved));
        }

        var agreement = Agreement(fsc.Corrected);
        var both = motion[0] is { } first && motion[1] is { } second ? new HalfPair<HalfMotion>(first, second) : null;
        return new FocusRecord
        {
            Motion = both,
            RotationRmsDegrees = Math.Sqrt(rotation / particles.Count) * (180 / Math.PI),
            ShiftRmsAngstrom = Math.Sqrt(shift / particles.Count),
            MovementRmsAngstrom = Math.Sqrt(movement / particles.Count),
            Agreement = agreement,
            Signal = agreement >= LeastAgreement,
        };
    }

    /// <summary>
    /// Mean correlation of the half maps between two resolutions, each shell by its number of coefficients: in a small mask a shell is a handful of
    /// independent numbers, and where the curve first falls below a threshold is left to chance.
    /// </summary>
    internal static double Agreement(FscCurve curve)
    {
        double sum = 0, weight = 0;
        for (var s = 1; s < curve.Count; s++)
        {
            if (curve.Frequency(s) is >= 1 / Coarsest and <= 1 / Finest)
            {
                sum += (double)s * s * curve[s];
                weight += (double)s * s;
            }
        }

        // With voxels of over 5 angstrom no shell may be left.
        return weight > 0 ? sum / weight : 0;
    }

    /// <summary>Says which mask it is when a model has nothing in it.</summary>
    private GaussianModel Named(Func<GaussianModel> focus)
    {
        try
        {
            return focus();
        }
        catch (InvalidInputException e) when (_focus.Name is not null && e.File is null)
        {
            throw new InvalidInputException(e.Message, _focus.Name);
        }
    }

    private sealed class RegionSearch : IHalfSearch
    {
        private readonly FocusStage _stage;
        private readonly HalfTask _task;
        private readonly ReferenceParts _parts;
        private readonly PoseReference?[] _references;
        private readonly Pose[] _poses;
        private RigidMotionPrior? _prior;
        private ParticlePoseRefiner _refiner;

        public RegionSearch(FocusStage stage, HalfTask task, ReferenceParts parts, PoseReference?[] references)
        {
            (_stage, _task, _parts, _references, _poses) = (stage, task, parts, references, [.. task.State.Poses]);
            _prior = !stage.UsesMotion ? null : task.State.Focus?.Motion is { } motion
                ? new RigidMotionPrior(stage._region.Centre, motion.Both[task.Half].Covariance)
                : RigidMotionPrior.Start(stage._region.Centre);
            _refiner = Refiner();
        }

        public IEnumerable<int[]> Chunks(int[] particles, int size) => particles.Chunk(size);

        public void Refine(int[] chunk, PoseEstimate?[] estimates, CancellationToken cancellationToken) =>
            _stage._search.Refine(_refiner, chunk, _poses, estimates, cancellationToken);

        public bool Learns => _prior is not null;

        public HalfMotion? Learn(PoseEstimate?[] estimates, CancellationToken cancellationToken) =>
            _prior?.Learn(Found(estimates), _stage._compute, cancellationToken) is { } learnt
                ? new HalfMotion { Covariance = learnt.Covariance.ToArray(), Modes = MotionMode.Of(learnt, _stage._region) }
                : null;

        /// <summary>Refines all poses of the half once, and goes on from them with the motion that they show.</summary>
        public void LearnMotion(CancellationToken cancellationToken)
        {
            var estimates = new PoseEstimate?[_poses.Length];
            Refine(_task.Particles, estimates, cancellationToken);
            _prior = _prior!.Learn(Found(estimates), _stage._compute, cancellationToken);
            foreach (var i in _task.Particles)
            {
                _poses[i] = estimates[i]!.Pose;
            }

            _refiner = Refiner();
        }

        private (Pose, PoseEstimate)[] Found(PoseEstimate?[] estimates) => [.. _task.Particles.Select(i => (_stage._consensus[i], estimates[i]!))];

        private ParticlePoseRefiner Refiner()
        {
            var (prior, consensus) = (_prior, _stage._consensus);
            return new ParticlePoseRefiner(_stage._source, _stage._options.Optimizer, _references, _task.State.Limit)
            {
                RestPoses = _parts.Rest is null ? null : consensus,
                Prior = prior is null ? null : i => prior.At(consensus[i]),
            };
        }
    }
}
