using System.Numerics.Tensors;

namespace Gmm.Heterogeneity;

/// <summary>The way of a batch from latent points to controls = S z + f(z) - f(0), and back.</summary>
/// <param name="decoder">Whose weights.</param>
internal sealed class DecoderPass(DeformationDecoder decoder) : IBatchPass
{
    private readonly NetworkTape _linear = new();
    private readonly NetworkTape _network = new();

    /// <inheritdoc/>
    public float[] Forward(ReadOnlySpan<float> inputs, int rows)
    {
        int n = decoder.Linear.Outputs, d = decoder.LatentDimension;
        var controls = decoder.Linear.Forward(inputs, rows, _linear).ToArray();
        if (decoder.UsesNetworks)
        {
            // The last row is the point 0.
            var with = new float[(rows + 1) * d];
            inputs[..(rows * d)].CopyTo(with);
            var outputs = decoder.Network.Forward(with, rows + 1, _network);
            var neutral = outputs.Slice(rows * n, n);
            for (var r = 0; r < rows; r++)
            {
                var line = controls.AsSpan(r * n, n);
                TensorPrimitives.Add(line, outputs.Slice(r * n, n), line);
                TensorPrimitives.Subtract(line, neutral, line);
            }
        }

        return controls;
    }

    /// <inheritdoc/>
    public float[] Backward(ReadOnlySpan<float> outputs, IReadOnlyList<float[]> gradients)
    {
        int n = decoder.Linear.Outputs, rows = _linear.Rows;
        var result = decoder.Linear.Backward(_linear, outputs, gradients.Count > 0 ? gradients[0] : []).ToArray();
        if (decoder.UsesNetworks)
        {
            var with = new float[(rows + 1) * n];
            outputs[..(rows * n)].CopyTo(with);
            var neutral = with.AsSpan(rows * n, n);
            for (var r = 0; r < rows; r++)
            {
                TensorPrimitives.Subtract(neutral, outputs.Slice(r * n, n), neutral);
            }

            var inputs = decoder.Network.Backward(_network, with, gradients.Count > 0 ? gradients[1] : []);
            TensorPrimitives.Add(result, inputs[..result.Length], result);
        }

        return result;
    }
}
