using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Settings of a refinement.</summary>
/// <remarks>
/// Those marked as not serialised do not decide the result, or are no text: <see cref="RefinementJob"/> takes account of the latter by fingerprints.
/// </remarks>
public sealed record RefinementOptions
{
    /// <summary>More iterations than any refinement takes; each has its files.</summary>
    public const int MostIterations = 1000;

    /// <summary>More parts of a half than any cluster has use for.</summary>
    public const int MostParts = 1024;

    /// <summary>Iterations at most; 5 as published. Fewer where the FSC and the poses have become stationary.</summary>
    [JsonIgnore]
    public int Iterations { get; init; } = 5;

    /// <summary>Number of Gaussians; null estimates it from the map and the resolution.</summary>
    public int? Gaussians { get; init; }

    /// <summary>Resolution of the first iteration, angstrom; null takes that of the maps at the starting poses.</summary>
    public double? StartResolution { get; init; }

    /// <summary>Finest resolution ever used, angstrom; null leaves it to the FSC.</summary>
    public double? MaxResolution { get; init; }

    /// <summary>Makes the Gaussian models of the half maps: <see cref="Gmm.Refinement.ModelBuilder"/>, or your own.</summary>
    [JsonConverter(typeof(PartName<IModelBuilder>))]
    public IModelBuilder ModelBuilder { get; init; } = new ModelBuilder();

    /// <summary>Makes the projectors of the models; <see cref="Projectors"/> has the ready ones.</summary>
    [JsonConverter(typeof(PartName<IProjectorFactory>))]
    public IProjectorFactory Projector { get; init; } = Projectors.Gridding;

    /// <summary>Makes what compares images with projections; <see cref="Scorers"/> has the ready ones.</summary>
    [JsonConverter(typeof(PartName<IScorerFactory>))]
    public IScorerFactory Scorer { get; init; } = Scorers.Whitened;

    /// <summary>
    /// Finds poses: <see cref="LevenbergMarquardtPoseOptimizer"/>, <see cref="AdamPoseOptimizer"/>, one on a device (Gmm.Torch), or your own.
    /// </summary>
    [JsonConverter(typeof(PartName<IPoseOptimizer>))]
    public IPoseOptimizer Optimizer { get; init; } = new LevenbergMarquardtPoseOptimizer();

    /// <summary>Makes the half maps: <see cref="FourierReconstructor"/>, or your own.</summary>
    [JsonConverter(typeof(PartName<IReconstructor>))]
    public IReconstructor Reconstructor { get; init; } = new FourierReconstructor();

    /// <summary>The solvent mask; null makes one from the half maps at the starting poses.</summary>
    [JsonIgnore]
    public SolventMask? Mask { get; init; }

    /// <summary>A model to seed the Gaussians from, in the frame of the map (angstrom from the box centre); null seeds from the density.</summary>
    [JsonIgnore]
    public GaussianModel? SeedModel { get; init; }

    /// <summary>Particles that an optimizer of batches is given at once; results do not depend on it.</summary>
    [JsonIgnore]
    public int ChunkSize { get; init; } = 1000;

    /// <summary>Particles of each half and optics group on which the noise is measured.</summary>
    public int NoiseParticles { get; init; } = 300;

    /// <summary>
    /// Parts that the images of each half are summed in, one after the other, so that several processes can share them; null makes one of every 4,000
    /// particles, up to 16. It decides the last bits of the maps, and nothing else.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Parts { get; init; }

    /// <summary>Whether to stop before <see cref="Iterations"/> when resolution and poses no longer change.</summary>
    [JsonIgnore]
    public bool StopWhenStationary { get; init; } = true;

    /// <summary>
    /// A map that poses are refined against in place of the half maps, up to a resolution, in the first iterations; null for none. Both halves see the same,
    /// so that they are independent only beyond that resolution.
    /// </summary>
    [JsonIgnore]
    public GivenReference? Reference { get; init; }

    /// <summary>The region to focus on; null refines the whole.</summary>
    [JsonIgnore]
    public FocusRegionOptions? Focus { get; init; }

    /// <summary>The point group of the structure, imposed on the half maps of every iteration, and so on the models.</summary>
    [JsonIgnore]
    public SymmetryGroup Symmetry { get; init; } = SymmetryGroup.None;

