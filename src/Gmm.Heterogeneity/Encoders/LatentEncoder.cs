namespace Gmm.Heterogeneity;

/// <summary>
/// The encoder: from a particle's features (the gradient of its score at the anchors in two bands, and its view) to the mean and the
/// logarithm of the standard deviation of its latent point. A linear part and a network's, on features of fixed normalisation.
/// </summary>
internal sealed class LatentEncoder : ILatentEncoder
{
    /// <summary>Makes an encoder: the linear part zero, the network's hidden layers drawn and its output layer zero.</summary>
    /// <param name="context">For what.</param>
    /// <param name="hidden">Widths of the network's hidden layers.</param>
    public LatentEncoder(EncoderContext context, IReadOnlyList<int> hidden)
    {
        (LatentDimension, Mean, InverseSd) = (context.LatentDimension, context.FeatureMean.ToArray(), context.FeatureInverseSd.ToArray());
        Linear = new DenseNetwork([FeatureCount, 2 * LatentDimension]);
        Network = new DenseNetwork([FeatureCount, .. hidden, 2 * LatentDimension]);
        Network.Initialise(context.Seed, 81);

        // The decoder's linear weights are angstroms, these are numbers of the order of 0.1.
        Weights =
        [
            new WeightBlock("encoder linear", Linear.Parameters, Rate: 0.2) { Widths = Linear.Widths },
            new WeightBlock("encoder network", Network.Parameters, IsNetwork: true) { Widths = Network.Widths },
        ];
    }

    /// <inheritdoc/>
    public int LatentDimension { get; }

    /// <inheritdoc/>
    public int FeatureCount => Mean.Length;

    /// <inheritdoc/>
    public IReadOnlyList<WeightBlock> Weights { get; }

    /// <inheritdoc/>
    public bool UsesNetworks { get; set; }

    /// <summary>Mean of each feature.</summary>
    public float[] Mean { get; }

    /// <summary>1 / standard deviation of each feature.</summary>
    public float[] InverseSd { get; }

    /// <summary>The linear part.</summary>
    public DenseNetwork Linear { get; }

    /// <summary>The network.</summary>
    public DenseNetwork Network { get; }

    /// <inheritdoc/>
    public IBatchPass CreatePass() => new EncoderPass(this);

    /// <inheritdoc/>
    public void Transform(ReadOnlySpan<double> matrix, ReadOnlySpan<double> logSd)
    {
        foreach (var part in new[] { Linear, Network })
        {
            var last = part.LayerCount - 1;
            LatentSpace.TransformOutputs(part.Weights(last), part.Widths[last], matrix, LatentDimension);
            LatentSpace.TransformOutputs(part.Biases(last), 1, matrix, LatentDimension);
        }

        var biases = Linear.Biases(0)[LatentDimension..];
        for (var k = 0; k < logSd.Length; k++)
        {
            biases[k] += (float)logSd[k];
        }
    }

    /// <inheritdoc/>
    public bool TryStart(IReadOnlyList<float[]> weights, IReadOnlyList<double> logSd)
    {
        for (var k = 0; k < weights.Count; k++)
        {
            var n = weights[k].Length;
            for (var i = 0; i < n; i++)
            {
                // The full band's gradient comes after the lower band's.
                var inverse = InverseSd[n + i];
                Linear.Weights(0)[(k * FeatureCount) + n + i] = inverse > 0 ? weights[k][i] / inverse : 0;
            }

            Linear.Biases(0)[LatentDimension + k] = (float)logSd[k];
        }

        return true;
    }
}
