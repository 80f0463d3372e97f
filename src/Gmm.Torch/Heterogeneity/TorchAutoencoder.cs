using Gmm.Core;
using Gmm.Heterogeneity;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>
/// The heterogeneity autoencoder as a module: the managed <see cref="Autoencoder"/>, weight by weight, to be trained by torch's optimisers and written in the
/// managed format again (<see cref="Write"/>) or in torch's own (<c>save</c>, <c>load</c>).
/// </summary>
/// <remarks>
/// It starts from a managed autoencoder, whose anchors, feature normalisation and linear part come in closed form from <c>gmm heterogeneity</c>. A network
/// that the
/// managed one does not use yet adds nothing at first.
/// <example>
/// <code>
/// using var autoencoder = TorchAutoencoder.Read("out/autoencoder_half1.gmmae", model).to(device);
/// using var adam = torch.optim.Adam(autoencoder.parameters(), 1e-3);
/// foreach (var batch in batches)
/// {
///     using var scope = torch.NewDisposeScope();
///     adam.zero_grad();
///     var noise = torch.randn(batch.Count, autoencoder.LatentDimension, device: device);
///     (-autoencoder.Gain(reference, batch.Images, batch.Features, batch.Rotations, batch.Shifts, noise).mean()).backward();
///     adam.step();
/// }
///
/// autoencoder.Write("out/trained_half1.gmmae");
/// </code>
/// </example>
/// </remarks>
public sealed class TorchAutoencoder : StateModule<Tensor, Tensor>
{
    // As the managed trainer bounds the logarithm of a latent coordinate's standard deviation.
    private const double LeastLogSd = -6;
    private const double GreatestLogSd = 1;

    private readonly Autoencoder _source;

