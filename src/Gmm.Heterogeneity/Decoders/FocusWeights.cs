using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>The focus mask at every Gaussian's centre, by trilinear interpolation; 0 outside the mask's box.</summary>
internal static class FocusWeights
{
    /// <summary>Looks the mask up.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mask">The mask; null: everything moves.</param>
    /// <returns>0 to 1 for each Gaussian.</returns>
    /// <exception cref="InvalidInputException">No Gaussian lies inside.</exception>
    public static float[] Of(GaussianModel model, SolventMask? mask)
    {
        if (mask is null)
        {
            return [.. Enumerable.Repeat(1f, model.Count)];
        }

        var weights = Array.ConvertAll(new MaskSampler(mask).At(model), m => (float)m);
        return Array.Exists(weights, w => w > 0.1f)
            ? weights
            : throw new InvalidInputException("no Gaussian of the model lies inside the focus mask", "focus mask");
    }
}
