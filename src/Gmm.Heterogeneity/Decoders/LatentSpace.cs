namespace Gmm.Heterogeneity;

/// <summary>Linear changes of the latent space, put into the weights on both of its sides.</summary>
internal static class LatentSpace
{
    /// <summary>Weights that take latent points as inputs: W becomes W M^T.</summary>
    /// <param name="weights">Outputs x d values.</param>
    /// <param name="matrix">M, d x d values.</param>
    /// <param name="d">Latent coordinates.</param>
    public static void TransformInputs(Span<float> weights, ReadOnlySpan<double> matrix, int d)
    {
        Span<double> line = stackalloc double[d];
        for (var o = 0; o < weights.Length; o += d)
        {
            for (var k = 0; k < d; k++)
            {
                line[k] = 0;
                for (var l = 0; l < d; l++)
                {
                    line[k] += matrix[(k * d) + l] * weights[o + l];
                }
            }

            for (var k = 0; k < d; k++)
            {
                weights[o + k] = (float)line[k];
            }
        }
    }

    /// <summary>Weights whose first d outputs are latent points: those rows of W become M W.</summary>
    /// <param name="weights">Rows of a matrix, or biases with one column.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="matrix">M, d x d values.</param>
    /// <param name="d">Latent coordinates.</param>
    public static void TransformOutputs(Span<float> weights, int columns, ReadOnlySpan<double> matrix, int d)
    {
        Span<double> line = stackalloc double[d];
        for (var c = 0; c < columns; c++)
        {
            for (var k = 0; k < d; k++)
            {
                line[k] = 0;
                for (var l = 0; l < d; l++)
                {
                    line[k] += matrix[(k * d) + l] * weights[(l * columns) + c];
                }
            }

            for (var k = 0; k < d; k++)
            {
                weights[(k * columns) + c] = (float)line[k];
            }
        }
    }
}
