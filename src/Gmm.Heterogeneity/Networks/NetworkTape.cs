namespace Gmm.Heterogeneity;

/// <summary>The values of every layer of a <see cref="DenseNetwork"/> for a batch, and room for their derivatives. Reused from batch to batch.</summary>
internal sealed class NetworkTape
{
    /// <summary>Rows of the batch.</summary>
    public int Rows { get; private set; }

    /// <summary>Values: the inputs, then each layer's outputs.</summary>
    public float[][] Values { get; private set; } = [];

    /// <summary>Derivatives, as <see cref="Values"/>.</summary>
    public float[][] Derivatives { get; private set; } = [];

    /// <summary>Makes room for a batch.</summary>
    /// <param name="widths">Width of each array.</param>
    /// <param name="rows">Rows.</param>
    public void Reserve(int[] widths, int rows)
    {
        Rows = rows;
        if (Values.Length != widths.Length || Values[0].Length < rows * widths[0])
        {
            Values = Array.ConvertAll(widths, w => new float[rows * w]);
            Derivatives = Array.ConvertAll(widths, w => new float[rows * w]);
        }
    }
}
