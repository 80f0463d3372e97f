using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// What an iteration does with the images: the poses of each half against its own model and, where nothing has to be known of all images first, the half
/// maps at these poses in the same pass.
/// </summary>
internal sealed class IterationPass
{
    private readonly PreparedParticles _source;
    private readonly RefinementOptions _options;
    private readonly ComputeOptions _compute;
    private readonly IPoseStage _stage;
    private readonly Func<int, Pose, Pose> _quantize;
    private readonly int[][] _halves;
    private readonly HalfTask[] _tasks;
    private readonly PoseEstimate?[] _estimates;
    private readonly SignalGroup?[]?[] _signals;
    private readonly HalfPass?[] _passes = new HalfPass?[2];
    private SliceReader? _reader;
    private readonly MapInsertion? _insertion;

    /// <summary>Makes ready for an iteration.</summary>
    /// <param name="source">The images, as the source has them.</param>
    /// <param name="tasks">The halves, with what they are compared with.</param>
    /// <param name="stage">What poses are sought of.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="quantize">Rounds a particle's pose to what its file will hold.</param>
    /// <param name="signals">What the halves' images say together, where that is known; null to find it.</param>
    /// <param name="known">Particles that are refined already.</param>
    public IterationPass(
        PreparedParticles source, HalfTask[] tasks, IPoseStage stage, RefinementOptions options, ComputeOptions compute, Func<int, Pose, Pose> quantize,
        SignalGroup?[]?[]? signals = null, IEnumerable<(int Index, PoseEstimate Estimate)>? known = null)
    {
        _signals = signals ?? new SignalGroup?[2][];
        (_source, _tasks, _stage, _options, _compute, _quantize) = (source, tasks, stage, options, compute, quantize);
        _halves = [.. tasks.Select(t => t.Particles)];
        _estimates = new PoseEstimate?[source.Particles.Count];
        foreach (var (index, estimate) in known ?? [])
        {
            _estimates[index] = estimate;
        }

        _insertion = MakesMaps(options, tasks[0].State) ? new MapInsertion(source, tasks[0].State.Particles) : null;
    }

    /// <summary>What was found.</summary>
    public IReadOnlyList<PoseEstimate> Estimates => _estimates!;

    /// <summary>What the half's particles say of a motion.</summary>
    public HalfMotion?[] Motion { get; } = new HalfMotion?[2];

    /// <summary>The half maps at the poses found; null where they are to be made after the pass.</summary>
    public HalfMapPair? Maps { get; private set; }

    /// <summary>Seconds of the pass that went into the maps' sums.</summary>
    public double InsertionSeconds => _insertion?.Seconds ?? 0;

    /// <summary>
    /// Whether the maps are made in the pass: not where optics, weights of signals or the sign of the Ewald sphere come between the poses and the maps, nor
    /// with a reconstructor that takes all images at once.
    /// </summary>
    public static bool MakesMaps(RefinementOptions options, SearchState state) =>
        options.Reconstructor is FourierReconstructor && options.Optics is null && !options.WeighBySignal && EwaldStage.IsSettled(options, state.Ewald);

    /// <summary>The number of parts of each half; the images of a tilt series stay together.</summary>
    public static int Parts(IReadOnlyList<int[]> halves, RefinementOptions options) =>
        options.TiltSeries is null ? options.Parts ?? HalfParts.Default(halves.Max(h => h.Length)) : 1;

    /// <summary>Does it.</summary>
    /// <param name="runner">Who works through the parts.</param>
    /// <param name="grid">The voxels of the maps.</param>
    /// <param name="report">Told of half and stage, and how many of its particles are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Run(IPartRunner runner, WorkingGrid grid, Action<int, RefinementStage, int>? report, CancellationToken cancellationToken)
    {
        var parts = Parts(_halves, _options);
        var stage = _options.KeepPoses ? RefinementStage.ComparingImages : RefinementStage.RefiningPoses;
        runner.Begin(h => Prepare(h, report, cancellationToken), [.. _halves.Select(h => HalfParts.Split(h, parts))], cancellationToken);
        void Half(int h, FourierAccumulator? sums)
        {
            var done = 0;
            Motion[h] = runner.Run(
                h, _estimates, sums, report is null ? null : n => report(h, stage, Interlocked.Add(ref done, n)), cancellationToken);
            _source.Keep(false);
        }

        if (_insertion is null)
        {
            Half(0, null);
            Half(1, null);
            return;
        }

        Maps = Reconstructor.Stream(_insertion.Input, grid.Options(_options.Symmetry, parts), _compute.StoppedBy(cancellationToken), (h, reader, sums) =>
        {
            _insertion.Use(reader);
            Half(h, sums);
            report?.Invoke(h, RefinementStage.Reconstructing, _halves[h].Length);
        });
    }

