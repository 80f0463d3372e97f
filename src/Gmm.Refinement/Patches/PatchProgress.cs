namespace Gmm.Refinement;

/// <summary>What a refinement of patches is doing.</summary>
/// <param name="Iteration">0 for the consensus, then 1, 2, ...</param>
/// <param name="Iterations">Iterations in all.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Patch">The patch being reconstructed; null where all are worked on at once.</param>
/// <param name="Done">How much of the stage is done.</param>
/// <param name="Total">The whole stage.</param>
public readonly record struct PatchProgress(int Iteration, int Iterations, RefinementStage Stage, string? Patch, int Done, int Total);
