using System.Numerics.Tensors;

namespace Gmm.Heterogeneity;

/// <summary>
/// The encoder: from a particle's features (the gradient of its score at the anchors in two bands, and its view) to the mean and the
/// logarithm of the standard deviation of its latent point. A linear part and a network's, on features of fixed normalisation.
/// </summary>
internal sealed class LatentEncoder
{
    /// <summary>Makes an encoder whose weights are all zero.</summary>
    /// <param name="latent">Latent coordinates.</param>
    /// <param name="hidden">Widths of the network's hidden layers.</param>
    /// <param name="mean">Mean of each feature.</param>
    /// <param name="inverseSd">1 / standard deviation of each feature; 0 for one that is constant.</param>
    public LatentEncoder(int latent, IReadOnlyList<int> hidden, float[] mean, float[] inverseSd)
    {
        (LatentDimension, Mean, InverseSd) = (latent, mean, inverseSd);
        Linear = new DenseNetwork([mean.Length, 2 * latent]);
        Network = new DenseNetwork([mean.Length, .. hidden, 2 * latent]);
    }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension { get; }

    /// <summary>Number of features.</summary>
    public int FeatureCount => Mean.Length;

    /// <summary>Mean of each feature.</summary>
    public float[] Mean { get; }

    /// <summary>1 / standard deviation of each feature.</summary>
    public float[] InverseSd { get; }

    /// <summary>The linear part.</summary>
    public DenseNetwork Linear { get; }

    /// <summary>The network.</summary>
    public DenseNetwork Network { get; }

    /// <summary>Whether the network is used.</summary>
    public bool UsesNetwork { get; set; }

    /// <summary>Encodes a batch.</summary>
    /// <param name="features">rows x FeatureCount raw values.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="tape">Keeps what <see cref="Backward"/> needs.</param>
    /// <returns>rows x 2 LatentDimension values, new: means, then logarithms of standard deviations.</returns>
    public float[] Encode(ReadOnlySpan<float> features, int rows, DecoderTape tape)
    {
        var inputs = features[..(rows * FeatureCount)].ToArray();
        for (var r = 0; r < rows; r++)
        {
            var line = inputs.AsSpan(r * FeatureCount, FeatureCount);
            TensorPrimitives.Subtract(line, Mean, line);
            TensorPrimitives.Multiply(line, InverseSd, line);
        }

        var result = Linear.Forward(inputs, rows, tape.Linear).ToArray();
        if (UsesNetwork)
        {
            TensorPrimitives.Add(result, Network.Forward(inputs, rows, tape.Network), result);
        }

        return result;
    }

    /// <summary>Adds the weights' derivatives.</summary>
    /// <param name="tape">The tape of the last <see cref="Encode"/>.</param>
    /// <param name="outputs">Derivatives with respect to what it gave.</param>
    /// <param name="linear">The linear weights' derivatives, added to.</param>
    /// <param name="network">The network weights' derivatives, added to.</param>
    public void Backward(DecoderTape tape, ReadOnlySpan<float> outputs, Span<float> linear, Span<float> network)
    {
        Linear.Backward(tape.Linear, outputs, linear);
        if (UsesNetwork)
        {
            Network.Backward(tape.Network, outputs, network);
        }
    }

    /// <summary>Changes the latent space: the mean becomes M times itself. The standard deviations stay as they are, along the old axes.</summary>
    /// <param name="matrix">M, d x d values.</param>
    public void Transform(ReadOnlySpan<double> matrix)
    {
        foreach (var part in new[] { Linear, Network })
        {
            var last = part.LayerCount - 1;
            LatentSpace.TransformOutputs(part.Weights(last), part.Widths[last], matrix, LatentDimension);
            LatentSpace.TransformOutputs(part.Biases(last), 1, matrix, LatentDimension);
        }
    }
}
