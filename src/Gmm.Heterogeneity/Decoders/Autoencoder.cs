using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// What was learnt about the motion in one half: encoder and decoder, bound to the model they were trained with. Written and read by
/// <see cref="AutoencoderFile"/>. Safe on many threads.
/// </summary>
public sealed class Autoencoder
{
    /// <summary>Number of <see cref="Parts"/>.</summary>
    internal const int PartCount = 4;

    internal Autoencoder(GaussianModel model, AutoencoderDesign design, AnchorSet anchors, float[] mask, LatentEncoder encoder, DeformationDecoder decoder)
    {
        Model = model;
        Design = design;
        Anchors = anchors;
        Mask = mask;
        Encoder = encoder;
        Trained = decoder;
        // Both bands of the gradient at the anchors, then the view.
        Features = new AnchorDeformer(model, anchors, mask, design.Amplitudes);
    }

    /// <summary>The neutral model.</summary>
    public GaussianModel Model { get; }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension => Design.LatentDimension;

    /// <summary>The half whose particles it was trained on, 1 or 2.</summary>
    public int Half => Design.Half;

    /// <summary>Finest resolution compared in training, angstrom.</summary>
    public double Resolution => Design.Resolution;

    /// <summary>What moves the Gaussians.</summary>
    public DecoderKind Kind => Design.Decoder;

    /// <summary>From a latent point to the deformed model.</summary>
    public IDeformationDecoder Decoder => Trained;

    /// <summary>The focus mask at each Gaussian, 0 to 1: how far it may move.</summary>
    public ReadOnlySpan<float> FocusWeights => Mask;

    internal AutoencoderDesign Design { get; }

    internal AnchorSet Anchors { get; }

    internal float[] Mask { get; }

    internal LatentEncoder Encoder { get; }

    internal DeformationDecoder Trained { get; }

    /// <summary>Pulls a particle's gradient back to the anchors.</summary>
    internal AnchorDeformer Features { get; }

    /// <summary>Number of values that a decoder gives its deformer.</summary>
    internal static int ControlCount(AutoencoderDesign design, int anchors, int gaussians) => design.Decoder switch
    {
        DecoderKind.Anchors => AnchorDeformer.Controls(anchors, design.Amplitudes),
        DecoderKind.Mlp => checked(3 * gaussians),
        _ => RigidDeformer.Controls,
    };

    /// <summary>Makes an autoencoder whose weights are all zero.</summary>
    internal static Autoencoder Create(GaussianModel model, AutoencoderDesign design, AnchorSet anchors, float[] mask, float[] featureMean, float[] featureInverseSd)
    {
        IDeformer deformer = design.Decoder switch
        {
            DecoderKind.Anchors => new AnchorDeformer(model, anchors, mask, design.Amplitudes),
            DecoderKind.Mlp => new FreeDeformer(mask),
            _ => new RigidDeformer(model, mask),
        };
        var encoder = new LatentEncoder(design.LatentDimension, design.EncoderHidden, featureMean, featureInverseSd);
        var decoder = new DeformationDecoder(design.LatentDimension, design.DecoderHidden, deformer, model);
        return new Autoencoder(model, design, anchors, mask, encoder, decoder);
    }

    /// <summary>The decoder on the Gaussians of another model of the same structure; it follows this one's weights.</summary>
    /// <param name="model">The other model.</param>
    /// <param name="mask">The focus mask at each of its Gaussians.</param>
    /// <returns>The decoder.</returns>
    /// <exception cref="InvalidOperationException">Every Gaussian has controls of its own, so that there is nothing to carry over.</exception>
    internal DeformationDecoder DecoderOn(GaussianModel model, float[] mask)
    {
        if (ReferenceEquals(model, Model))
        {
            return Trained;
        }

        IDeformer deformer = Trained.Deformer switch
        {
            AnchorDeformer => new AnchorDeformer(model, Anchors, mask, Design.Amplitudes),
            RigidDeformer body => body.On(model, mask),
            _ => throw new InvalidOperationException("The free decoder belongs to one model's Gaussians."),
        };
        return Trained.With(deformer, model);
    }

    /// <summary>All weights, in the order in which they are trained and written: encoder linear, encoder network, decoder linear, decoder network.</summary>
    internal DenseNetwork[] Parts => [Encoder.Linear, Encoder.Network, Trained.Linear, Trained.Network];

    /// <summary>Whether the networks are used beside the linear parts.</summary>
    internal bool UsesNetworks
    {
        get => Trained.UsesNetwork;
        set => Trained.UsesNetwork = Encoder.UsesNetwork = value;
    }

    /// <summary>A copy of all weights.</summary>
    internal float[][] CopyWeights() => Array.ConvertAll(Parts, p => (float[])p.Parameters.Clone());

    /// <summary>Puts copied weights back.</summary>
    internal void Restore(float[][] weights)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i].CopyTo(Parts[i].Parameters, 0);
        }
    }
}
