using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// The refinement of the paper, one iteration at a time: half maps, a Gaussian model of each, poses of each half against its own model, new
/// half maps (paper, Methods, Fig. S1).
/// </summary>
/// <remarks>
/// Nothing that decides a pose of one half has seen the other, but for the solvent mask and one number, the resolution limit.
/// An iteration reads each image once: its pose is found, and it goes into its half's map at that pose. A few chunks of images are in memory, so that
/// memory does not grow with their number. The result does not depend on the number of threads.
/// <example>
/// <code>
/// var loop = new RefinementLoop(particles, new RefinementOptions(), new ComputeOptions());
/// var state = loop.Start();
/// while (!loop.IsFinished(state))
/// {
///     state = loop.Next(state, progress, cancellationToken);
/// }
/// </code>
/// </example>
/// </remarks>
public sealed class RefinementLoop
{
    private readonly PreparedParticles _source;
    private readonly RefinementOptions _options;
    private readonly ComputeOptions _compute;
    private readonly Func<int, Pose, Pose> _quantize;
    private readonly int[][] _halves;
    private readonly double _nyquist;
    private readonly IPoseStage _stage;
    private readonly ModelFits _fits;
    private readonly OpticsStage? _optics;
    private readonly IterationMaps _maps;

    /// <summary>Makes a refinement of a set of particles.</summary>
    /// <param name="source">The particles; both halves must have some.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="quantize">
    /// Rounds a particle's pose to what its file will hold, so that the run goes on from what was written; null keeps poses as they are.
    /// </param>
    /// <exception cref="InvalidInputException">No particles in a half, or an image in both.</exception>
    /// <exception cref="ArgumentException">Settings out of range.</exception>
    public RefinementLoop(IParticleSource source, RefinementOptions options, ComputeOptions compute, Func<int, Pose, Pose>? quantize = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        options.Validate();
        compute.Validate();
        _source = source as PreparedParticles ?? new PreparedParticles(source, options.Images, compute);
        _options = options;
        _compute = compute;
        _quantize = quantize ?? ((_, pose) => pose);
        options.TiltSeries?.Require(source);
        _halves = IndependentHalves.Split(source);
        _nyquist = 2 * source.OpticsGroups[0].PixelSize;
        _fits = new ModelFits(options, compute, source.OpticsGroups[0]);
        _stage = options.Focus is { } focus ? new FocusStage(_source, options, focus, compute) : new GlobalStage(options, compute);
        _optics = options.Optics is null ? null : new OpticsStage(source, options, compute);
        _maps = new IterationMaps(_source, _halves, _stage, options, compute);
        Grids = new WorkingGrids(source.OpticsGroups[0], options);
    }

    /// <summary>Whether optics are estimated.</summary>
    internal bool EstimatesOptics => _optics is not null;

    /// <summary>Who works through the parts of each iteration's halves.</summary>
    internal IPartRunner Runner { get; init; } = new PartsHere();

    /// <summary>On which voxels maps are made.</summary>
    internal WorkingGrids Grids { get; init; }

    /// <summary>Rounds poses as a file with given optics will hold them; null keeps them as they are.</summary>
    internal Func<OpticsState, Func<int, Pose, Pose>>? QuantizeWithOptics { get; init; }

    /// <summary>The images as they are read.</summary>
    internal PreparedParticles Images => _source;