    /// <summary>
    /// The point group that the structure nearly has: every particle is refined from all copies of its pose against maps without symmetry, and the
    /// best copy is kept. An iteration costs as many times more as the group has operators.
    /// </summary>
    [JsonIgnore]
    public SymmetryGroup RelaxSymmetry { get; init; } = SymmetryGroup.None;

    /// <summary>
    /// Which images show the same particle, so that they share one pose; null where each image is a particle of its own. Only with the whitened scorer,
    /// <see cref="LevenbergMarquardtPoseOptimizer"/> and the whole structure.
    /// </summary>
    [JsonIgnore]
    public TiltSeries? TiltSeries { get; init; }

    /// <summary>What is done to images as they are read.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>
    /// Whether the scale of the signal in each image is estimated, from its own half's model, and used. Not in a focused refinement, which takes the
    /// particles' own.
    /// </summary>
    public bool EstimateScale { get; init; } = true;

    /// <summary>The terms of the optics that are estimated between the poses and the maps; null takes the optics as they are given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpticsOptions? Optics { get; init; }

    /// <summary>
    /// Whether images are seen on the curved Ewald sphere, by the poses and by the maps. Only with the whitened scorer, Gmm's own projector and reconstructor,
    /// single images, optics as they are given, and images whose CTF is still in them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EwaldMode Ewald { get; init; }

    /// <summary>
    /// Whether every image's rings count in the maps by the signal found in it and by how well its pose is known (<see cref="SignalWeights"/>), from the
    /// first iteration on. Only with Gmm's own reconstructor. It changes no image that poses are refined with.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WeighBySignal { get; init; }

    /// <summary>Whether poses stay as they are given, and only optics are estimated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepPoses { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public void Validate()
    {
        PartChecks.Require(ModelBuilder, "model builder");
        PartChecks.Require(Projector, "projector");
        PartChecks.Require(Scorer, "scorer");
        PartChecks.Require(Optimizer, "optimizer");
        PartChecks.Require(Reconstructor, "reconstructor");
        if (TiltSeries is not null
            && (Scorer != Scorers.Whitened || Optimizer is not LevenbergMarquardtPoseOptimizer || Focus is not null || RelaxSymmetry.Order > 1))
        {
            throw new ArgumentException(
                "Tilt series are refined by Levenberg-Marquardt with the whitened score, as a whole: with no other optimizer or scorer, nor with a focus or "
                    + "relaxed symmetry.");
        }

        if (Ewald != EwaldMode.Off
            && (Scorer != Scorers.Whitened || Reconstructor is not FourierReconstructor { EwaldSign: 0 } || Optimizer is IBatchPoseOptimizer
                || TiltSeries is not null || Optics is not null))
        {
            throw new ArgumentException(
                "The Ewald sphere goes with the whitened score and the Fourier reconstructor, whose sign it is: not with another scorer or reconstructor, nor "
                    + "with an optimizer of batches, tilt series or optics that are estimated.");
        }

        if (WeighBySignal && Reconstructor is not FourierReconstructor)
        {
            throw new ArgumentException("Images are weighted by their signal for the Fourier reconstructor only.");
        }

        if (Reference is not null && Focus is not null)
        {
            throw new ArgumentException("A region is refined against the half maps' models, not against a map that is given.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Iterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Iterations, MostIterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ChunkSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NoiseParticles);
        if (Parts is { } parts)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts, nameof(Parts));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, MostParts, nameof(Parts));
        }

        Focus?.Options.Validate();
        Optics?.Validate();
        if (Optics is not null && Focus is not null)
        {
            throw new ArgumentException("Optics are estimated against the whole model only: not with a focus.");
        }

        if ((Optics is not null || KeepPoses) && TiltSeries is not null)
        {
            throw new ArgumentException("Optics are not estimated, nor poses kept, with tilt series.");
        }

        if (Symmetry.Order > 1 && RelaxSymmetry.Order > 1)
        {
            throw new ArgumentException("A symmetry cannot be imposed and relaxed at once.");
        }

        if (Focus is not null && (Symmetry.Order > 1 || RelaxSymmetry.Order > 1))
        {
            throw new ArgumentException("A focused refinement has no symmetry to impose or relax; expand the particles instead.");
        }

        if (Gaussians is { } n)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n, nameof(Gaussians));
        }

        foreach (var resolution in new[] { StartResolution, MaxResolution })
        {
            if (resolution is { } r && (!(r > 0) || !double.IsFinite(r)))
            {
                throw new ArgumentException($"A resolution must be positive, not {r}.");
            }
        }
    }
}
