using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// What was learnt about the motion in one half: encoder and decoder, bound to the model they were trained with. Written and read by
/// <see cref="AutoencoderFile"/>. Safe on many threads.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var autoencoder = AutoencoderFile.Read("motion/autoencoder_half1.gmmae", model);
/// GaussianModel conformer = autoencoder.Decode([1.2f, 0, 0, 0]).Apply(model);
/// </code>
/// </example>
/// </remarks>
public sealed class Autoencoder
{
    private readonly (float[] Mean, float[] InverseSd) _features;

    private Autoencoder(GaussianModel model, AutoencoderDesign design, AnchorSet anchors, float[] mask, (float[] Mean, float[] InverseSd) features, int seed)
    {
        (Model, Design, Anchors, Mask, _features) = (model, design, anchors, mask, features);
        Features = new AnchorDeformer(model, anchors, mask, design.Decoder.ChangesAmplitudes);
        Encoder = design.Encoder.Create(new EncoderContext
        {
            LatentDimension = design.LatentDimension,
            FeatureMean = features.Mean,
            FeatureInverseSd = features.InverseSd,
            Seed = seed,
        });
        Decoder = design.Decoder.Create(
            new DecoderContext { Model = model, FocusWeights = mask, LatentDimension = design.LatentDimension, Seed = seed, Anchors = anchors });
        Require(
            Encoder.LatentDimension == LatentDimension && Encoder.FeatureCount == FeatureCount, EncoderName,
            $"{LatentDimension} coordinates and {FeatureCount} features");
        Require(
            Decoder.LatentDimension == LatentDimension && Decoder.GaussianCount == model.Count, DecoderName,
            $"{LatentDimension} coordinates and {model.Count} Gaussians");
        Weights = [.. Encoder.Weights, .. Decoder.Weights];
    }

    /// <summary>The neutral model.</summary>
    public GaussianModel Model { get; }

    /// <summary>Latent coordinates.</summary>
    public int LatentDimension => Design.LatentDimension;

    /// <summary>Features of a particle that the encoder sees.</summary>
    public int FeatureCount => _features.Mean.Length;

    /// <summary>The half whose particles it was trained on, 1 or 2.</summary>
    public int Half => Design.Half;

    /// <summary>Finest resolution compared in training, angstrom.</summary>
    public double Resolution => Design.Resolution;

    /// <summary>What the decoder is (<see cref="IPart.Name"/>).</summary>
    public string DecoderName => Design.Decoder.Name;

    /// <summary>What the encoder is (<see cref="IPart.Name"/>).</summary>
    public string EncoderName => Design.Encoder.Name;

    /// <summary>From a latent point to the deformed model.</summary>
    public ITrainableDecoder Decoder { get; }

    /// <summary>From a particle's features to its latent point.</summary>
    public ILatentEncoder Encoder { get; }

    /// <summary>The focus mask at each Gaussian, 0 to 1: how far it may move.</summary>
    public ReadOnlySpan<float> FocusWeights => Mask;

    /// <summary>Mean of each feature over the particles of its training, which the encoder takes off.</summary>
    public ReadOnlySpan<float> FeatureMean => _features.Mean;

    /// <summary>1 / standard deviation of each feature; 0 for one that was constant.</summary>
    public ReadOnlySpan<float> FeatureInverseSd => _features.InverseSd;

    /// <summary>Pulls a particle's gradient back to the anchors: that is what the encoder sees of it (<see cref="ILatentEncoder"/>).</summary>
    public AnchorDeformer Features { get; }

    internal AutoencoderDesign Design { get; }

    internal AnchorSet Anchors { get; }

    internal float[] Mask { get; }

    /// <summary>All weights, in the order in which they are trained and written: the encoder's, then the decoder's.</summary>
    internal IReadOnlyList<WeightBlock> Weights { get; }

    /// <summary>Whether the networks of both parts are used beside the linear ones (<see cref="ITrainablePart.UsesNetworks"/>).</summary>
    public bool UsesNetworks
    {
        get;
        set => field = Decoder.UsesNetworks = Encoder.UsesNetworks = value;
    }

    /// <summary>Where a particle's latent point is by its features alone, before any refinement.</summary>
    /// <param name="features">FeatureCount values, as <see cref="ILatentEncoder"/> says.</param>
    /// <returns>The mean of the point, and the standard deviation of each coordinate.</returns>
    /// <exception cref="ArgumentException">Another number of features.</exception>
    public (float[] Mean, float[] Sigma) Encode(ReadOnlySpan<float> features)
    {
        if (features.Length != FeatureCount)
        {
            throw new ArgumentException($"The encoder sees {FeatureCount} features, not {features.Length}.", nameof(features));
        }

        var encoded = Encoder.CreatePass().Forward(features, 1);
        return (encoded[..LatentDimension], Array.ConvertAll(encoded[LatentDimension..], MathF.Exp));
    }