    /// <summary>Copies a managed autoencoder.</summary>
    /// <param name="source">The managed one.</param>
    /// <exception cref="NotSupportedException">Its encoder or decoder is none of the managed library's.</exception>
    public TorchAutoencoder(Autoencoder source)
        : base(nameof(TorchAutoencoder))
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        using var scope = NewDisposeScope();
        register_module("encoder", Encoder = new TorchLatentEncoder(source));
        register_module("decoder", Decoder = new TorchDeformationDecoder(source));
        register_buffer("feature_weights", tensor(source.Features.Weights.ToArray()).reshape(-1, source.Model.Count).DetachFromDisposeScope());
    }

    /// <summary>From features to latent points.</summary>
    public TorchLatentEncoder Encoder { get; }

    /// <summary>From latent points to deformations.</summary>
    public TorchDeformationDecoder Decoder { get; }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension => Decoder.LatentDimension;

    /// <summary>The neutral model.</summary>
    public GaussianModel Model => _source.Model;

    /// <summary>Reads the managed format.</summary>
    /// <param name="path">A .gmmae file.</param>
    /// <param name="model">The model it was trained with.</param>
    /// <returns>The autoencoder, on the CPU.</returns>
    /// <exception cref="InvalidInputException">No such file, of another version or model, or damaged.</exception>
    public static TorchAutoencoder Read(string path, GaussianModel model) => new(AutoencoderFile.Read(path, model));

    /// <summary>Writes the managed format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="InvalidInputException">The file exists and must not be replaced, or cannot be written.</exception>
    public void Write(string path, bool overwrite = false) => AutoencoderFile.Write(path, ToManaged(), overwrite);

    /// <summary>Copies the weights into a managed autoencoder.</summary>
    /// <returns>A new one.</returns>
    public Autoencoder ToManaged()
    {
        var result = _source.Copy();
        result.UsesNetworks = true;
        Encoder.CopyTo(result.Encoder);
        Decoder.CopyTo(result.Decoder);
        return result;
    }

    /// <summary>The deformations at the means of particles' latent points.</summary>
    /// <param name="features">[B, F] Float32.</param>
    /// <returns>[B, 4, N].</returns>
    /// <exception cref="ArgumentException">Another shape, type or device.</exception>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        return Decoder.call(Encoder.call(features).narrow(1, 0, LatentDimension)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What training maximises, the evidence lower bound of each particle: the score of the model deformed by a drawn latent point, less that of the neutral
    /// model, less the
    /// divergence of the point's distribution from the standard normal.
    /// </summary>
    /// <param name="reference">The neutral model, projector and scorer; Float32, on this module's device.</param>
    /// <param name="images">B images, prepared by the reference's scorer.</param>
    /// <param name="features">[B, F] Float32.</param>
    /// <param name="rotations">[B, 3, 3] Float32.</param>
    /// <param name="shifts">[B, 2] Float32, angstrom.</param>
    /// <param name="noise">[B, LatentDimension] Float32: standard normal; zeros take the mean of each point.</param>
    /// <returns>[B]; differentiable with respect to all weights.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    public Tensor Gain(TorchPoseReference reference, TorchImages images, Tensor features, Tensor rotations, Tensor shifts, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(images);
        TensorChecks.Check(features, nameof(features), [images.Count, Encoder.FeatureCount], "[B, F]", ScalarType.Float32, null);
        TensorChecks.Check(noise, nameof(noise), [images.Count, LatentDimension], "[B, d]", ScalarType.Float32, features.device);
        using var scope = NewDisposeScope();
        var encoded = Encoder.call(features);
        var mean = encoded.narrow(1, 0, LatentDimension);
        var log = encoded.narrow(1, LatentDimension, LatentDimension).clamp(LeastLogSd, GreatestLogSd);
        var deformation = Decoder.call(mean + (log.exp() * noise));
        var score = reference.Scorer.Score(images, reference.Projector.ProjectDeformed(reference.Gaussians, deformation, rotations, shifts)).Objective;
        var divergence = 0.5 * (mean.square() + (2 * log).exp() - 1 - (2 * log)).sum(1);
        return (score - Neutral(reference, images, rotations, shifts) - divergence).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The encoder's features: the score's gradient at the anchors, for the neutral model, in the lower band and in the full one, then the view.
    /// </summary>
    /// <param name="reference">The neutral model, projector and scorer; Float32, on this module's device.</param>
    /// <param name="images">B images, prepared by the reference's scorer.</param>
    /// <param name="low">The scorer of the lower band, on the first rings of the disc.</param>
    /// <param name="lowImages">The same images, prepared by it.</param>
    /// <param name="rotations">[B, 3, 3] Float32.</param>
    /// <param name="shifts">[B, 2] Float32, angstrom.</param>
    /// <returns>[B, F], no gradient.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    public Tensor Features(TorchPoseReference reference, TorchImages images, ITorchScorer low, TorchImages lowImages, Tensor rotations, Tensor shifts)
    {
        ArgumentNullException.ThrowIfNull(rotations);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(lowImages);
        TensorChecks.Check(rotations, nameof(rotations), [images.Count, 3, 3], "[B, 3, 3]", ScalarType.Float32, null);
        if (low.Disc.Count > reference.Projector.Disc.Count)
        {
            throw new ArgumentException(
                $"low must have a part of the reference's disc of {reference.Projector.Disc.Count} coefficients, not {low.Disc.Count}.", nameof(low));
        }

        using var scope = NewDisposeScope();
        var weights = get_buffer("feature_weights")!;
        var channels = _source.Features.Channels;
        using var on = enable_grad();
        var controls = zeros([images.Count, channels * weights.shape[0]], device: weights.device, requires_grad: true);
        var discs = reference.Projector.ProjectDeformed(
            reference.Gaussians, TorchDeformationDecoder.OfAnchors(controls, weights, channels), rotations, shifts);
        var inLow = low.Score(lowImages, discs.narrow(1, 0, low.Disc.Count)).Objective.sum();
        var inFull = reference.Scorer.Score(images, discs).Objective.sum();
        var lowGradient = autograd.grad([inLow], [controls], retain_graph: true)[0];
        var fullGradient = autograd.grad([inFull], [controls])[0];
        return cat([lowGradient, fullGradient, rotations.select(1, 2)], 1).detach().MoveToOuterDisposeScope();
    }

    private static Tensor Neutral(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts)
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var g = reference.Gaussians;
        var discs = reference.Projector.Project(g.Centres, g.Amplitudes, g.Widths, rotations, shifts);
        return reference.Scorer.Score(images, discs).Objective.MoveToOuterDisposeScope();
    }
}
