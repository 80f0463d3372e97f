using Gmm.Heterogeneity;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>
/// The decoder as a module: from latent points to the displacement and the relative amplitude change of every Gaussian. The point 0 is the
/// neutral model (to rounding): controls = S z + f(z) - f(0), then anchors, free Gaussians or a rigid body, as in the managed decoder.
/// </summary>
public sealed class TorchDeformationDecoder : StateModule<Tensor, Tensor>
{
    private readonly IDeformer _deformer;
    private readonly int _channels;
    private readonly double _radius;

    internal TorchDeformationDecoder(Autoencoder source)
        : base(nameof(TorchDeformationDecoder))
    {
        if (Decoders.Find(source.DecoderName) is null)
        {
            throw new NotSupportedException($"The decoder {source.DecoderName} is none of the managed library's, and has no form on tensors.");
        }

        (LatentDimension, GaussianCount, _deformer) = (source.LatentDimension, source.Model.Count, source.Decoder.Deformer);
        var weights = source.Decoder.Weights;
        using var scope = NewDisposeScope();
        switch (_deformer)
        {
            case AnchorDeformer anchors:
                _channels = anchors.Channels;
                register_buffer("weights", tensor(anchors.Weights.ToArray()).reshape(-1, GaussianCount).DetachFromDisposeScope());
                break;
            case RigidDeformer rigid:
                _radius = rigid.Radius;
                register_buffer("arms", tensor(Array.ConvertAll(rigid.Arms.ToArray(), v => (float)v)).reshape(GaussianCount, 3).DetachFromDisposeScope());
                register_buffer("mask", tensor(source.FocusWeights.ToArray()).DetachFromDisposeScope());
                break;
            default:
                // Every Gaussian on its own.
                register_buffer("mask", tensor(source.FocusWeights.ToArray()).DetachFromDisposeScope());
                break;
        }

        register_module("linear", Linear = new DenseLayers(weights[0], false));
        register_module("network", Network = new DenseLayers(weights[1], !source.UsesNetworks));
    }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension { get; }

    /// <summary>Number of Gaussians.</summary>
    public int GaussianCount { get; }

    private DenseLayers Linear { get; }

    private DenseLayers Network { get; }

    /// <summary>Copies the weights to a managed decoder of the same design.</summary>
    internal void CopyTo(ITrainableDecoder decoder)
    {
        Linear.CopyTo(decoder.Weights[0]);
        Network.CopyTo(decoder.Weights[1]);
    }

    /// <summary>Decodes.</summary>
    /// <param name="latent">[B, LatentDimension] Float32.</param>
    /// <returns>[B, 4, N]: displacements along x, y and z, angstrom, and relative changes of amplitude.</returns>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    public override Tensor forward(Tensor latent)
    {
        TensorChecks.Check(latent, nameof(latent), [TensorChecks.Any, LatentDimension], "[B, d]", ScalarType.Float32, Device);
        using var scope = NewDisposeScope();
        var controls = Linear.call(latent) + Network.call(latent) - Network.call(zeros([1, LatentDimension], device: latent.device));
        var images = latent.shape[0];
        var result = _deformer switch
        {
            AnchorDeformer => OfAnchors(controls, get_buffer("weights")!, _channels),
            RigidDeformer => WithAmplitudes(OfBody(controls)),
            _ => WithAmplitudes(controls.reshape(images, 3, GaussianCount) * get_buffer("mask")!),
        };
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The deformation of anchors' controls.</summary>
    /// <param name="controls">[B, channels A].</param>
    /// <param name="weights">[A, N].</param>
    /// <param name="channels">3, or 4 with amplitudes.</param>
    /// <returns>[B, 4, N].</returns>
    internal static Tensor OfAnchors(Tensor controls, Tensor weights, int channels)
    {
        long images = controls.shape[0], anchors = weights.shape[0], n = weights.shape[1];
        var moved = mm(controls.reshape(images * channels, anchors), weights).reshape(images, channels, n);
        return channels == 4
            ? cat([moved.narrow(1, 0, 3), moved.narrow(1, 3, 1) * AnchorDeformer.AmplitudeUnit], 1)
            : WithAmplitudes(moved);
    }

    private static Tensor WithAmplitudes(Tensor displacements) => cat([displacements, zeros_like(displacements.narrow(1, 0, 1))], 1);

    private Device Device => get_buffer(_deformer is AnchorDeformer ? "weights" : "mask")!.device;

    private Tensor OfBody(Tensor controls)
    {
        var rotation = TorchRotations.FromRotationVector(controls.narrow(1, 0, 3) / _radius);
        var arms = get_buffer("arms")!.t().unsqueeze(0).expand(controls.shape[0], 3, GaussianCount);
        return (bmm(rotation, arms) - arms + controls.narrow(1, 3, 3).unsqueeze(2)) * get_buffer("mask")!;
    }
}
