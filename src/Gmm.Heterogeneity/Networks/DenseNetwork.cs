using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Dense layers with <see cref="Elu"/> between them and a linear output. All weights are in one array, layer by layer: the matrix, a row per
/// output, then the biases if there are any.
/// </summary>
internal sealed class DenseNetwork
{
    private readonly int[] _widths;
    private readonly int[] _offsets;

    /// <summary>Makes a network with weights of zero.</summary>
    /// <param name="widths">Inputs, hidden widths, outputs: two values at least.</param>
    /// <param name="biases">Whether layers have biases.</param>
    public DenseNetwork(IReadOnlyList<int> widths, bool biases = true)
    {
        _widths = [.. widths];
        HasBiases = biases;
        _offsets = new int[LayerCount + 1];
        for (var l = 0; l < LayerCount; l++)
        {
            _offsets[l + 1] = checked((int)ParameterCount(_widths.AsSpan(0, l + 2), biases));
        }

        Parameters = new float[_offsets[^1]];
    }

    /// <summary>Number of weights of a network; as wide as widths from a file can make it.</summary>
    /// <param name="widths">Inputs, hidden widths, outputs.</param>
    /// <param name="biases">Whether layers have biases.</param>
    /// <returns>The number.</returns>
    public static Int128 ParameterCount(ReadOnlySpan<int> widths, bool biases)
    {
        Int128 count = 0;
        for (var l = 0; l + 1 < widths.Length; l++)
        {
            count += (Int128)widths[l + 1] * ((Int128)widths[l] + (biases ? 1 : 0));
        }

        return count;
    }

    /// <summary>Inputs, hidden widths, outputs.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>Whether layers have biases.</summary>
    public bool HasBiases { get; }

    /// <summary>Number of inputs.</summary>
    public int Inputs => _widths[0];

    /// <summary>Number of outputs.</summary>
    public int Outputs => _widths[^1];

    /// <summary>Number of layers.</summary>
    public int LayerCount => _widths.Length - 1;

    /// <summary>All weights.</summary>
    public float[] Parameters { get; }

    /// <summary>A layer's matrix, outputs x inputs.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <returns>The values.</returns>
    public Span<float> Weights(int layer) => Weights(Parameters, layer);

    /// <summary>A layer's biases, empty if there are none.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <returns>The values.</returns>
    public Span<float> Biases(int layer) => Biases(Parameters, layer);

    /// <summary>
    /// Draws the hidden layers' matrices from a normal distribution of variance 1 / inputs and leaves the output layer at zero: the network
    /// starts as zero, and training decides what it adds.
    /// </summary>
    /// <param name="seed">Seed.</param>
    /// <param name="stream">Which network, so that each has its own numbers.</param>
    public void Initialise(int seed, int stream)
    {
        var random = new SeededGenerator(seed, stream, 0);
        Array.Clear(Parameters);
        for (var l = 0; l < LayerCount - 1; l++)
        {
            var scale = 1 / Math.Sqrt(_widths[l]);
            foreach (ref var w in Weights(l))
            {
                w = (float)(scale * random.Normal());
            }
        }
    }

    /// <summary>Outputs of a batch of inputs.</summary>
    /// <param name="inputs">rows x Inputs values.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="tape">Keeps what <see cref="Backward"/> needs.</param>
    /// <returns>rows x Outputs values, which live in the tape.</returns>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> inputs, int rows, NetworkTape tape)
    {
        tape.Reserve(_widths, rows);
        inputs[..(rows * Inputs)].CopyTo(tape.Values[0]);
        for (var l = 0; l < LayerCount; l++)
        {
            int from = _widths[l], to = _widths[l + 1];
            var output = tape.Values[l + 1].AsSpan(0, rows * to);
            output.Clear();
            for (var r = 0; HasBiases && r < rows; r++)
            {
                Biases(l).CopyTo(output.Slice(r * to, to));
            }

            MatrixProduct.AddTransposedRight(tape.Values[l].AsSpan(0, rows * from), Weights(l), output, rows, from, to);
            if (l < LayerCount - 1)
            {
                Elu.Apply(output);
            }
        }

        return tape.Values[^1].AsSpan(0, rows * Outputs);
    }

    /// <summary>Adds a loss's derivatives with respect to the weights, and gives those with respect to the inputs.</summary>
    /// <param name="tape">The tape of the last <see cref="Forward"/>.</param>
    /// <param name="outputs">rows x Outputs derivatives with respect to the outputs.</param>
    /// <param name="gradient">One value per weight, added to; empty if they are not wanted.</param>
    /// <returns>rows x Inputs derivatives, which live in the tape.</returns>
    public ReadOnlySpan<float> Backward(NetworkTape tape, ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        var rows = tape.Rows;
        outputs[..(rows * Outputs)].CopyTo(tape.Derivatives[^1]);
        for (var l = LayerCount - 1; l >= 0; l--)
        {
            int from = _widths[l], to = _widths[l + 1];
            var above = tape.Derivatives[l + 1].AsSpan(0, rows * to);
            if (l < LayerCount - 1)
            {
                Elu.PullBack(tape.Values[l + 1], above);
            }

            if (gradient.Length > 0)
            {
                MatrixProduct.AddTransposedLeft(above, tape.Values[l].AsSpan(0, rows * from), Weights(gradient, l), to, rows, from);
                var biases = Biases(gradient, l);
                for (var i = 0; biases.Length > 0 && i < above.Length; i++)
                {
                    biases[i % to] += above[i];
                }
            }

            var below = tape.Derivatives[l].AsSpan(0, rows * from);
            below.Clear();
            MatrixProduct.Add(above, Weights(l), below, rows, to, from);
        }

        return tape.Derivatives[0].AsSpan(0, rows * Inputs);
    }

    /// <summary>How the outputs of the first row of the last batch change along given directions of its inputs: Jacobian-vector products.</summary>
    /// <param name="tape">The tape of the last <see cref="Forward"/>.</param>
    /// <param name="directions">rows x Inputs values.</param>
    /// <param name="rows">Number of directions.</param>
    /// <returns>rows x Outputs values.</returns>
    public float[] Tangents(NetworkTape tape, ReadOnlySpan<float> directions, int rows)
    {
        var below = directions[..(rows * Inputs)].ToArray();
        for (var l = 0; l < LayerCount; l++)
        {
            int from = _widths[l], to = _widths[l + 1];
            var above = new float[rows * to];
            MatrixProduct.AddTransposedRight(below, Weights(l), above, rows, from, to);
            for (var r = 0; l < LayerCount - 1 && r < rows; r++)
            {
                Elu.PullBack(tape.Values[l + 1].AsSpan(0, to), above.AsSpan(r * to, to));
            }

            below = above;
        }

        return below;
    }

    private Span<float> Weights(Span<float> all, int layer) => all.Slice(_offsets[layer], _widths[layer + 1] * _widths[layer]);

    private Span<float> Biases(Span<float> all, int layer) =>
        HasBiases ? all.Slice(_offsets[layer] + (_widths[layer + 1] * _widths[layer]), _widths[layer + 1]) : [];
}
