using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Least squares on the velocities of a deformer at rest.</summary>
internal static class DeformerFit
{
    /// <summary>Finds the controls that move most like a deformation; amplitudes do not count.</summary>
    public static void AtRest(IDeformer deformer, ModelDeformation target, Span<float> controls)
    {
        var n = deformer.ControlCount;
        double[] matrix = new double[n * n], right = new double[n];
        var columns = new ModelDeformation[n];
        for (var k = 0; k < n; k++)
        {
            var rates = new float[n];
            rates[k] = 1;
            columns[k] = new ModelDeformation(target.Count);
            deformer.Velocity(new float[n], rates, columns[k]);
            right[k] = DeformationProduct.Of(columns[k], target);
            for (var l = 0; l <= k; l++)
            {
                matrix[(k * n) + l] = matrix[(l * n) + k] = DeformationProduct.Of(columns[k], columns[l]);
            }
        }

        if (Cholesky.TrySolve(matrix, right, 1e-9, right))
        {
            for (var k = 0; k < n; k++)
            {
                controls[k] = (float)right[k];
            }
        }
    }
}
