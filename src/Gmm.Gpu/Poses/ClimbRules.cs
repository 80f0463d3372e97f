using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>How the poses of a reference are climbed, as a kernel needs it.</summary>
internal struct ClimbRules
{
    /// <summary>The damping.</summary>
    public DampingSchedule Schedule;

    /// <summary>Steps tried at most.</summary>
    public int Limit;

    /// <summary>Least log-likelihood that a step must promise.</summary>
    public double Tolerance;

    /// <summary>How far a step may move the typical Gaussian, angstrom.</summary>
    public double Reach;

    /// <summary>Radius of gyration about the pivot, angstrom.</summary>
    public double Radius;

    /// <summary>The pivot, angstrom from the box centre.</summary>
    public double PivotX;

    /// <summary>The same along y.</summary>
    public double PivotY;

    /// <summary>The same along z.</summary>
    public double PivotZ;

    /// <summary>The rules of a reference.</summary>
    public static ClimbRules Of(PoseReference reference, LevenbergMarquardtOptions options) => new()
    {
        Schedule = DampingSchedule.Pose,
        Limit = options.FineSteps,
        Tolerance = options.Tolerance,
        Reach = 0.5 * reference.Bands[^1].Resolution,
        Radius = reference.Radius,
        PivotX = reference.Pivot.X,
        PivotY = reference.Pivot.Y,
        PivotZ = reference.Pivot.Z,
    };
}
