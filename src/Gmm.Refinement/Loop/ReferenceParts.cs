using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What particles of a half are compared with.</summary>
/// <param name="Moving">What the pose moves.</param>
/// <param name="Whole">The whole structure, against which noise is measured.</param>
/// <param name="Rest">What stays where another pose shows it; null for nothing.</param>
/// <param name="Pivot">The point about which the optimizer turns the moving part.</param>
internal sealed record ReferenceParts(GaussianModel Moving, GaussianModel Whole, GaussianModel? Rest = null, (double X, double Y, double Z) Pivot = default)
{
    /// <summary>A structure that moves as a whole.</summary>
    public static ReferenceParts Of(GaussianModel model) => new(model, model);
}
