using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Gpu.Tests;

/// <summary>Noisy images of a model with a reference to refine them against.</summary>
internal sealed class PoseCase
{
    /// <summary>Makes images.</summary>
    /// <param name="count">Number of particles.</param>
    /// <param name="optics">Their optics group; by default 40 pixels of 2.5 angstrom.</param>
    /// <param name="seed">What they are drawn from.</param>
    /// <param name="radius">Radius of the ball of Gaussians, angstrom.</param>
    /// <param name="noise">Standard deviation of a pixel's noise.</param>
    public PoseCase(int count, OpticsGroup? optics = null, int seed = 1, double radius = 28, double noise = 0.6)
    {
        var random = new Random(seed);
        Optics = optics ?? new OpticsGroup { Id = 1, ImageSize = 40, PixelSize = 2.5 };
        Model = Draw.Model(random, new ModelShape { Count = 80, Radius = radius, BoxSize = Optics.ImageSize, PixelSize = Optics.PixelSize });
        Source = ExactImages.Particles(Model, [Optics], count, noise, random);
        Starts = [.. Source.Particles.Select(p => Draw.Near(random, p.Pose, 3, 1))];
        Resolution = 3.2 * Optics.PixelSize;
        Disc = FourierDisc.ForResolution(Optics.ImageSize, Optics.PixelSize, Resolution);
        var power = Enumerable.Repeat(noise * noise * Optics.ImageSize * Optics.ImageSize, Disc.Radius + 1).ToArray();
        var weight = Enumerable.Range(0, Disc.Radius + 1).Select(q => 1 / (1 + Math.Exp((q - (0.8 * Disc.Radius)) / 2))).ToArray();
        Scorer = new WhitenedCorrelationScorer(Disc, power, weight, 1 / Math.Pow(Optics.PixelSize, 3));
        Projector = new GriddingProjector(Model, Disc);
        Reference = new PoseReference([new PoseBand(Projector, Scorer, Resolution)]);
        Images = new ParticleImages(Source, Resolution);
    }

    public OpticsGroup Optics { get; }

    public GaussianModel Model { get; }

    public InMemoryParticles Source { get; }

    public Pose[] Starts { get; set; }

    public double Resolution { get; }

    public FourierDisc Disc { get; }

    public WhitenedCorrelationScorer Scorer { get; }

    public GriddingProjector Projector { get; }

    public PoseReference Reference { get; init; }

    public ParticleImages Images { get; }

    public PoseBatch Batch => new(Images, [Reference], [.. Enumerable.Range(0, Starts.Length)], Starts);

    /// <summary>What an optimizer makes of all particles.</summary>
    public PoseEstimate[] Refine(IPoseOptimizer optimizer)
    {
        var results = new PoseEstimate?[Starts.Length];
        new ParticlePoseRefiner(Source, optimizer, [Reference], Resolution).Refine(
            [.. Enumerable.Range(0, Starts.Length)], Starts, results, new ComputeOptions { Threads = 2 });
        return results!;
    }

    /// <summary>The managed workspace with a particle prepared.</summary>
    public PoseWorkspace Workspace(int particle)
    {
        var workspace = new PoseWorkspace(Reference);
        Assert.True(Images.Read(particle, workspace.Re, workspace.Im, workspace.Transfer));
        workspace.Prepare();
        return workspace;
    }
}
