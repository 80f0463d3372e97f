using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The pose of the particle in a workspace, as the problem of a <see cref="DampedClimb"/> in one band.</summary>
/// <param name="workspace">The prepared particle.</param>
/// <param name="band">The band.</param>
/// <param name="start">Where the climb starts.</param>
/// <param name="tolerance">Least log-likelihood that a step must promise.</param>
internal struct PoseClimb(PoseWorkspace workspace, int band, Pose start, double tolerance) : IClimbProblem
{
    private readonly PoseBand _band = workspace.Reference.Bands[band];
    private Pose _candidate = start;
    private PoseScore _candidateScore;

    /// <summary>The pose kept.</summary>
    public Pose Pose { get; private set; } = start;

    /// <summary>Its score.</summary>
    public PoseScore Score { get; private set; }

    /// <summary>The start's score.</summary>
    public PoseScore First { get; private set; }

    /// <summary>Poses tried after the start.</summary>
    public int Steps { get; private set; }

    /// <summary>In units of log-likelihood; for a score that is none, a thousandth of its value stands in for one.</summary>
    public readonly double Tolerance => tolerance * (_band.Scorer.IsLogLikelihood ? 1 : 1e-3 * Math.Abs(Score.Objective));

    public double Evaluate(Span<double> gradient, Span<double> gaussNewton) =>
        (_candidateScore = workspace.Evaluate(band, _candidate, gradient, gaussNewton)).Objective;

    public void Accept()
    {
        (Pose, Score) = (_candidate, _candidateScore);
        First = Steps == 0 ? Score : First;
    }

    /// <summary>Scales a step so that it moves the typical Gaussian, and the pivot, by half the band's resolution at most.</summary>
    public readonly void Limit(Span<double> step)
    {
        var pivot = workspace.Reference.Pivot;
        var (ax, ay, az) = Pose.Rotation.Apply(pivot.X, pivot.Y, pivot.Z);
        double dx = step[3] + ((step[1] * az) - (step[2] * ay)), dy = step[4] + ((step[2] * ax) - (step[0] * az));
        var moved = Math.Max(
            workspace.Reference.Radius * Math.Sqrt((step[0] * step[0]) + (step[1] * step[1]) + (step[2] * step[2])),
            Math.Sqrt((dx * dx) + (dy * dy)));
        DampedClimb.Shorten(step, moved, 0.5 * _band.Resolution);
    }

    /// <summary>
    /// The pose after a step, the image of the pivot moved by just what the step's linear form says: a part of the structure far off the box
    /// centre does not swing outwards when it is turned.
    /// </summary>
    public void Move(ReadOnlySpan<double> step)
    {
        Steps++;
        var pivot = workspace.Reference.Pivot;
        _candidate = Pose.Step(step);
        if (pivot == default)
        {
            return;
        }

        var (ax, ay, az) = Pose.Rotation.Apply(pivot.X, pivot.Y, pivot.Z);
        var (bx, by, _) = _candidate.Rotation.Apply(pivot.X, pivot.Y, pivot.Z);
        _candidate = _candidate with
        {
            ShiftX = _candidate.ShiftX + (step[1] * az) - (step[2] * ay) - (bx - ax),
            ShiftY = _candidate.ShiftY + (step[2] * ax) - (step[0] * az) - (by - ay),
        };
    }
}
