using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Levenberg-Marquardt in the tangent space of SO(3) x R^2, band by band from coarse to fine. With a likelihood score the inverse of the
/// Gauss-Newton matrix at the end is the posterior covariance of the pose.
/// </summary>
/// <remarks>
/// Five parameters and analytic derivatives make a second-order step as cheap as about two projections, and it converges in two to
/// four where gradient descent needs tens (docs/architecture.md, The optimizer). A step is accepted only if the objective rises; its length is
/// bounded so that no Gaussian moves by more than half the band's resolution, within which the objective is nearly quadratic.
/// </remarks>
/// <param name="options">Settings; defaults if null.</param>
public sealed class LevenbergMarquardtPoseOptimizer(LevenbergMarquardtOptions? options = null) : IPoseOptimizer
{
    private const int N = Pose.ParameterCount;
    private const double FirstDamping = 1e-3;

    private readonly LevenbergMarquardtOptions _options = options ?? new LevenbergMarquardtOptions();

    /// <inheritdoc/>
    public string Name => _options == new LevenbergMarquardtOptions() ? "levenberg-marquardt" : $"levenberg-marquardt({_options.Text})";

    /// <inheritdoc/>
    public bool EstimatesCovariance => true;

    /// <inheritdoc/>
    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start)
    {
        var finest = workspace.Reference.Bands.Count - 1;
        var startScore = finest > 0 ? workspace.Score(finest, start) : default;
        Span<double> information = stackalloc double[N * N];
        var pose = start;
        var steps = 0;
        for (var band = 0; band < finest; band++)
        {
            Climb(workspace, band, _options.CoarseSteps, ref pose, information, ref steps, out _);
        }

        // Where the image is noisy, a coarse band's own best pose can be worse than the start: the full band says which to climb from.
        if (finest > 0 && workspace.Score(finest, pose).Objective < startScore.Objective)
        {
            pose = start;
        }

        var score = Climb(workspace, finest, _options.FineSteps, ref pose, information, ref steps, out var first);
        if (finest == 0)
        {
            startScore = first;
        }

        return IsUsable(start, pose, score)
            ? new PoseEstimate(pose, score, startScore, workspace.Reference.Bands[finest].Scorer.IsLogLikelihood ? Covariance(information) : null, steps, PoseStatus.Refined)
            : new PoseEstimate(start, startScore, startScore, null, steps, PoseStatus.Failed);
    }

    /// <summary>Climbs in one band; the matrix returned belongs to the pose returned.</summary>
    private PoseScore Climb(PoseWorkspace workspace, int band, int limit, ref Pose pose, Span<double> information, ref int steps, out PoseScore first)
    {
        Span<double> gradient = stackalloc double[N], newGradient = stackalloc double[N], newInformation = stackalloc double[N * N];
        Span<double> step = stackalloc double[N];
        var reference = workspace.Reference;
        var reach = 0.5 * reference.Bands[band].Resolution;
        var score = first = workspace.Evaluate(band, pose, gradient, information);
        var tolerance = (band == reference.Bands.Count - 1 ? _options.Tolerance : _options.CoarseTolerance) * Unit(reference.Bands[band].Scorer, score);
        var damping = FirstDamping;
        for (var tried = 0; tried < limit; tried++)
        {
            if (!SymmetricSystem.Solve(information, gradient, damping, step))
            {
                break;
            }

            Shorten(step, reach, reference, pose);
            if (SymmetricSystem.Dot(gradient, step) < 2 * tolerance)
            {
                break;
            }

            steps++;
            var candidate = Move(pose, step, reference.Pivot);
            var candidateScore = workspace.Evaluate(band, candidate, newGradient, newInformation);
            if (candidateScore.Objective > score.Objective)
            {
                (pose, score) = (candidate, candidateScore);
                newGradient.CopyTo(gradient);
                newInformation.CopyTo(information);
                damping = Math.Max(damping * 0.1, 1e-6);
            }
            else
            {
                damping = Math.Max(damping * 30, 0.1);
            }
        }

        return score;
    }

    /// <summary>One unit of log-likelihood; for a score that is none, a thousandth of its value stands in for it.</summary>
    private static double Unit(IPoseScorer scorer, PoseScore score) => scorer.IsLogLikelihood ? 1 : 1e-3 * Math.Abs(score.Objective);

    /// <summary>
    /// The pose after a step, the image of the pivot moved by just what the step's linear form says: a part of the structure far off the box
    /// centre does not swing outwards when it is turned.
    /// </summary>
    private static Pose Move(in Pose pose, ReadOnlySpan<double> step, (double X, double Y, double Z) pivot)
    {
        var moved = pose.Step(step);
        if (pivot == default)
        {
            return moved;
        }

        var (ax, ay, az) = pose.Rotation.Apply(pivot.X, pivot.Y, pivot.Z);
        var (bx, by, _) = moved.Rotation.Apply(pivot.X, pivot.Y, pivot.Z);
        return moved with
        {
            ShiftX = moved.ShiftX + (step[1] * az) - (step[2] * ay) - (bx - ax),
            ShiftY = moved.ShiftY + (step[2] * ax) - (step[0] * az) - (by - ay),
        };
    }

    /// <summary>Scales a step so that it moves the typical Gaussian, and the pivot, by the reach at most.</summary>
    private static void Shorten(Span<double> step, double reach, PoseReference reference, in Pose pose)
    {
        var (ax, ay, az) = pose.Rotation.Apply(reference.Pivot.X, reference.Pivot.Y, reference.Pivot.Z);
        double dx = step[3] + ((step[1] * az) - (step[2] * ay)), dy = step[4] + ((step[2] * ax) - (step[0] * az));
        var moved = Math.Max(
            reference.Radius * Math.Sqrt((step[0] * step[0]) + (step[1] * step[1]) + (step[2] * step[2])),
            Math.Sqrt((dx * dx) + (dy * dy)));
        if (moved > reach)
        {
            var factor = reach / moved;
            foreach (ref var s in step)
            {
                s *= factor;
            }
        }
    }

    private static double[]? Covariance(ReadOnlySpan<double> information)
    {
        var covariance = new double[N * N];
        return SymmetricSystem.Invert(information, covariance) ? covariance : null;
    }

    private bool IsUsable(in Pose start, in Pose pose, PoseScore score) =>
        double.IsFinite(score.Objective)
        && score.Objective != 0 && score.Correlation != 0 // Exactly 0: the image or the reference is empty, so that nothing was compared.
        && pose.Rotation.AngleTo(start.Rotation) <= _options.MaximumRotationDegrees * (Math.PI / 180)
        && Math.Sqrt(Square(pose.ShiftX - start.ShiftX) + Square(pose.ShiftY - start.ShiftY)) <= _options.MaximumShiftAngstrom;

    private static double Square(double v) => v * v;
}
