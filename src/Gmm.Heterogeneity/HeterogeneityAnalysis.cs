using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>Finds how a structure moves: trains an autoencoder on each half's particles, against that half's model, and gives every particle a latent point.</summary>
/// <remarks>
/// The halves share nothing but the settings. Memory does not depend on the number of particles, but for a few numbers each: images are
/// read once, and their band kept in a temporary file.
/// <example>
/// <code>
/// var result = HeterogeneityAnalysis.Run(particles, model1, model2, new HeterogeneityOptions { LatentDimension = 2 }, new ComputeOptions());
/// bool moves = result.MotionFound;
/// </code>
/// </example>
/// </remarks>
public static class HeterogeneityAnalysis
{
    /// <summary>Particles of a half below which nothing can be learnt.</summary>
    private const int LeastParticles = 100;

    /// <summary>Runs an analysis.</summary>
    /// <param name="source">The particles, with poses.</param>
    /// <param name="half1">Model of half 1, in the particles' frame.</param>
    /// <param name="half2">Model of half 2.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="imageName">Name of a particle's image for the table; its number by default.</param>
    /// <param name="temporaryFolder">Where temporary files go: about 8 bytes for each coefficient of the band and particle. The system's folder by default.</param>
    /// <param name="checkpoint">Given each half's autoencoder whenever it is better than before.</param>
    /// <param name="checkpoints">Keeps the training, so that an analysis that was stopped can go on.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Autoencoders, latent points and the course of training.</returns>
    /// <exception cref="InvalidInputException">Too few particles, an image in both halves, settings out of range, a focus mask without Gaussians, an image that cannot be used, or an analysis to resume that had other settings.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static HeterogeneityResult Run(
        IParticleSource source,
        GaussianModel half1,
        GaussianModel half2,
        HeterogeneityOptions options,
        ComputeOptions compute,
        Func<int, string>? imageName = null,
        string? temporaryFolder = null,
        Action<Autoencoder>? checkpoint = null,
        HeterogeneityCheckpoints? checkpoints = null,
        IProgress<HeterogeneityProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        compute.Validate();
        IndependentHalves.Require(source);
        CheckRounds(source, options);
        var prepared = PreparedParticles.Of(source, options.Images, compute, null, cancellationToken);
        var contrast = ContrastCheck.Measure(prepared, null, null, compute, cancellationToken);
        contrast.Require(prepared.Options);
        var count = source.Particles.Count;
        float[][] latents = new float[count][], sigmas = new float[count][];
        var autoencoders = new Autoencoder[2];
        var training = new HalfTraining[2];
        string Name(int i) => imageName?.Invoke(i) ?? FormattableString.Invariant($"{i + 1:D6}");
        int[][] halves = [.. Enumerable.Range(1, 2).Select(h => Enumerable.Range(0, count).Where(i => prepared.Particles[i].Half == h && prepared.Particles[i].Weight > 0).ToArray())];
        for (var h = 0; h < 2; h++)
        {
            if (halves[h].Length < LeastParticles)
            {
                throw new InvalidInputException($"half {h + 1} has {halves[h].Length} particles: too few to learn a motion from; {LeastParticles} are the least, some thousands are advised", "particles");
            }

            _ = FocusWeights.Of(h == 0 ? half1 : half2, options.Focus);
        }

        checkpoints?.Begin(source, half1, half2, options, compute);
        for (var h = 0; h < 2; h++)
        {
            var half = new HalfAnalysis(
                prepared, h + 1, halves[h], Name, options, compute, temporaryFolder ?? Path.GetTempPath(), checkpoint, checkpoints, progress, cancellationToken);
            (autoencoders[h], training[h]) = half.Run(h == 0 ? half1 : half2, latents, sigmas);
        }

        for (var i = 0; i < count; i++)
        {
            // An image that holds nothing says nothing: the prior's mean and width.
            latents[i] ??= new float[options.LatentDimension];
            sigmas[i] ??= [.. Enumerable.Repeat(1f, options.LatentDimension)];
        }

        string[] names = [.. Enumerable.Range(0, count).Select(Name)];
        var table = new LatentTable(names, [.. source.Particles.Select(p => p.Half)], latents, sigmas);
        return new HeterogeneityResult(autoencoders[0], autoencoders[1], table, training) { Images = prepared.Report with { Contrast = contrast } };
    }

    /// <summary>Before anything is learnt that a mask of another grid would throw away.</summary>
    private static void CheckRounds(IParticleSource source, HeterogeneityOptions options)
    {
        if (options.Rounds == 1)
        {
            return;
        }

        var mask = options.Focus ?? throw new InvalidInputException("more than one round needs a focus mask: the motion is taken out of that region", "--rounds");
        var optics = source.OpticsGroups[0];
        if (!MapChecks.IsOnGrid(mask, optics.ImageSize, optics.PixelSize))
        {
            throw new InvalidInputException(
                $"a mask of {mask.Size} voxels of {mask.PixelSize:g4} A does not fit maps of {optics.ImageSize} voxels of {optics.PixelSize:g4} A, which several rounds make of the images", "focus mask");
        }
    }
}
