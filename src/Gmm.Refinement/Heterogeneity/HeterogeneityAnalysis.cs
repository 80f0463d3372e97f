using Gmm.Core;

namespace Gmm.Refinement;

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

    /// <summary>Latent points at which the axes of the motion are found.</summary>
    private const int AxisPoints = 64;

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
    /// <exception cref="InvalidInputException">Too few particles, settings out of range, a focus mask without Gaussians, an image that cannot be used, or an analysis to resume that had other settings.</exception>
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
        var count = source.Particles.Count;
        float[][] latents = new float[count][], sigmas = new float[count][];
        var autoencoders = new Autoencoder[2];
        var training = new HalfTraining[2];
        var run = new HalfRun(new CheckedParticles(source), options, compute, temporaryFolder ?? Path.GetTempPath(), checkpoint, checkpoints, progress, cancellationToken);
        int[][] halves = [.. Enumerable.Range(1, 2).Select(h => Enumerable.Range(0, count).Where(i => source.Particles[i].Half == h).ToArray())];
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
            (autoencoders[h], training[h]) = run.Train(h + 1, halves[h], h == 0 ? half1 : half2, latents, sigmas);
        }

        string[] names = [.. Enumerable.Range(0, count).Select(i => imageName?.Invoke(i) ?? FormattableString.Invariant($"{i + 1:D6}"))];
        var table = new LatentTable(names, [.. source.Particles.Select(p => p.Half)], latents, sigmas);
        return new HeterogeneityResult(autoencoders[0], autoencoders[1], table, training);
    }

    /// <summary>The work on one half, which sees nothing of the other.</summary>
    private sealed record HalfRun(
        IParticleSource Source,
        HeterogeneityOptions Options,
        ComputeOptions Compute,
        string Folder,
        Action<Autoencoder>? Checkpoint,
        HeterogeneityCheckpoints? Checkpoints,
        IProgress<HeterogeneityProgress>? Progress,
        CancellationToken Cancellation)
    {
        public (Autoencoder Autoencoder, HalfTraining Training) Train(int half, int[] indices, GaussianModel model, float[][] latents, float[][] sigmas)
        {
            var mask = FocusWeights.Of(model, Options.Focus);
            var anchors = AnchorSet.Place(model, Math.Min(Options.Anchors, model.Count), mask, Compute.Seed);
            var design = new AutoencoderDesign
            {
                Half = half,
                LatentDimension = Options.LatentDimension,
                Decoder = Options.Decoder,
                Amplitudes = Options.Amplitudes,
                Resolution = Options.Resolution,
                EncoderHidden = [128, 64],
                DecoderHidden = [32, 64],
            };
            var kept = Checkpoints?.Of(half);
            if (kept?.ReadFinished((m, s) => Autoencoder.Create(model, design, anchors, mask, m, s), indices, latents, sigmas) is { } finished)
            {
                return finished;
            }

            var shape = Autoencoder.Create(model, design, anchors, mask, [0], [0]);
            var references = MotionReference.Make(Source, indices, model, Options, Cancellation);
            Report(half, HeterogeneityStage.Preparing, 0, indices.Length);
            var (cache, statistics) = MotionCache.Fill(
                Source, indices, shape, references, Folder, Options.Resolution, Compute,
                done => Report(half, HeterogeneityStage.Preparing, done, indices.Length), Cancellation);
            using (cache)
            {
                var (mean, inverse) = statistics.Normalisation();
                var autoencoder = Autoencoder.Create(model, design, anchors, mask, mean, inverse);
                var start = LinearStart.Find(statistics, Options.LatentDimension);
                start.Apply(autoencoder, Compute.Seed);
                var training = new AutoencoderTrainer(autoencoder, cache, Options, Compute, Cancellation)
                    .Run(Progress, () => Checkpoint?.Invoke(autoencoder), start.Signals, kept);
                PrincipalMotion.Align(autoencoder, SamplePoints(autoencoder, cache));
                Checkpoint?.Invoke(autoencoder);
                LatentRefiner.Refine(
                    autoencoder, cache, Options.RefinementSteps, Compute, latents, sigmas,
                    done => Report(half, HeterogeneityStage.RefiningLatents, done, indices.Length), Cancellation);
                kept?.Finish(autoencoder, training, indices.Select(i => latents[i]), indices.Select(i => sigmas[i]));
                return (autoencoder, training);
            }
        }

        private static List<float[]> SamplePoints(Autoencoder autoencoder, MotionCache cache)
        {
            var points = new List<float[]>();
            var features = new float[cache.FeatureCount];
            var stride = Math.Max(1, cache.Indices.Length / AxisPoints);
            for (var i = 0; i < cache.Indices.Length; i += stride)
            {
                cache.ReadFeatures(i, features);
                points.Add(autoencoder.Encoder.Encode(features, 1, new DecoderTape())[..autoencoder.LatentDimension]);
            }

            return points;
        }

        private void Report(int half, HeterogeneityStage stage, int done, int total) =>
            Progress?.Report(new HeterogeneityProgress(half, stage, 0, done, total, double.NaN));
    }
}
