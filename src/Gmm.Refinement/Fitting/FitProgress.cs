namespace Gmm.Refinement;

/// <summary>Where a fit stands.</summary>
/// <param name="Iteration">Iterations done, over all stages.</param>
/// <param name="MaxIterations">Most iterations.</param>
/// <param name="Resolution">Resolution of the present stage, angstrom.</param>
/// <param name="MeanFsc">Map-model FSC averaged over the shells of the present stage.</param>
/// <param name="Loss">The loss: 1 for an empty model.</param>
public readonly record struct FitProgress(int Iteration, int MaxIterations, double Resolution, double MeanFsc, double Loss);