    /// <summary>Reconstructs and compares the half maps at the starting poses.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Iteration 0.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read, is constant or not finite, or the mask does not fit the maps.</exception>
    public RefinementState Start(IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Measure(progress, cancellationToken);
        var particles = _source.Particles.Select(
            p => new ParticleResult(p.Pose, double.NaN, double.NaN, double.NaN, p.Weight > 0 ? PoseStatus.Refined : PoseStatus.UnusableImage)
            {
                // As the file will hold it.
                Scale = Math.Round(p.Ctf.ScaleFactor, 6),
                Weight = p.Weight,
            }).ToArray();
        Pose[] poses = [.. particles.Select(p => p.Pose)];
        var ewald = _maps.Ask(_source, poses, null, 0, progress, cancellationToken);
        HalfMapPair Maps(IReadOnlyList<Pose> at, SymmetryGroup group, WorkingGrid grid) =>
            _maps.Reconstruct(_source, at, group, ewald, grid, 0, progress, cancellationToken);
        var maps = Maps(poses, _options.Symmetry, Grids.First);
        var contrast = ContrastCheck.Measure(_source, maps.Mean(), Grids.On(Grids.First, _options.SeedModel), _compute, cancellationToken);
        contrast.Require(_source.Options);
        var rest = _stage.RestPoses is { } restPoses ? Maps(restPoses, SymmetryGroup.None, Grids.First) : null;
        // The mask is that of the whole molecule, which the maps do not show where the starting poses are a region's.
        var (mask, maskWarning) = _options.Mask is { } given
            ? (Grids.Require(given), null)
            : SolventMasks.Automatic((rest ?? maps).Half1, (rest ?? maps).Half2, _compute);
        mask = Grids.Full.Resample(mask, _compute);
        _stage.Check(maps.Half1, mask);
        (maps, var grid, var fsc) = _maps.CompareToTheEnd(
            maps, Grids.First, Grids, mask, finer => Maps(poses, _options.Symmetry, finer), 0, progress);
        var symmetry = _options.Symmetry.Order == 1
            ? null
            : SymmetryCheck.Measure(Maps(poses, SymmetryGroup.None, grid), maps, _options.Symmetry, grid.Resample(mask, _compute), _compute);
        if (_options.KeepPoses)
        {
            _options.Reference?.RequireFrame(maps.Mean(), mask, fsc.Resolution, _compute);
        }

        return new RefinementState
        {
            Iteration = 0,
            SymmetryCheck = symmetry,
            Images = _source.Report with { Contrast = contrast },
            Particles = particles,
            Maps = maps,
            RestMaps = rest,
            Mask = mask,
            MaskWarning = maskWarning,
            ReferenceWarning = _options.KeepPoses ? null : _options.Reference?.HandWarning(maps.Mean(), mask, fsc.Resolution, _compute),
            Fsc = fsc,
            Limit = Clamp(_options.StartResolution ?? fsc.Resolution ?? Coarsest(maps)),
            Ewald = ewald,
            Optics = _optics is null ? null : OpticsState.Of(_source),
        };
    }

    /// <summary>
    /// The whole refinement as a stream: iteration 0 and each after it as it ends, computed on the thread pool while the caller's thread is free.
    /// </summary>
    /// <param name="from">The state to go on from, which is not given again; null starts with iteration 0.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The states in their order, until <see cref="IsFinished"/>; leaving the loop early ends the refinement there.</returns>
    /// <exception cref="InvalidInputException">As of <see cref="Start"/> and <see cref="Next"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async IAsyncEnumerable<RefinementState> IterateAsync(
        RefinementState? from = null, IProgress<RefinementProgress>? progress = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var state = from;
        while (state is null || !IsFinished(state))
        {
            var last = state;
            state = await Task.Run(
                () => last is null ? Start(progress, cancellationToken) : Next(last, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
            yield return state;
        }
    }

    /// <summary>
    /// Whether nothing is left to do: all iterations are done, resolution and poses have become stationary, or the half maps have no signal in
    /// common, so that poses would follow noise.
    /// </summary>
    /// <param name="state">Where the refinement stands.</param>
    /// <returns>True if the refinement is finished.</returns>
    public bool IsFinished(RefinementState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Iteration >= _options.Iterations || (_options.StopWhenStationary && (HasNoSignal(state) || IsStationary(state)));
    }

    /// <summary>A region may be blurred by its own motion at the start, so that only the whole maps can be asked.</summary>
    private bool HasNoSignal(RefinementState state) => _options.Focus is null ? state.Resolution is null : !state.Fsc.Signal.Found;

    /// <summary>
    /// Whether another iteration would change nothing: poses move by less than a quarter of their own uncertainty, the limit by less than half a
    /// Fourier shell, defoci by less than a quarter of their uncertainty and terms of the optics by less than 0.4 of theirs, none by as much as it is.
    /// </summary>
    /// <param name="state">Where the refinement stands.</param>
    /// <returns>True if it is stationary; never before the second iteration, nor with a score that gives no uncertainty.</returns>
    public static bool IsStationary(RefinementState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Stationarity.Of(state);
    }

    /// <summary>
    /// Judges the refinement when it is finished: whether the poses are better than those it started from, by particles' images judged against the other half's
    /// model, and by the half maps' FSC in one mask. Decides no pose.
    /// </summary>
    /// <param name="start">The state before the first iteration.</param>
    /// <param name="end">The state after the last.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Verdict Judge(RefinementState start, RefinementState end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        return Judge(start.Fsc, end, cancellationToken);
    }

    /// <summary>The same, where the first half maps themselves are not kept any more.</summary>
    internal Verdict Judge(CorrectedFsc start, RefinementState end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        Measure(null, cancellationToken);
        return new RefinementJudge(OpticsStage.See(_source, end.Optics, end.Particles), _stage, _compute, _options)
            .Judge(start, end, end.PreviousLimit ?? end.Limit, cancellationToken);
    }

