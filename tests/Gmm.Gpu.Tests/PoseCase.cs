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
    /// <param name="isFocused">
    /// Whether a third of the structure stays, and half of what moves is wide: a part that stays and a model in two layers, as focused refinement has them.
    /// </param>
    public PoseCase(int count, OpticsGroup? optics = null, int seed = 1, double radius = 28, double noise = 0.6, bool isFocused = false)
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
        var moving = isFocused ? Part(0, 54, 6) : Model;
        Projector = isFocused ? LayeredProjector.InLayers(moving, Disc, [27, 54]) : new GriddingProjector(Model, Disc);
        RestPoses = [.. Source.Particles.Select(p => Draw.Near(random, p.Pose, 1, 0.5))];
        // Something is known of all particles but the second.
        Priors = [.. Starts.Select((start, i) => i == 1 ? null : new PosePrior(Draw.Near(random, start, 2, 1), Information(random), (8, -5, 3 * i)))];
        Reference = new PoseReference(
            [new PoseBand(Projector, Scorer, Resolution) { Rest = isFocused ? new GriddingProjector(Part(54, 80, 0), Disc) : null }],
            isFocused ? (5, 8, -6) : default);
        Images = new ParticleImages(Source, Resolution);
    }

    public OpticsGroup Optics { get; }

    public GaussianModel Model { get; }

    public InMemoryParticles Source { get; }

    public Pose[] Starts { get; set; }

    public double Resolution { get; }

    public FourierDisc Disc { get; }

    public WhitenedCorrelationScorer Scorer { get; }

    public IProjector<float> Projector { get; }

    /// <summary>Poses of the part that stays.</summary>
    public Pose[] RestPoses { get; }

    /// <summary>What is known beforehand, where <see cref="HasPriors"/> says that anything is.</summary>
    public PosePrior?[] Priors { get; }

    public bool HasPriors { get; init; }

    public PoseReference Reference { get; init; }

    public ParticleImages Images { get; }

    public PoseBatch Batch => new(Images, [Reference], [.. Enumerable.Range(0, Starts.Length)], Starts)
    {
        RestPoses = RestPoses,
        Prior = HasPriors ? i => Priors[i] : null,
    };

    /// <summary>What an optimizer makes of all particles.</summary>
    public PoseEstimate[] Refine(IPoseOptimizer optimizer)
    {
        var results = new PoseEstimate?[Starts.Length];
        var refiner = new ParticlePoseRefiner(Source, optimizer, [Reference], Resolution)
        {
            RestPoses = RestPoses,
            Prior = HasPriors ? i => Priors[i] : null,
        };
        refiner.Refine(
            [.. Enumerable.Range(0, Starts.Length)], Starts, results, new ComputeOptions { Threads = 2 });
        return results!;
    }

    /// <summary>Some of the Gaussians, every second of them wider.</summary>
    public GaussianModel Part(int first, int end, float wider)
    {
        float[] Cut(ReadOnlySpan<float> column) => column[first..end].ToArray();
        float[] widths = [.. Cut(Model.Widths).Select((w, j) => j % 2 == 0 ? w : w + wider)];
        return new GaussianModel(Cut(Model.X), Cut(Model.Y), Cut(Model.Z), Cut(Model.Amplitudes), widths, Model.BoxSize, Model.PixelSize);
    }

    /// <summary>A particle as the managed scorer has it.</summary>
    public WhitenedImage Prepared(int particle)
    {
        float[] re = new float[Disc.Count], im = new float[Disc.Count], transfer = new float[Disc.Count];
        Assert.True(Images.Read(particle, re, im, transfer));
        var image = Scorer.CreateImage();
        image.Prepare(re, im, transfer);
        return image;
    }

    /// <summary>A random inverse covariance: a few degrees, an angstrom.</summary>
    private static double[] Information(Random random)
    {
        const int n = Pose.ParameterCount;
        double[] root = [.. Enumerable.Range(0, n * n).Select(i => (i % n < 3 ? 20 : 1) * (random.NextDouble() - 0.5))];
        double Product(int p, int q) => Enumerable.Range(0, n).Sum(k => root[(k * n) + p] * root[(k * n) + q]);
        return [.. Enumerable.Range(0, n * n).Select(i => Product(i / n, i % n) + (i % (n + 1) == 0 ? 1 : 0))];
    }
}
