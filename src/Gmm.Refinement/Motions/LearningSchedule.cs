namespace Gmm.Refinement;

/// <summary>How <see cref="RigidMotionLearner"/> goes to its end.</summary>
/// <param name="Still">Images' worth of a prior that nothing moves, f.</param>
/// <param name="Rounds">Rounds at most.</param>
/// <param name="Enough">It has converged when no variance changes by more than this share in a round.</param>
/// <param name="Extrapolates">Whether every third round starts from where the two before it lead.</param>
internal readonly record struct LearningSchedule(double Still, int Rounds, double Enough, bool Extrapolates)
{
    /// <summary>
    /// For one region from a wide start: without a signal it must stay where it is. Extrapolation makes more of the little that images say than is
    /// there.
    /// </summary>
    public static LearningSchedule Region { get; } = new(10, 300, 1e-4, false);

    /// <summary>For patches from a narrow start: an image says so little of each that plain rounds creep, and a prior that nothing moves would win.</summary>
    public static LearningSchedule Patches { get; } = new(0, 39, 5e-3, true);
}