    /// <summary>Puts a state together from what an earlier run wrote; the comparison of the half maps is made again, to the same bits.</summary>
    /// <param name="iteration">The iteration.</param>
    /// <param name="particles">Its results.</param>
    /// <param name="maps">Its half maps.</param>
    /// <param name="mask">The solvent mask.</param>
    /// <param name="models">Its models; null at iteration 0.</param>
    /// <param name="limits">The limit for the next iteration, and the one it worked with.</param>
    /// <param name="statistics">Its figures; null at iteration 0.</param>
    /// <param name="focus">What a focused refinement found; null at iteration 0 and otherwise.</param>
    /// <param name="optics">The optics as they stand; null where they are not estimated.</param>
    /// <param name="opticsFound">What was found of them in that iteration.</param>
    /// <param name="ewald">What the images were asked of the Ewald sphere's curvature.</param>
    /// <returns>The state.</returns>
    internal RefinementState Restore(
        int iteration,
        IReadOnlyList<ParticleResult> particles,
        HalfMapPair maps,
        SolventMask mask,
        (GaussianModel Half1, GaussianModel Half2)? models,
        (double Next, double? Previous) limits,
        IterationStatistics? statistics,
        FocusRecord? focus,
        OpticsState? optics = null,
        OpticsRecord? opticsFound = null,
        EwaldRecord? ewald = null) => new()
        {
            Iteration = iteration,
            Particles = particles,
            Maps = maps,
            Mask = mask,
            Fsc = _maps.Compare(maps, mask, iteration, null),
            Limit = limits.Next,
            PreviousLimit = limits.Previous,
            Models = models,
            Statistics = statistics,
            Focus = focus,
            Optics = optics,
            OpticsFound = opticsFound,
            Ewald = ewald,
        };

    /// <summary>Half maps that were read back, with the numbers of particles that are in them.</summary>
    internal HalfMapPair Pair(HalfMap half1, HalfMap half2)
    {
        Measure(null, CancellationToken.None);
        return HalfMapPair.Of(half1, half2, _source.Particles);
    }

    /// <summary>By what an image is multiplied as it is read.</summary>
    internal double ImageFactor(int index) => _source.Factor(index);

    /// <summary>Does one iteration.</summary>
    /// <param name="state">Where the refinement stands.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it; the state given is still good to go on from.</param>
    /// <returns>The next state.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RefinementState Next(RefinementState state, IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        var clock = Stopwatch.StartNew();
        var iteration = state.Iteration + 1;
        Measure(progress, cancellationToken);
        state = WithRest(state, progress, cancellationToken);
        var source = OpticsStage.See(_source, state.Optics, state.Particles);
        var given = _options.Reference is { } r && iteration <= r.Iterations ? r : null;
        if (given is not null)
        {
            state = state with { Limit = Math.Max(given.Resolution, _nyquist) };
        }

        var fits = given is null
            ? _fits.Fit(state.Maps, _stage.FitArea(state), iteration, progress, cancellationToken)
            : _fits.FitGiven(given, _stage.FitArea(state), iteration, progress, cancellationToken);
        var fitSeconds = clock.Elapsed.TotalSeconds;

        var search = SearchState.Of(state);
        HalfTask[] tasks = [.. _halves.Select((half, h) => new HalfTask(h, half, _stage.Model(h, fits[h].Model, state), search, source))];
        var pass = new IterationPass(_source, tasks, _stage, _options, _compute, _quantize);
        pass.Run(Runner, Grids.After(state), Reporter(iteration, progress), cancellationToken);

        var draft = _optics?.Estimate(tasks, pass.Estimates, given is not null, progress, cancellationToken);
        var poseSeconds = clock.Elapsed.TotalSeconds - fitSeconds - pass.InsertionSeconds;
        ParticleResult[] particles = [.. Enumerable.Range(0, source.Particles.Count).Select(pass.Settle)];
        if (draft is not null)
        {
            var quantize = QuantizeWithOptics?.Invoke(draft.State()) ?? ((_, pose) => pose);
            particles = [.. particles.Select((p, i) => p with { Pose = quantize(i, draft.Poses[i]) })];
        }

        var optics = draft?.State() ?? state.Optics;
        var ewald = state.Ewald;
        HalfMapPair Again(WorkingGrid grid) => _maps.Reconstruct((optics, particles, ewald), grid, iteration, progress, cancellationToken);
        if (pass.Maps is not { } maps)
        {
            ewald = _maps.Ask(
                OpticsStage.See(_source, optics, particles), ParticleResult.PosesOf(particles), state.Ewald, iteration, progress, cancellationToken);
            maps = Again(Grids.After(state));
        }

