using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Gaussians fitted to a map, and how well they fit.</summary>
/// <param name="Model">The Gaussians; their transform matches the target's in absolute scale.</param>
/// <param name="MeanFsc">Map-model FSC against the masked target, averaged over shells 1 to the resolution.</param>
/// <param name="Fsc">The same by shell; shell 0 is 1. Shells are those of the box that the mask leaves, which may be smaller than the map's.</param>
/// <param name="Iterations">Iterations done.</param>
/// <param name="Evaluations">Evaluations of the loss and its gradient.</param>
/// <param name="Reseeded">Dead Gaussians that were put elsewhere.</param>
/// <param name="Pruned">Dead Gaussians left out of the model at the end.</param>
public sealed record FitResult(GaussianModel Model, double MeanFsc, double[] Fsc, int Iterations, int Evaluations, int Reseeded, int Pruned);
