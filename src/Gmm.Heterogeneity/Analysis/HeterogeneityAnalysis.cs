using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gmm.Heterogeneity;

/// <summary>
/// Finds how a structure moves: trains an autoencoder on each half's particles, against that half's model, and gives every particle a latent point.
/// It works on particles in memory or in files; <see cref="HeterogeneityJob"/> writes what it finds into a folder.
/// </summary>
/// <remarks>
/// The halves share nothing but the settings. Memory does not depend on the number of particles, but for a few numbers each: images are
/// read once, and their band kept in a temporary file.
/// <example>
/// <code>
/// var analysis = new HeterogeneityAnalysis(particles, model1, model2, new HeterogeneityOptions { LatentDimension = 2 }, new ComputeOptions());
/// HeterogeneityResult result = analysis.Run();
/// bool moves = result.MotionFound;
/// </code>
/// </example>
/// </remarks>
public sealed partial class HeterogeneityAnalysis
{
    /// <summary>Particles of a half below which nothing can be learnt.</summary>
    private const int LeastParticles = 100;

    private readonly IParticleSource _source;
    private readonly GaussianModel[] _models;
    private readonly ILogger _logger;

    /// <summary>Makes an analysis.</summary>
    /// <param name="source">The particles, with poses.</param>
    /// <param name="half1">Model of half 1, in the particles' frame.</param>
    /// <param name="half2">Model of half 2.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="logger">Told how training goes; may be null.</param>
    /// <exception cref="InvalidInputException">Settings out of range.</exception>
    public HeterogeneityAnalysis(
        IParticleSource source, GaussianModel half1, GaussianModel half2, HeterogeneityOptions options, ComputeOptions compute, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        options.Validate();
        compute.Validate();
        (_source, _models, Options, Compute, _logger) = (source, [half1, half2], options, compute, logger ?? NullLogger.Instance);
    }

    /// <summary>
    /// A name for the image of each particle: for the table, and so that all copies of one image go to one fold. By default every particle has an
    /// image of its own, which is named by its number.
    /// </summary>
    public Func<int, string>? ImageName { get; init; }

    /// <summary>Where temporary files go: about 8 bytes for each coefficient of the band and particle. The system's folder by default.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();

    /// <summary>Given each half's autoencoder whenever it is better than before; on the thread that trains, which waits.</summary>
    public IProgress<Autoencoder>? Improved { get; init; }

    /// <summary>Keeps the training, so that an analysis that was stopped can go on.</summary>
    internal HeterogeneityCheckpoints? Checkpoints { get; init; }

    /// <summary>Called with the particles of each half when all is ready for their training, to have others train them first.</summary>
    internal Action<int[][], CancellationToken>? Ready { get; init; }

    /// <summary>Settings.</summary>
    internal HeterogeneityOptions Options { get; }

    /// <summary>Threads and seed.</summary>
    internal ComputeOptions Compute { get; }

    /// <summary>Runs it.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Autoencoders, latent points and the course of training.</returns>
    /// <exception cref="InvalidInputException">
    /// Too few particles, an image in both halves, a focus mask without Gaussians, or an image that cannot be used.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public HeterogeneityResult Run(IProgress<HeterogeneityProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        IndependentHalves.Require(_source);
        CheckRounds();
        if (Options.StartLatents is { } given && given.Count != _source.Particles.Count)
        {
            throw new InvalidInputException($"has {given.Count} rows, there are {_source.Particles.Count} particles", "start latents");
        }

