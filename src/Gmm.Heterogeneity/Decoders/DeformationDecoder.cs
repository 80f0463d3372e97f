using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The decoder: controls = S z + f(z) - f(0), a linear part and a network's, then a deformer. The difference makes the latent point 0 the
/// neutral model exactly; the linear part is the motion's linear model, to which the network adds bends.
/// </summary>
internal sealed class DeformationDecoder : ITrainableDecoder
{
    private readonly DeformationDecoder? _origin;
    private readonly Func<GaussianModel, ReadOnlyMemory<float>, IDeformer> _deformers;
    private readonly GaussianModel _model;
    private bool _usesNetworks;

    /// <summary>Makes a decoder: the linear part zero, the network's hidden layers drawn and its output layer zero.</summary>
    /// <param name="context">For what.</param>
    /// <param name="hidden">Widths of the network's hidden layers.</param>
    /// <param name="deformers">From controls to the Gaussians of a model with its focus weights.</param>
    public DeformationDecoder(DecoderContext context, IReadOnlyList<int> hidden, Func<GaussianModel, ReadOnlyMemory<float>, IDeformer> deformers)
    {
        (LatentDimension, _model, _deformers) = (context.LatentDimension, context.Model, deformers);
        Deformer = deformers(context.Model, context.FocusWeights);
        Linear = new DenseNetwork([LatentDimension, Deformer.ControlCount], biases: false);
        Network = new DenseNetwork([LatentDimension, .. hidden, Deformer.ControlCount]);
        Network.Initialise(context.Seed, 82);
        Weights =
        [
            new WeightBlock("decoder linear", Linear.Parameters) { Widths = Linear.Widths },
            new WeightBlock("decoder network", Network.Parameters, IsNetwork: true) { Widths = Network.Widths },
        ];
    }

    private DeformationDecoder(DeformationDecoder origin, GaussianModel model, ReadOnlyMemory<float> focus)
    {
        (_origin, LatentDimension, _model, _deformers) = (origin, origin.LatentDimension, model, origin._deformers);
        (Linear, Network, Weights, Deformer) = (origin.Linear, origin.Network, origin.Weights, _deformers(model, focus));
    }

    /// <inheritdoc/>
    public int LatentDimension { get; }

    /// <inheritdoc/>
    public int GaussianCount => _model.Count;

    /// <inheritdoc/>
    public IDeformer Deformer { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightBlock> Weights { get; }

    /// <summary>The linear part.</summary>
    public DenseNetwork Linear { get; }

    /// <summary>The network.</summary>
    public DenseNetwork Network { get; }

    /// <inheritdoc/>
    public bool UsesNetworks
    {
        get => _origin?.UsesNetworks ?? _usesNetworks;
        set => _usesNetworks = value;
    }

    /// <inheritdoc/>
    public IBatchPass CreatePass() => new DecoderPass(this);

    /// <inheritdoc/>
    public ITrainableDecoder On(GaussianModel model, ReadOnlyMemory<float> focus) => new DeformationDecoder(_origin ?? this, model, focus);

    /// <inheritdoc/>
    public bool TryStart(IReadOnlyList<ModelDeformation> motions)
    {
        var controls = new float[Deformer.ControlCount];
        for (var k = 0; k < motions.Count; k++)
        {
            Deformer.Fit(motions[k], controls);
            Start(k, controls);
        }

        return true;
    }

    /// <summary>Starts from controls: the anchors' own, where the motion was found at the same anchors.</summary>
    /// <param name="coordinate">Latent coordinate, from 0.</param>
    /// <param name="controls">The controls per unit of it.</param>
    public void Start(int coordinate, ReadOnlySpan<float> controls)
    {
        for (var c = 0; c < controls.Length; c++)
        {
            Linear.Weights(0)[(c * LatentDimension) + coordinate] = controls[c];
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<float> latent, ModelDeformation result)
    {
        Deformer.Apply(CreatePass().Forward(latent, 1), result);
        DeformationReach.Require(result, _model, latent);
    }

    /// <inheritdoc/>
    public void Velocities(ReadOnlySpan<float> latent, IReadOnlyList<ModelDeformation> columns)
    {
        var controls = CreatePass().Forward(latent, 1);
        var rates = ControlRates(latent);
        for (var k = 0; k < LatentDimension; k++)
        {
            Deformer.Velocity(controls, rates.AsSpan(k * controls.Length, controls.Length), columns[k]);
        }
    }

    /// <inheritdoc/>
    public void Transform(ReadOnlySpan<double> matrix)
    {
        LatentSpace.TransformInputs(Linear.Weights(0), matrix, LatentDimension);
        LatentSpace.TransformInputs(Network.Weights(0), matrix, LatentDimension);
    }

    /// <summary>The controls' rates of change along each latent coordinate: LatentDimension x ControlCount values.</summary>
    private float[] ControlRates(ReadOnlySpan<float> latent)
    {
        var d = LatentDimension;
        var unit = new float[d * d];
        for (var k = 0; k < d; k++)
        {
            unit[(k * d) + k] = 1;
        }

        NetworkTape linear = new(), network = new();
        Linear.Forward(latent, 1, linear);
        var rates = Linear.Tangents(linear, unit, d);
        if (UsesNetworks)
        {
            Network.Forward(latent, 1, network);
            TensorPrimitives.Add(rates, Network.Tangents(network, unit, d), rates);
        }

        return rates;
    }
}
