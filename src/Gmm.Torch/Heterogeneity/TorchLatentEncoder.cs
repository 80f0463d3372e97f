using Gmm.Heterogeneity;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>The encoder as a module: from particles' features to the mean and the logarithm of the standard deviation of their latent points.</summary>
/// <remarks>A linear part and a network's, on features of fixed normalisation, which are buffers: the managed encoder, weight by weight.</remarks>
public sealed class TorchLatentEncoder : StateModule<Tensor, Tensor>
{
    internal TorchLatentEncoder(Autoencoder source)
        : base(nameof(TorchLatentEncoder))
    {
        if (Encoders.Find(source.EncoderName) is null)
        {
            throw new NotSupportedException($"The encoder {source.EncoderName} is none of the managed library's, and has no form on tensors.");
        }

        (FeatureCount, LatentDimension) = (source.FeatureCount, source.LatentDimension);
        var weights = source.Encoder.Weights;
        register_buffer("mean", tensor(source.FeatureMean.ToArray()).DetachFromDisposeScope());
        register_buffer("inverse_sd", tensor(source.FeatureInverseSd.ToArray()).DetachFromDisposeScope());
        register_module("linear", Linear = new DenseLayers(weights[0], false));
        register_module("network", Network = new DenseLayers(weights[1], !source.UsesNetworks));
    }

    /// <summary>Number of features of a particle.</summary>
    public int FeatureCount { get; }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension { get; }

    private DenseLayers Linear { get; }

    private DenseLayers Network { get; }

    /// <summary>Copies the weights to a managed encoder of the same design.</summary>
    internal void CopyTo(ILatentEncoder encoder)
    {
        Linear.CopyTo(encoder.Weights[0]);
        Network.CopyTo(encoder.Weights[1]);
    }

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
