using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Levenberg-Marquardt in the tangent space of SO(3) x R^2, band by band from coarse to fine. With a likelihood score the inverse of the
/// Gauss-Newton matrix at the end is the posterior covariance of the pose.
/// </summary>
/// <remarks>
/// Five parameters and analytic derivatives make a second-order step as cheap as about two projections, and it converges in two to
/// four where gradient descent needs tens (docs/poses.md, The climb). A step is accepted only if the objective rises; its length is
/// bounded so that no Gaussian moves by more than half the band's resolution, within which the objective is nearly quadratic.
/// </remarks>
/// <param name="options">Settings; defaults if null.</param>
public sealed class LevenbergMarquardtPoseOptimizer(LevenbergMarquardtOptions? options = null) : IPoseOptimizer
{
    private const int N = Pose.ParameterCount;

    private readonly LevenbergMarquardtOptions _options = options ?? new LevenbergMarquardtOptions();

    /// <summary>Its settings.</summary>
    public LevenbergMarquardtOptions Options => _options;

    /// <inheritdoc/>
    public string Name => _options == new LevenbergMarquardtOptions() ? "levenberg-marquardt" : $"levenberg-marquardt({_options.Text})";

    /// <inheritdoc/>
    public bool EstimatesCovariance => true;

    /// <inheritdoc/>
    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var finest = workspace.Reference.Bands.Count - 1;
        var startScore = finest > 0 ? workspace.Score(finest, start) : default;
        Span<double> information = stackalloc double[N * N];
        var pose = start;
        var steps = 0;
        for (var band = 0; band < finest; band++)
        {
            var coarse = Climb(workspace, band, pose, _options.CoarseSteps, _options.CoarseTolerance, information);
            steps += coarse.Steps;
            pose = coarse.Pose;
        }

        // Where the image is noisy, a coarse band's own best pose can be worse than the start: the full band says which to climb from.
        if (finest > 0 && workspace.Score(finest, pose).Objective < startScore.Objective)
        {
            pose = start;
        }

        var climb = Climb(workspace, finest, pose, _options.FineSteps, _options.Tolerance, information);
        steps += climb.Steps;
        startScore = finest > 0 ? startScore : climb.First;
        return Judge(_options, start, climb.Pose, climb.Score, startScore, workspace.Reference.Bands[finest].Scorer.IsLogLikelihood ? information : [], steps);
    }

    /// <summary>What a climb's end is worth: the pose with its covariance, or the start if it is not usable.</summary>
    /// <param name="options">How far a particle may move.</param>
    /// <param name="start">Where it started.</param>
    /// <param name="pose">Where it ended.</param>
    /// <param name="score">The score there.</param>
    /// <param name="startScore">The start's score.</param>
    /// <param name="information">The Gauss-Newton matrix at the end; empty where the score is no likelihood.</param>
    /// <param name="steps">Steps tried.</param>
    internal static PoseEstimate Judge(
        LevenbergMarquardtOptions options, in Pose start, in Pose pose, PoseScore score, PoseScore startScore, ReadOnlySpan<double> information, int steps) =>
        IsUsable(options, start, pose, score)
            ? new PoseEstimate(pose, score, startScore, information.IsEmpty ? null : Covariance(information), steps, PoseStatus.Refined)
            : new PoseEstimate(start, startScore, startScore, null, steps, PoseStatus.Failed);

    /// <summary>Climbs in one band; the matrix belongs to the pose at the end.</summary>
    private static PoseClimb Climb(PoseWorkspace workspace, int band, in Pose start, int limit, double tolerance, Span<double> information)
    {
        Span<double> gradient = stackalloc double[N], memory = stackalloc double[DampedClimb.MemoryFor(N)];
        var climb = new PoseClimb(workspace, band, start, tolerance);
        DampedClimb.Run(ref climb, limit, DampingSchedule.Pose, gradient, information, memory);
        return climb;
    }

    private static double[]? Covariance(ReadOnlySpan<double> information)
    {
        var covariance = new double[N * N];
        return Cholesky.TryInvert(N, information, covariance) ? covariance : null;
    }

    private static bool IsUsable(LevenbergMarquardtOptions options, in Pose start, in Pose pose, PoseScore score) =>
        double.IsFinite(score.Objective)
        && score.Objective != 0 && score.Correlation != 0 // Exactly 0: the image or the reference is empty, so that nothing was compared.
        && pose.Rotation.AngleTo(start.Rotation) <= options.MaximumRotationDegrees * (Math.PI / 180)
        && Math.Sqrt(Square(pose.ShiftX - start.ShiftX) + Square(pose.ShiftY - start.ShiftY)) <= options.MaximumShiftAngstrom;

    private static double Square(double v) => v * v;
}
