using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Inner products of deformations.</summary>
internal static class DeformationProduct
{
    /// <summary>sum_j w_j d_j . e_j of the displacements of two deformations; amplitudes do not count.</summary>
    /// <param name="a">d.</param>
    /// <param name="b">e, of as many Gaussians.</param>
    /// <param name="weights">w; null: 1.</param>
    /// <returns>The product, square angstrom times the weights' unit.</returns>
    public static double Of(ModelDeformation a, ModelDeformation b, IReadOnlyList<float>? weights = null)
    {
        double sum = 0;
        for (var j = 0; j < a.Count; j++)
        {
            sum += (weights?[j] ?? 1) * (((double)a.X[j] * b.X[j]) + ((double)a.Y[j] * b.Y[j]) + ((double)a.Z[j] * b.Z[j]));
        }

        return sum;
    }
}