    /// <summary>Works through one part for another process, with what that has made ready.</summary>
    /// <param name="half">0 or 1.</param>
    /// <param name="part">Number of the part, from 0.</param>
    /// <param name="grid">The voxels of the maps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was found for each of the part's particles, and its sums; no sums where the maps are made after the pass.</returns>
    public (PoseEstimate[] Estimates, FourierAccumulator? Sums) RunPart(int half, int part, WorkingGrid grid, CancellationToken cancellationToken)
    {
        var pass = _passes[half] ??= Prepare(half, null, cancellationToken);
        var particles = HalfParts.Split(_halves[half], Parts(_halves, _options))[part];
        FourierAccumulator? sums = null;
        if (_insertion is not null)
        {
            // One for all parts: it is made of the scales that the images had before any part.
            _reader ??= Reconstructor.Reader(
                _insertion.Input, grid.Options(_options.Symmetry, Parts(_halves, _options)), _compute.StoppedBy(cancellationToken)).Reader;
            _insertion.Use(_reader);
            sums = new FourierAccumulator(_reader.Grid);
        }

        pass.Run(particles, _estimates, sums, null, cancellationToken);
        return ([.. particles.Select(i => _estimates[i]!)], sums);
    }

    /// <summary>What is made of a particle that optics did not move, as its file will hold it.</summary>
    public ParticleResult Settle(int index) => Settle(index, _estimates[index]!, _signals[_source.Particles[index].Half - 1]);

    /// <summary>The same of what was found for it.</summary>
    private ParticleResult Settle(int index, PoseEstimate found, SignalGroup?[]? signals)
    {
        var before = _tasks[0].State.Particles[index];
        var seen = _tasks[0].Source.Particles[index];
        var result = new ParticleResult(
            found.Status == PoseStatus.Refined ? _quantize(index, found.Pose) : before.Pose, found.Score.Correlation, found.RotationSigmaDegrees,
            found.ShiftSigmaAngstrom, found.Status)
        {
            Scale = before.Scale,
            ScaleSigma = double.NaN,
            Weight = before.Weight,
        };
        if (signals is null)
        {
            return result;
        }

        var (scale, sigma, weight) = SignalScales.Of(seen, found, _source.Particles[index], signals[seen.OpticsIndex]);
        return result with { Scale = scale, ScaleSigma = sigma, Weight = weight };
    }

    private FourierReconstructor Reconstructor =>
        (FourierReconstructor)EwaldStage.Reconstructor(_options.Reconstructor, EwaldStage.SignOf(_options, _tasks[0].State.Ewald));

    /// <summary>Makes a half ready: its references, and what a sample of its images says of their signals.</summary>
    private HalfPass Prepare(int half, Action<int, RefinementStage, int>? report, CancellationToken cancellationToken)
    {
        var task = _tasks[half];
        _source.Keep(true);
        var search = _stage.Begin(task, cancellationToken);
        report?.Invoke(half, RefinementStage.MeasuringNoise, half + 1);
        if (_signals[half] is null && _options.EstimateScale && _options.Focus is null)
        {
            int[] sample = [.. Sample(task)];
            foreach (var chunk in search.Chunks(sample, sample.Length))
            {
                search.Refine(chunk, _estimates, cancellationToken);
            }

            _signals[half] = SignalScales.Learn(task.Source.Particles, _estimates, task.Particles, _source.Particles, task.Source.OpticsGroups.Count);
        }

        return new HalfPass(task, search, _signals[half], Settle, _insertion, ChunkSize(task));
    }

    /// <summary>
    /// Particles whose signals are looked at before the others': those of each optics group on which noise is measured, which tell the spread to some per
    /// cent; or all images of some tilt series.
    /// </summary>
    private IEnumerable<int> Sample(HalfTask task) => _options.TiltSeries is { } series
        ? _stage.Sample(task.Particles, Math.Max(1, (int)((long)_options.NoiseParticles * series.Count / series.ImageCount)))
        : task.Particles.GroupBy(i => task.Source.Particles[i].OpticsIndex).SelectMany(g => EvenSample.Of([.. g], _options.NoiseParticles));

    // Small sets report too, but a device wants many particles at once; what a chunk is decides nothing.
    private int ChunkSize(HalfTask task)
    {
        if (_options.Optimizer is IBatchPoseOptimizer)
        {
            return _options.ChunkSize;
        }

        var most = task.Source.ChunkSize(_compute.Threads);
        return Math.Min(most, Math.Max(Math.Max(50, 16 * _compute.Threads), task.Particles.Length / 20));
    }
}
