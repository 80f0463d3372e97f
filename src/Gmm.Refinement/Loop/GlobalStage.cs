using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The refinement of the whole: poses against the whole model, maps compared inside the solvent mask.</summary>
internal sealed class GlobalStage(RefinementOptions options, ComputeOptions compute) : IPoseStage
{
    private readonly PoseSearch _search = new(options, compute);

    public double CoarsestLimit => double.PositiveInfinity;

    public IReadOnlyList<Pose>? RestPoses => null;

    public void Check(DensityMap map, SolventMask solvent)
    {
    }

    public SolventMask ComparisonMask(SolventMask solvent) => solvent;

    public FitArea FitArea(RefinementState state) => new(state.Mask, false, state.Limit);

    public FitArea WholeArea(RefinementState state) => FitArea(state);

    public GaussianModel Model(int half, GaussianModel fitted, RefinementState state) => fitted;

    public IHalfSearch Begin(HalfTask task, CancellationToken cancellationToken)
    {
        var references = new PoseReferenceFactory(task.Source, options, task.State.Limit, EwaldStage.SignOf(options, task.State.Ewald), task.Noise)
            .Make(task.Model, task.Particles, task.State.Poses, compute, cancellationToken);
        return options.TiltSeries is { } series
            ? new SeriesSearch(series, new SeriesPoseRefiner(task.Source, SeriesOptimizer(series), references, task.State.Limit), task.State.Poses, compute)
            : new GlobalSearch(
                _search, new ParticlePoseRefiner(task.Source, options.KeepPoses ? new KeptPoses() : options.Optimizer, references, task.State.Limit),
                task.State.Poses);
    }

    public IHeldOut HeldOut(HalfTask task, double limit, CancellationToken cancellationToken)
    {
        if (options.TiltSeries is { } series)
        {
            var references = new PoseReferenceFactory(task.Source, options, limit)
                .Make(task.Model, task.Particles, task.State.Poses, compute, cancellationToken);
            return new HeldOutSeries(task.Source, series, SeriesOptimizer(series), references, limit);
        }

        var (search, judge) = _search.HeldOut(task, ReferenceParts.Of(task.Model), task.State.Poses, limit, cancellationToken);
        return new HeldOutPoses(task.Source, options.Optimizer, search, judge, limit) { Copies = options.RelaxSymmetry.Operators };
    }

    public int[] Sample(IReadOnlyList<int> members, int count)
    {
        if (options.TiltSeries is not { } series)
        {
            return EvenSample.Of(members, count);
        }

        int[][] particles = [.. series.Among(members)];
        return [.. EvenSample.Of([.. Enumerable.Range(0, particles.Length)], count).SelectMany(n => particles[n])];
    }

    public FocusRecord? Summarise(HalfMotion?[] motion, IReadOnlyList<ParticleResult> particles, CorrectedFsc fsc) => null;

    private SeriesOptimizer SeriesOptimizer(TiltSeries series) =>
        new(((LevenbergMarquardtPoseOptimizer)options.Optimizer).Options, series.Prior);

    private sealed class GlobalSearch(PoseSearch search, ParticlePoseRefiner refiner, IReadOnlyList<Pose> poses) : IHalfSearch
    {
        public IEnumerable<int[]> Chunks(int[] particles, int size) => particles.Chunk(size);

        public void Refine(int[] chunk, PoseEstimate?[] estimates, CancellationToken cancellationToken) =>
            search.Refine(refiner, chunk, poses, estimates, cancellationToken);

        public bool Learns => false;

        public HalfMotion? Learn(PoseEstimate?[] estimates, CancellationToken cancellationToken) => null;
    }

    private sealed class SeriesSearch(TiltSeries series, SeriesPoseRefiner refiner, IReadOnlyList<Pose> poses, ComputeOptions compute) : IHalfSearch
    {
        public IEnumerable<int[]> Chunks(int[] particles, int size)
        {
            var chunk = new List<int>();
            foreach (var members in series.Among(particles))
            {
                chunk.AddRange(members);
                if (chunk.Count >= size)
                {
                    yield return [.. chunk];
                    chunk.Clear();
                }
            }

            if (chunk.Count > 0)
            {
                yield return [.. chunk];
            }
        }

        public void Refine(int[] chunk, PoseEstimate?[] estimates, CancellationToken cancellationToken) =>
            refiner.Refine([.. series.Among(chunk)], poses, estimates, compute, cancellationToken);

        public bool Learns => false;

        public HalfMotion? Learn(PoseEstimate?[] estimates, CancellationToken cancellationToken) => null;
    }
}
