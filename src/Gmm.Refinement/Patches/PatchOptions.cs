using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Settings of a refinement of patches or bodies.</summary>
public sealed record PatchOptions
{
    /// <summary>How the molecule is cut; not used where masks are given.</summary>
    public PatchPartitionOptions Partition { get; init; } = new();

    /// <summary>The masks of bodies, in place of a partition; null makes patches.</summary>
    [JsonIgnore]
    public IReadOnlyList<SolventMask>? Bodies { get; init; }

    /// <summary>Iterations; 3 in the published program.</summary>
    [JsonIgnore]
    public int Iterations { get; init; } = 2;

    /// <summary>
    /// Whether all patches of an image are solved together, one system of normal equations per particle, each Gaussian belonging to the patches
    /// in proportion to their masks. Otherwise each patch is solved with the rest of the molecule at the consensus.
    /// </summary>
    public bool Joint { get; init; }

    /// <summary>What a patch's images are compared with, where patches are not solved jointly.</summary>
    public PatchReferenceKind Reference { get; init; }

    /// <summary>Makes the Gaussian models of the half maps: <see cref="Gmm.Refinement.ModelBuilder"/>, or your own.</summary>
    [JsonConverter(typeof(PartName<IModelBuilder>))]
    public IModelBuilder ModelBuilder { get; init; } = new ModelBuilder();

    /// <summary>Makes the projectors of the model and its parts; <see cref="Projectors"/> has the ready ones.</summary>
    [JsonConverter(typeof(PartName<IProjectorFactory>))]
    public IProjectorFactory Projector { get; init; } = Projectors.Gridding;

    /// <summary>Scores images with patches at poses, many at once; null for Gmm's own kernels on the processor.</summary>
    [JsonConverter(typeof(PartName<IBodyScorer>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IBodyScorer? BodyScorer { get; init; }

    /// <summary>Makes the half maps: <see cref="FourierReconstructor"/>, or your own.</summary>
    [JsonConverter(typeof(PartName<IReconstructor>))]
    public IReconstructor Reconstructor { get; init; } = new FourierReconstructor();

    /// <summary>
    /// Whether images are seen on the curved Ewald sphere, by the poses and by the maps; not <see cref="EwaldMode.Auto"/>, as the consensus was refined with
    /// a sign or without. Only with Gmm's own projector and reconstructor, and images whose CTF is still in them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EwaldMode Ewald { get; init; }

    /// <summary>The solvent mask of the whole; null makes one from the half maps of the consensus.</summary>
    [JsonIgnore]
    public SolventMask? Mask { get; init; }

    /// <summary>Number of Gaussians of the whole; null estimates it.</summary>
    public int? Gaussians { get; init; }

    /// <summary>Finest resolution ever used, angstrom; null leaves it to the FSC.</summary>
    public double? MaxResolution { get; init; }

    /// <summary>Root mean square rotation per axis, degrees, that the prior of motions starts from before it is learnt.</summary>
    public double PriorDegrees { get; init; } = 2;

    /// <summary>Root mean square shift per axis, angstrom, that the prior of motions starts from.</summary>
    public double PriorAngstrom { get; init; } = 1;

    /// <summary>Particles of each half from which the prior is learnt, at most.</summary>
    public int PriorParticles { get; init; } = 600;

    /// <summary>Particles of each half and optics group on which the noise is measured.</summary>
    public int NoiseParticles { get; init; } = 300;

    /// <summary>What is done to images as they are read.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    /// <exception cref="InvalidInputException">A number of patches that is not possible.</exception>
    public void Validate()
    {
        PartChecks.Require(ModelBuilder, "model builder");
        PartChecks.Require(Projector, "projector");
        PartChecks.Require(Reconstructor, "reconstructor");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Iterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Iterations, RefinementOptions.MostIterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PriorDegrees);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PriorAngstrom);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PriorParticles);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NoiseParticles);
        if (Gaussians is { } n)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n, nameof(Gaussians));
        }

        if (MaxResolution is { } r)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(r, nameof(MaxResolution));
        }

        if (Ewald == EwaldMode.Auto || (Ewald != EwaldMode.Off && Reconstructor is not FourierReconstructor { EwaldSign: 0 }))
        {
            throw new ArgumentException("The Ewald sphere goes with the Fourier reconstructor, whose sign it is, and with a sign that is given.");
        }

        if (BodyScorer is not null && Ewald != EwaldMode.Off)
        {
            throw new ArgumentException($"The Ewald sphere is not for poses scored on {BodyScorer.Name}.");
        }

        if (Joint && Reference == PatchReferenceKind.WidthMask)
        {
            throw new ArgumentException("Patches solved jointly move each its own part: a width-masked reference, which moves as a whole, has no such parts.");
        }

        if (Bodies is null)
        {
            Partition.Validate();
        }
    }
}