        var prepared = PreparedParticles.Of(_source, Options.Images, Compute, null, cancellationToken);
        var contrast = ContrastCheck.Measure(prepared, null, null, Compute, cancellationToken);
        contrast.Require(prepared.Options);
        var count = _source.Particles.Count;
        int[][] halves = [Members(prepared, 1), Members(prepared, 2)];
        CheckHalves(halves);
        Checkpoints?.Begin(_source, _models[0], _models[1], Options, Compute);
        Ready?.Invoke(halves, cancellationToken);
        float[][] latents = new float[count][], sigmas = new float[count][];
        var autoencoders = new Autoencoder[2];
        var training = new HalfTraining[2];
        for (var h = 0; h < 2; h++)
        {
            var number = h + 1;
            Func<int, TrainingCheckpoint>? kept = Checkpoints is { } all ? round => all.Of(number, round) : null;
            var half = new HalfAnalysis(this, prepared, number, halves[h], kept, Name, progress, cancellationToken);
            (autoencoders[h], training[h]) = half.Run(_models[h], latents, sigmas);
            LogHalf(number, training[h].Particles, training[h].HeldOutGain, training[h].HeldOutError, training[h].Stopped);
        }

        for (var i = 0; i < count; i++)
        {
            // An image that holds nothing says nothing: the prior's mean and width.
            latents[i] ??= new float[Options.LatentDimension];
            sigmas[i] ??= [.. Enumerable.Repeat(1f, Options.LatentDimension)];
        }

        string[] names = [.. Enumerable.Range(0, count).Select(Name)];
        var table = new LatentTable(names, [.. _source.Particles.Select(p => p.Half)], latents, sigmas);
        return new HeterogeneityResult(autoencoders[0], autoencoders[1], table, training) { Images = prepared.Report with { Contrast = contrast } };
    }

    /// <summary>Trains one half, for another process that runs the analysis and has checked its input.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="kept">Where the training of a round is kept, which is the result.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal void TrainHalf(int half, Func<int, TrainingCheckpoint> kept, CancellationToken cancellationToken)
    {
        var count = _source.Particles.Count;
        int[] read = [.. Enumerable.Range(0, count).Where(i => _source.Particles[i].Half == half)];
        var prepared = PreparedParticles.Of(_source, Options.Images, Compute, read, cancellationToken);
        new HalfAnalysis(this, prepared, half, Members(prepared, half), kept, Name, null, cancellationToken)
            .Run(_models[half - 1], new float[count][], new float[count][]);
    }

    /// <summary>The particles of a half that are worked with.</summary>
    private static int[] Members(PreparedParticles prepared, int half) =>
        [.. Enumerable.Range(0, prepared.Particles.Count).Where(i => prepared.Particles[i].Half == half && prepared.Particles[i].Weight > 0)];

    private string Name(int particle) => ImageName?.Invoke(particle) ?? FormattableString.Invariant($"{particle + 1:D6}");

    private void CheckHalves(int[][] halves)
    {
        for (var h = 0; h < 2; h++)
        {
            if (halves[h].Length < LeastParticles)
            {
                throw new InvalidInputException(
                    $"half {h + 1} has {halves[h].Length} particles: too few to learn a motion from; {LeastParticles} are the least, some thousands "
                        + "are advised",
                    "particles");
            }

            _ = FocusWeights.Of(_models[h], Options.Focus);
        }
    }

    /// <summary>Before anything is learnt that a mask of another grid would throw away.</summary>
    private void CheckRounds()
    {
        if (Options.Rounds == 1)
        {
            return;
        }

        var mask = Options.Focus
            ?? throw new InvalidInputException("more than one round needs a focus mask: the motion is taken out of that region", "--rounds");
        var optics = _source.OpticsGroups[0];
        if (!MapChecks.IsOnGrid(mask, optics.ImageSize, optics.PixelSize))
        {
            throw new InvalidInputException(
                $"a mask of {mask.Size} voxels of {mask.PixelSize:g4} A does not fit maps of {optics.ImageSize} voxels of {optics.PixelSize:g4} A, "
                    + "which several rounds make of the images",
                "focus mask");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "half {half}: {particles} particles, held-out gain {gain:F3} +- {error:F3}, {stopped}")]
    private partial void LogHalf(int half, int particles, double gain, double error, string stopped);
}
