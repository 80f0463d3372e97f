using System.Numerics.Tensors;

namespace Gmm.Heterogeneity;

/// <summary>The way of a batch through a <see cref="LatentEncoder"/>, and back to its weights.</summary>
/// <param name="encoder">Whose weights.</param>
internal sealed class EncoderPass(LatentEncoder encoder) : IBatchPass
{
    private readonly NetworkTape _linear = new();
    private readonly NetworkTape _network = new();

    /// <inheritdoc/>
    public float[] Forward(ReadOnlySpan<float> inputs, int rows)
    {
        var features = encoder.FeatureCount;
        var scaled = inputs[..(rows * features)].ToArray();
        for (var r = 0; r < rows; r++)
        {
            var line = scaled.AsSpan(r * features, features);
            TensorPrimitives.Subtract(line, encoder.Mean, line);
            TensorPrimitives.Multiply(line, encoder.InverseSd, line);
        }

        var result = encoder.Linear.Forward(scaled, rows, _linear).ToArray();
        if (encoder.UsesNetworks)
        {
            TensorPrimitives.Add(result, encoder.Network.Forward(scaled, rows, _network), result);
        }

        return result;
    }

    /// <inheritdoc/>
    public float[] Backward(ReadOnlySpan<float> outputs, IReadOnlyList<float[]> gradients)
    {
        encoder.Linear.Backward(_linear, outputs, gradients[0]);
        if (encoder.UsesNetworks)
        {
            encoder.Network.Backward(_network, outputs, gradients[1]);
        }

        return [];
    }
}
