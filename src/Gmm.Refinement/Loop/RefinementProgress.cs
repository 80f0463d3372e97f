namespace Gmm.Refinement;

/// <summary>What a refinement is doing.</summary>
/// <param name="Iteration">0 for the maps at the starting poses, then 1, 2, ...</param>
/// <param name="Iterations">Iterations at most.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">How much of the stage is done, in its own units.</param>
/// <param name="Total">The whole stage.</param>
/// <param name="Patch">The patch being reconstructed; null where all are worked on at once, and in a refinement without patches.</param>
public readonly record struct RefinementProgress(int Iteration, int Iterations, RefinementStage Stage, int Done, int Total, string? Patch = null);