        (maps, _, var fsc) = _maps.CompareToTheEnd(maps, Grids.After(state), Grids, state.Mask, Again, iteration, progress);
        var statistics = IterationStatistics.Of(state.Poses, particles, pass.Estimates, fits) with
        {
            FitSeconds = fitSeconds,
            PoseSeconds = poseSeconds,
            ReconstructionSeconds = clock.Elapsed.TotalSeconds - fitSeconds - poseSeconds,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            ParticlesPerSecond = particles.Length / Math.Max(poseSeconds, 1e-9),
        };
        return new RefinementState
        {
            Iteration = iteration,
            Particles = particles,
            Maps = maps,
            Mask = state.Mask,
            Fsc = fsc,
            Limit = Clamp(fsc.Resolution ?? Coarsest(maps)),
            PreviousLimit = state.Limit,
            Models = (tasks[0].Model, tasks[1].Model),
            Statistics = statistics,
            Focus = _stage.Summarise(pass.Motion, particles, fsc),
            Optics = optics,
            OpticsFound = draft?.Record(_source.Particles),
            Ewald = ewald,
        };
    }

    /// <summary>
    /// The half maps of a state on the voxels of the images, to Nyquist: those of the state itself, or, where they were made on fewer voxels
    /// (<see cref="RefinementState.Maps"/>), made again at its poses.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The maps.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public HalfMapPair FullMaps(RefinementState state, IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (HasFullMaps(state))
        {
            return state.Maps;
        }

        var halves = new HalfMap[2];
        EachFullMap(state, half => halves[half.Half - 1] = half, progress, cancellationToken);
        return HalfMapPair.Of(halves[0], halves[1], _source.Particles);
    }

    /// <summary>Whether a state's own half maps are on the voxels of the images.</summary>
    internal bool HasFullMaps(RefinementState state) => Grids.Full.Has(state.Maps.Half1);

    /// <summary>Makes the half maps of <see cref="FullMaps"/> one after the other, none kept here once it was given to somebody.</summary>
    internal void EachFullMap(RefinementState state, Action<HalfMap> use, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        Measure(progress, cancellationToken);
        _maps.EachHalf((state.Optics, state.Particles, state.Ewald), Grids.Full, state.Iteration, use, progress, cancellationToken);
    }

    /// <summary>
    /// Before the first iteration of a region that has moved away from the molecule's own poses: models of half maps at those poses, where the
    /// rest is sharp. The state holds them as if an iteration had made them.
    /// </summary>
    private RefinementState WithRest(RefinementState state, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        if (state.Models is not null || _stage.RestPoses is not { } poses)
        {
            return state;
        }

        var maps = state.RestMaps ?? _maps.Reconstruct(_source, poses, SymmetryGroup.None, state.Ewald, Grids.Full, 0, progress, cancellationToken);
        var fits = _fits.Fit(maps, _stage.WholeArea(state with { Maps = maps }), 1, progress, cancellationToken);
        return state with { Models = (fits[0].Model, fits[1].Model) };
    }

    /// <summary>The limit where the half maps show no resolution: a few coarse shells.</summary>
    private static double Coarsest(HalfMapPair maps) => maps.Half1.BoxLength / 4;

    private double Clamp(double resolution) => Math.Max(Math.Max(Math.Min(resolution, _stage.CoarsestLimit), _options.MaxResolution ?? 0), _nyquist);

    private Action<int, RefinementStage, int>? Reporter(int iteration, IProgress<RefinementProgress>? progress) =>
        progress is null ? null : (half, stage, n) => progress.Report(stage == RefinementStage.MeasuringNoise
            ? new RefinementProgress(iteration, _options.Iterations, stage, n, 2)
            : new RefinementProgress(iteration, _options.Iterations, stage, (half * _halves[0].Length) + n, _halves[0].Length + _halves[1].Length));

    /// <summary>The pass of an iteration over the images, from what another process has made ready for it.</summary>
    /// <param name="given">What that has written.</param>
    internal IterationPass PassOf(PassInput given)
    {
        var source = OpticsStage.See(_source, null, given.State.Particles);
        return new IterationPass(
            _source, [.. _halves.Select((half, h) => new HalfTask(h, half, given.Models[h], given.State, source) { Noise = given.Noise[h] })], _stage, _options,
            _compute, _quantize, given.Signals, given.Known);
    }

    /// <summary>Looks at every image before the first use of any; at once where that is done.</summary>
    private void Measure(IProgress<RefinementProgress>? progress, CancellationToken cancellationToken) => _source.Measure(
        null,
        progress is null
            ? null
            : n => progress.Report(new RefinementProgress(0, _options.Iterations, RefinementStage.MeasuringImages, n, _source.Particles.Count)),
        cancellationToken);
}
