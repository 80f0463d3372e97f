using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>What particles of one half and one optics group are compared with, on a card (<see cref="PoseReference"/>).</summary>
internal sealed class DeviceReference : IDisposable
{
    private readonly List<DeviceLayer> _layers = [];
    private readonly List<DeviceLayer> _rest = [];

    private DeviceReference(GpuCard card, WhitenedCorrelationScorer scorer, IReadOnlyList<OpticsGroup> groups, int index, in ClimbRules rules)
    {
        Rules = rules;
        Images = new DeviceOptics(card, scorer.Disc, groups, index);
        Weights = new DeviceWeights(card, scorer);
    }

    /// <summary>How the images' coefficients are made.</summary>
    public DeviceOptics Images { get; }

    /// <summary>How poses are climbed.</summary>
    public ClimbRules Rules { get; }

    /// <summary>The coefficients compared.</summary>
    public FourierDisc Disc => Images.Disc;

    /// <summary>What the pose moves: projections that are added.</summary>
    public IReadOnlyList<DeviceLayer> Layers => _layers;

    /// <summary>What stays where another pose shows it; none where everything moves.</summary>
    public IReadOnlyList<DeviceLayer> Rest => _rest;

    /// <summary>The score.</summary>
    public DeviceWeights Weights { get; }

    /// <summary>Copies a reference.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="groups">All optics groups.</param>
    /// <param name="index">That of its images.</param>
    /// <param name="options">How poses are climbed.</param>
    /// <exception cref="InvalidInputException">It is made of what the card has not, which the message says; or too little memory.</exception>
    public static DeviceReference From(
        GpuCard card, PoseReference reference, IReadOnlyList<OpticsGroup> groups, int index, LevenbergMarquardtOptions options)
    {
        var band = reference.Bands[^1];
        var (layers, rest, scorer) = (DeviceLayer.Of(band.Projector), DeviceLayer.Of(band.Rest), band.Scorer as WhitenedCorrelationScorer);
        var missing = reference.Bands.Count > 1 ? "bands from coarse to fine"
            : reference.EwaldSign != 0 ? "the Ewald sphere"
            : layers is null ? $"the projector {band.Projector.GetType().Name}"
            : rest is null ? $"the projector {band.Rest!.GetType().Name}"
            : scorer is null ? $"the scorer {band.Scorer.GetType().Name}"
            : null;
        if (missing is not null)
        {
            throw new InvalidInputException($"{card.Name} has no kernels for {missing}");
        }

        var made = new DeviceReference(card, scorer!, groups, index, ClimbRules.Of(reference, options));
        try
        {
            made._layers.AddRange(layers!.Select(l => new DeviceLayer(card, l)));
            made._rest.AddRange(rest!.Select(l => new DeviceLayer(card, l)));
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _layers.ForEach(l => l.Dispose());
        _rest.ForEach(l => l.Dispose());
        Weights.Dispose();
        Images.Dispose();
    }
}
