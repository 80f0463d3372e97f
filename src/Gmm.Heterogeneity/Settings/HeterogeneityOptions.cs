using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>Settings of a heterogeneity analysis; the defaults are the published program's where it has one (docs/heterogeneity.md).</summary>
public sealed record HeterogeneityOptions
{
    /// <summary>Folds where nothing else is said and the decoder can be carried over to their models.</summary>
    private const int DefaultFolds = 5;

    /// <summary>Latent coordinates, 1 to 10.</summary>
    public int LatentDimension { get; init; } = 4;

    /// <summary>Finest resolution compared, angstrom.</summary>
    public double Resolution { get; init; } = 7;

    /// <summary>Coarsest resolution compared, angstrom.</summary>
    public double CoarsestResolution { get; init; } = 50;

    /// <summary>
    /// Makes what moves the Gaussians: one of <see cref="Decoders"/> or your own. Its name goes into the settings that a resumed run is compared
    /// with.
    /// </summary>
    [JsonConverter(typeof(PartName<IDecoderFactory>))]
    public IDecoderFactory Decoder { get; init; } = Decoders.Anchors();

    /// <summary>Makes what gives a particle its latent point: one of <see cref="Encoders"/> or your own.</summary>
    [JsonConverter(typeof(PartName<IEncoderFactory>))]
    public IEncoderFactory Encoder { get; init; } = Encoders.Dense();

    /// <summary>Refines every particle's latent point after the encoder.</summary>
    [JsonConverter(typeof(PartName<ILatentRefiner>))]
    public ILatentRefiner LatentRefiner { get; init; } = new GaussNewtonRefiner();

    /// <summary>
    /// Scores images against deformed models in training and for the latent points; null for Gmm's own kernels on the processor. Features, networks and
    /// decoders are always computed there.
    /// </summary>
    [JsonConverter(typeof(PartName<IMotionScorer>))]
    public IMotionScorer? MotionScorer { get; init; }

    /// <summary>Makes the neutral models of folds and rounds.</summary>
    [JsonConverter(typeof(PartName<IModelBuilder>))]
    public IModelBuilder ModelBuilder { get; init; } = new ModelBuilder();

    /// <summary>Makes the maps that these are of.</summary>
    [JsonConverter(typeof(PartName<IReconstructor>))]
    public IReconstructor Reconstructor { get; init; } = new FourierReconstructor();

    /// <summary>Number of anchors; with every decoder the encoder sees the gradients at these.</summary>
    public int Anchors { get; init; } = 32;

    /// <summary>Epochs of the linear model, before the networks join.</summary>
    public int LinearEpochs { get; init; } = 5;

    /// <summary>Epochs with the networks, at most.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Epochs without gain on the held-out particles after which a stage ends.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Share of the particles held out of training, 0.01 to 0.5.</summary>
    public double HeldOutShare { get; init; } = 0.08;

    /// <summary>Particles of a batch at most.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Adam's learning rate of the networks.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam's learning rate of the linear parts.</summary>
    public double LinearLearningRate { get; init; } = 5e-3;

    /// <summary>
    /// Coordinates that another analysis found, such as cryoDRGN's: a row of 1 to 64 numbers for each particle of the source. Training starts from the motion
    /// that goes with them, each half's from its own images, in place of the closed form's; the networks, and every latent point, are then learnt as ever.
    /// Where both halves' coordinates were learnt together the halves share what these say of where to start (docs/heterogeneity.md). Null: the closed form.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<double[]>? StartLatents { get; init; }

    /// <summary>Soft mask, 0 to 1: how far what it covers may move. Null: everything may.</summary>
    [JsonIgnore]
    public SolventMask? Focus { get; init; }

    /// <summary>
    /// Folds of each half's particles, 1 to 20. With more than one the particles of each fold are compared with a model made from the other folds
    /// (cross-fitting), so that no particle meets its own noise; such models are made from the particles at their poses, with as many Gaussians as
    /// the model given has. 1: all are compared with the model given, as is right for one that was not made of these particles. Null: 5, or 1 with a
    /// decoder that belongs to one model's Gaussians.
    /// </summary>
    public int? Folds { get; init; }

