using Gmm.Heterogeneity;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>The encoder as a module: from particles' features to the mean and the logarithm of the standard deviation of their latent points.</summary>
/// <remarks>A linear part and a network's, on features of fixed normalisation, which are buffers: the managed encoder, weight by weight.</remarks>
public sealed class TorchLatentEncoder : Module<Tensor, Tensor>
{
    internal TorchLatentEncoder(LatentEncoder encoder)
        : base(nameof(TorchLatentEncoder))
    {
        (FeatureCount, LatentDimension) = (encoder.FeatureCount, encoder.LatentDimension);
        register_buffer("mean", tensor(encoder.Mean).DetachFromDisposeScope());
        register_buffer("inverse_sd", tensor(encoder.InverseSd).DetachFromDisposeScope());
        register_module("linear", Linear = new DenseLayers(encoder.Linear, false));
        register_module("network", Network = new DenseLayers(encoder.Network, !encoder.UsesNetworks));
    }

    /// <summary>Number of features of a particle.</summary>
    public int FeatureCount { get; }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension { get; }

    internal DenseLayers Linear { get; }

    internal DenseLayers Network { get; }

    /// <summary>Encodes.</summary>
    /// <param name="features">[B, FeatureCount] Float32, raw.</param>
    /// <returns>[B, 2 LatentDimension]: means, then logarithms of standard deviations.</returns>
    /// <exception cref="ArgumentException">Another shape, type or device.</exception>
    public override Tensor forward(Tensor features)
    {
        TensorChecks.Check(features, nameof(features), [TensorChecks.Any, FeatureCount], "[B, F]", ScalarType.Float32, Mean.device);
        using var scope = NewDisposeScope();
        var inputs = (features - Mean) * get_buffer("inverse_sd")!;
        return (Linear.call(inputs) + Network.call(inputs)).MoveToOuterDisposeScope();
    }

    // Read by name: moving a module to a device replaces its buffers.
    private Tensor Mean => get_buffer("mean")!;
}
