using Gmm.Heterogeneity;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>Dense layers with ELU between them: a block of managed weights (<see cref="WeightBlock.Widths"/>) as a module.</summary>
internal sealed class DenseLayers : Module<Tensor, Tensor>
{
    private readonly Linear[] _layers;

    /// <summary>Copies managed weights.</summary>
    /// <param name="block">The weights.</param>
    /// <param name="zero">Whether its output layer becomes zero, so that it adds nothing until it is trained.</param>
    public DenseLayers(WeightBlock block, bool zero)
        : base(nameof(DenseLayers))
    {
        using var no = no_grad();
        var widths = block.Widths;
        _layers = new Linear[widths.Count - 1];
        var hasBiases = block.Values.Length > widths.Zip(widths.Skip(1), (inputs, outputs) => inputs * outputs).Sum();
        var rest = block.Values.AsSpan();
        for (var l = 0; l < _layers.Length; l++)
        {
            using var scope = NewDisposeScope();
            int inputs = widths[l], outputs = widths[l + 1];
            var layer = nn.Linear(inputs, outputs, hasBiases);
            layer.weight!.copy_(tensor(Take(ref rest, outputs * inputs).ToArray()).reshape(outputs, inputs));
            layer.bias?.copy_(tensor(Take(ref rest, outputs).ToArray()));
            if (zero && l == _layers.Length - 1)
            {
                layer.weight.zero_();
                layer.bias?.zero_();
            }

            register_module($"layer{l}", _layers[l] = layer);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var value = input;
        for (var l = 0; l < _layers.Length; l++)
        {
            value = _layers[l].call(value);
            value = l < _layers.Length - 1 ? functional.elu(value, 1.0) : value;
        }

        return value.MoveToOuterDisposeScope();
    }

    /// <summary>Copies the weights to a managed block of the same widths.</summary>
    public void CopyTo(WeightBlock block)
    {
        var rest = block.Values.AsSpan();
        foreach (var layer in _layers)
        {
            var weights = TensorMemory.Read<float>(layer.weight!);
            weights.CopyTo(Take(ref rest, weights.Length));
            if (layer.bias is { } bias)
            {
                var biases = TensorMemory.Read<float>(bias);
                biases.CopyTo(Take(ref rest, biases.Length));
            }
        }
    }

    private static Span<float> Take(ref Span<float> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