    /// <summary>The number of folds that is used.</summary>
    public int FoldCount => Folds ?? (Decoder.CarriesOver ? DefaultFolds : 1);

    /// <summary>
    /// Rounds, 1 to 5. After each but the last the motion that was found is taken out of the focus region: maps are reconstructed with it, and models
    /// of them are the neutral models of the next round. More than one needs a focus mask.
    /// </summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Resolution of the models made for folds and rounds, angstrom; <see cref="Resolution"/> by default.</summary>
    public double? ModelResolution { get; init; }

    /// <summary>What is done to images as they are read.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A value out of range.</exception>
    public void Validate()
    {
        Require(LatentDimension is >= 1 and <= LatentLimits.Dimension, nameof(LatentDimension), "the latent dimension must be from 1 to 10");
        Require(Anchors is >= 2 and <= LatentLimits.Anchors, nameof(Anchors), "the number of anchors must be from 2 to 256");
        Require(
            LatentDimension <= Anchors, nameof(LatentDimension),
            $"the latent dimension, {LatentDimension}, is larger than the number of anchors, {Anchors}");
        PartText.Require(Decoder.Name, "decoder");
        PartText.Require(Encoder.Name, "encoder");
        PartText.Require(LatentRefiner.Name, "latent refiner");
        PartChecks.Require(ModelBuilder, "model builder");
        PartChecks.Require(Reconstructor, "reconstructor");
        Require(
            LatentDimension <= Decoder.MostCoordinates, nameof(LatentDimension),
            $"the decoder {Decoder.Name} has {Decoder.MostCoordinates} degrees of freedom: the latent dimension must be {Decoder.MostCoordinates} or less");
        ValidateStart();
        Require(Resolution > 0 && double.IsFinite(Resolution), nameof(Resolution), "the resolution must be positive");
        Require(CoarsestResolution > Resolution, nameof(CoarsestResolution), "the coarsest resolution must be coarser than the finest");
        Require(Epochs >= 0 && LinearEpochs >= 0 && Patience > 0, nameof(Epochs), "epochs must not be negative and the patience must be positive");
        Require(HeldOutShare is >= 0.01 and <= 0.5, nameof(HeldOutShare), "the held-out share must be from 0.01 to 0.5");
        Require(BatchSize > 0, nameof(BatchSize), "the batch must have particles");
        Require(FoldCount is >= 1 and <= 20, nameof(Folds), "the number of folds must be from 1 to 20");
        Require(
            FoldCount == 1 || Decoder.CarriesOver, nameof(Folds),
            $"the decoder {Decoder.Name} belongs to one model's Gaussians: it cannot be trained with several folds");
        Require(Rounds is >= 1 and <= 5, nameof(Rounds), "the number of rounds must be from 1 to 5");
        Require(ModelResolution is null or (> 0 and < 1000), nameof(ModelResolution), "the resolution of the models must be positive");
        Require(LearningRate > 0 && LinearLearningRate > 0, nameof(LearningRate), "learning rates must be positive");
    }

    private void ValidateStart()
    {
        if (StartLatents is not { } given)
        {
            return;
        }

        var width = given.Count == 0 ? 0 : given[0]?.Length ?? 0;
        Require(
            width is >= 1 and <= LatentLimits.GivenDimension, nameof(StartLatents),
            $"there must be from 1 to {LatentLimits.GivenDimension} coordinates for each particle");
        Require(
            LatentDimension <= width, nameof(StartLatents),
            $"the latent dimension, {LatentDimension}, is larger than the number of coordinates that are given, {width}");
        for (var i = 0; i < given.Count; i++)
        {
            Require(
                given[i] is { } row && row.Length == width && Array.TrueForAll(row, double.IsFinite), nameof(StartLatents),
                $"row {i + 1}: must be {width} finite numbers, as the first");
        }
    }

    private static void Require(bool condition, string property, string problem)
    {
        if (!condition)
        {
            throw new InvalidInputException(problem, "heterogeneity", null, property);
        }
    }
}
