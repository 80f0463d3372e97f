namespace Gmm.Heterogeneity;

/// <summary>Weights that are trained together: one array with one learning rate.</summary>
/// <param name="Name">What they are ("decoder linear"), for messages.</param>
/// <param name="Values">The weights, changed in place by training; the array stays the same.</param>
/// <param name="IsNetwork">Whether they join only after the linear stage (docs/heterogeneity.md, What it does, 4), with the learning rate of networks.</param>
/// <param name="Rate">Learning rate of this block over that of the options for its kind.</param>
public sealed record WeightBlock(string Name, float[] Values, bool IsNetwork = false, double Rate = 1)
{
    /// <summary>
    /// Widths of the dense layers whose weights these are, inputs first: layer by layer the matrix, a row per output, then the biases, if <see cref="Values"/>
    /// has room for them. Empty where
    /// the layout is another.
    /// </summary>
    public IReadOnlyList<int> Widths { get; init; } = [];
}
