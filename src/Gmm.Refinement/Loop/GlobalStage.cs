using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The refinement of the whole: poses against the whole model, maps compared inside the solvent mask.</summary>
internal sealed class GlobalStage(RefinementOptions options, ComputeOptions compute) : IPoseStage
{
    /// <summary>Tilt series refined between two reports; decides nothing.</summary>
    private const int SeriesPerReport = 16;

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

    public HalfMotion? Refine(HalfTask task, PoseEstimate?[] estimates, Action<RefinementStage, int>? report, CancellationToken cancellationToken)
    {
        var (source, poses) = (task.Source, task.State.Poses);
        var references = new PoseReferenceFactory(source, options, task.State.Limit, EwaldStage.SignOf(options, task.State.Ewald))
            .Make(task.Model, task.Particles, poses, compute, cancellationToken);
        report?.Invoke(RefinementStage.MeasuringNoise, task.Half + 1);
        if (options.TiltSeries is { } series)
        {
            RefineSeries(series, references, task, estimates, report, cancellationToken);
            return null;
        }

        var refiner = new ParticlePoseRefiner(source, options.KeepPoses ? new KeptPoses() : options.Optimizer, references, task.State.Limit);
        _search.Refine(refiner, task.Particles, poses, estimates, report, cancellationToken);
        return null;
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

    private void RefineSeries(
        TiltSeries series, IReadOnlyList<PoseReference?> references, HalfTask task, PoseEstimate?[] estimates, Action<RefinementStage, int>? report,
        CancellationToken cancellationToken)
    {
        var refiner = new SeriesPoseRefiner(task.Source, SeriesOptimizer(series), references, task.State.Limit);
        var count = 0;
        foreach (var chunk in series.Among(task.Particles).Chunk(SeriesPerReport))
        {
            refiner.Refine(chunk, task.State.Poses, estimates, compute, cancellationToken);
            count += chunk.Sum(members => members.Length);
            report?.Invoke(RefinementStage.RefiningPoses, count);
        }
    }
}
