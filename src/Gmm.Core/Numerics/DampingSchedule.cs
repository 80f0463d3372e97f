namespace Gmm.Core;

/// <summary>How the damping of a <see cref="DampedClimb"/> goes: by factors, down after a step that gained and up after one that did not.</summary>
/// <param name="First">Damping of the first step.</param>
/// <param name="Shrink">Factor after a gain.</param>
/// <param name="Least">Least damping after a gain.</param>
/// <param name="Grow">Factor after a loss.</param>
/// <param name="LeastAfterLoss">Least damping after a loss.</param>
internal readonly record struct DampingSchedule(double First, double Shrink, double Least, double Grow, double LeastAfterLoss)
{
    /// <summary>The damping after a step.</summary>
    /// <param name="damping">That of the step.</param>
    /// <param name="gained">Whether the step was kept.</param>
    /// <returns>That of the next.</returns>
    public double After(double damping, bool gained) =>
        gained ? Math.Max(damping * Shrink, Least) : Math.Max(damping * Grow, LeastAfterLoss);

    /// <summary>For poses, whose tangent space turns with them: never quite without damping.</summary>
    public static DampingSchedule Pose { get; } = new(1e-3, 0.1, 1e-6, 30, 0.1);

    /// <summary>Gauss-Newton steps, damped only while they fail.</summary>
    public static DampingSchedule WhenNeeded { get; } = new(0, 0, 0, 5, 2);
}
