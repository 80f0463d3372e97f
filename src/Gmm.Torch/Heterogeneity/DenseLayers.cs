using Gmm.Heterogeneity;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>Dense layers with ELU between them: the managed <see cref="DenseNetwork"/> as a module, with its weights.</summary>
internal sealed class DenseLayers : Module<Tensor, Tensor>
{
    private readonly Linear[] _layers;

    /// <summary>Copies a managed network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="zero">Whether its output layer becomes zero, so that it adds nothing until it is trained.</param>
    public DenseLayers(DenseNetwork network, bool zero)
        : base(nameof(DenseLayers))
    {
        using var no = no_grad();
        _layers = new Linear[network.LayerCount];
        for (var l = 0; l < _layers.Length; l++)
        {
            using var scope = NewDisposeScope();
            int inputs = network.Widths[l], outputs = network.Widths[l + 1];
            var layer = nn.Linear(inputs, outputs, network.HasBiases);
            layer.weight!.copy_(tensor(network.Weights(l).ToArray()).reshape(outputs, inputs));
            layer.bias?.copy_(tensor(network.Biases(l).ToArray()));
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

    /// <summary>Copies the weights to a managed network of the same widths.</summary>
    public void CopyTo(DenseNetwork network)
    {
        for (var l = 0; l < _layers.Length; l++)
        {
            TensorMemory.Read<float>(_layers[l].weight!).CopyTo(network.Weights(l));
            if (_layers[l].bias is { } bias)
            {
                TensorMemory.Read<float>(bias).CopyTo(network.Biases(l));
            }
        }
    }
}