    /// <summary>The conformation at a latent point.</summary>
    /// <param name="latent">LatentDimension values; all 0 is the neutral model.</param>
    /// <returns>What is added to the neutral model.</returns>
    /// <exception cref="ArgumentException">A point of another dimension.</exception>
    public ModelDeformation Decode(ReadOnlySpan<float> latent)
    {
        if (latent.Length != LatentDimension)
        {
            throw new ArgumentException($"A latent point has {LatentDimension} coordinates, not {latent.Length}.", nameof(latent));
        }

        var result = new ModelDeformation(Model.Count);
        Decoder.Decode(latent, result);
        return result;
    }

    /// <summary>
    /// Makes an autoencoder for a training of your own: its anchors placed, at rest until its weights (<see cref="ITrainablePart.Weights"/>) are set.
    /// </summary>
    /// <param name="model">The neutral model.</param>
    /// <param name="design">Its parts and numbers.</param>
    /// <param name="anchors">Number of anchors at most; with a focus mask half of them lie inside.</param>
    /// <param name="focus">How far what it covers may move; null: everything may.</param>
    /// <param name="featureMean">Mean of each feature; empty: 0.</param>
    /// <param name="featureInverseSd">1 / standard deviation of each feature; empty: 1.</param>
    /// <param name="seed">Seed of the anchors and of the starting weights.</param>
    /// <returns>The autoencoder, its networks not in use.</returns>
    /// <exception cref="ArgumentException">Another number of features than the anchors give.</exception>
    /// <exception cref="InvalidInputException">No Gaussian inside the focus mask.</exception>
    public static Autoencoder Create(
        GaussianModel model,
        AutoencoderDesign design,
        int anchors = 32,
        SolventMask? focus = null,
        ReadOnlySpan<float> featureMean = default,
        ReadOnlySpan<float> featureInverseSd = default,
        int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(design);
        var mask = Heterogeneity.FocusWeights.Of(model, focus);
        var placed = AnchorSet.Place(model, Math.Min(anchors, model.Count), mask, seed);
        var count = AnchorFeatures.Count(placed.Count, design.Decoder.ChangesAmplitudes);
        if ((featureMean.Length != count && featureMean.Length > 0) || (featureInverseSd.Length != count && featureInverseSd.Length > 0))
        {
            throw new ArgumentException(
                $"{placed.Count} anchors have {count} features, not {Math.Max(featureMean.Length, featureInverseSd.Length)}.", nameof(featureMean));
        }

        float[] inverse = featureInverseSd.IsEmpty ? [.. Enumerable.Repeat(1f, count)] : featureInverseSd.ToArray();
        return new Autoencoder(model, design, placed, mask, (featureMean.IsEmpty ? new float[count] : featureMean.ToArray(), inverse), seed);
    }

    /// <summary>A copy with weights of its own.</summary>
    /// <returns>The copy.</returns>
    public Autoencoder Copy()
    {
        var result = new Autoencoder(Model, Design, Anchors, Mask, _features, 0) { UsesNetworks = UsesNetworks };
        result.Restore([.. Weights.Select(w => w.Values)]);
        return result;
    }

    /// <summary>Makes an autoencoder with its starting weights.</summary>
    internal static Autoencoder Create(
        GaussianModel model, AutoencoderDesign design, AnchorSet anchors, float[] mask, float[] featureMean, float[] featureInverseSd, int seed = 0) =>
        new(model, design, anchors, mask, (featureMean, featureInverseSd), seed);

    /// <summary>A copy of all weights.</summary>
    internal float[][] CopyWeights() => [.. Weights.Select(p => (float[])p.Values.Clone())];

    /// <summary>Puts copied weights back.</summary>
    internal void Restore(IReadOnlyList<float[]> weights)
    {
        for (var i = 0; i < weights.Count; i++)
        {
            weights[i].CopyTo(Weights[i].Values, 0);
        }
    }

    private static void Require(bool fits, string part, string wanted)
    {
        if (!fits)
        {
            throw new InvalidOperationException($"The part {part} was made for other numbers than the {wanted} that were asked for.");
        }
    }
}
