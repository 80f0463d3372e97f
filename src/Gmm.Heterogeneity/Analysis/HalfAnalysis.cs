using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>The analysis of one half, which sees nothing of the other.</summary>
/// <param name="Analysis">The settings, and what is told.</param>
/// <param name="Source">All particles, prepared.</param>
/// <param name="Half">Half set, 1 or 2.</param>
/// <param name="Indices">The half's particles.</param>
/// <param name="Kept">Where the training of a round is kept; null for nowhere.</param>
/// <param name="ImageName">A name for the image of each particle of the source.</param>
/// <param name="Progress">Told what is being done.</param>
/// <param name="Cancellation">Stops it.</param>
internal sealed record HalfAnalysis(
    HeterogeneityAnalysis Analysis,
    IParticleSource Source,
    int Half,
    int[] Indices,
    Func<int, TrainingCheckpoint>? Kept,
    Func<int, string> ImageName,
    IProgress<HeterogeneityProgress>? Progress,
    CancellationToken Cancellation)
{
    /// <summary>Latent points at which the axes of the motion are found.</summary>
    private const int AxisPoints = 64;

    private HeterogeneityOptions Options => Analysis.Options;

    private ComputeOptions Compute => Analysis.Compute;

    /// <summary>Learns the motion, in as many rounds as the options say.</summary>
    /// <param name="model">The half's model.</param>
    /// <param name="latents">Receives the latent points of the half's particles, at their numbers in the source.</param>
    /// <param name="sigmas">Receives their standard deviations.</param>
    /// <returns>The autoencoder, and how its training went.</returns>
    public (Autoencoder Autoencoder, HalfTraining Training) Run(GaussianModel model, float[][] latents, float[][] sigmas)
    {
        var gaussians = model.Count;
        var foldOf = CrossFitting.Assign(Indices, ImageName, Options.FoldCount, Compute.Seed + Half);
        var round = 1;
        var crossFitting = new CrossFitting(
            Source, Half, Indices, foldOf, Options, Compute, (stage, done, total) => Report(round, stage, done, total), Cancellation);
        Pose[]? regionPoses = null;
        for (; ; round++)
        {
            GaussianModel[] folds = [];
            var kept = Kept?.Invoke(round);
            var isFinished = kept?.IsFinished == true;
            // A finished first round belongs to the model given: nothing needs to be made again to read it. A later one needs its own whole model.
            if (round > 1 || (Options.FoldCount > 1 && !isFinished))
            {
                (var whole, folds) = crossFitting.Make(gaussians, regionPoses, wholeOnly: isFinished);
                model = round > 1 ? whole : model;
            }

            var found = Train(round, model, folds, foldOf, kept, latents, sigmas);
            if (round == Options.Rounds)
            {
                return found;
            }

            regionPoses = ConvertPoses(found.Autoencoder, latents);
        }
    }

    private (Autoencoder Autoencoder, HalfTraining Training) Train(
        int round, GaussianModel model, GaussianModel[] folds, int[] foldOf, TrainingCheckpoint? kept, float[][] latents, float[][] sigmas)
    {
        var mask = FocusWeights.Of(model, Options.Focus);
        var anchors = AnchorSet.Place(model, Math.Min(Options.Anchors, model.Count), mask, Compute.Seed);
        var design = new AutoencoderDesign
        {
            Half = Half,
            LatentDimension = Options.LatentDimension,
            Resolution = Options.Resolution,
            Decoder = Options.Decoder,
            Encoder = Options.Encoder,
        };
        if (kept?.ReadFinished((m, s) => Autoencoder.Create(model, design, anchors, mask, m, s), Indices, latents, sigmas) is { } finished)
        {
            return finished;
        }

        var neutrals = folds.Length > 0
            ? NeutralModels.CrossFitted(Source, Indices, foldOf, folds, anchors, Options, Cancellation)
            : NeutralModels.Single(Source, Indices, model, anchors, Options, Cancellation);
        Report(round, HeterogeneityStage.Preparing, 0, Indices.Length);
        var (cache, statistics) = MotionCache.Fill(
            Source, neutrals, Analysis.TemporaryFolder, Options.Resolution, Compute, done => Report(round, HeterogeneityStage.Preparing, done, Indices.Length),
            Cancellation);
        using (cache)
        {
            var (mean, inverse) = statistics.Normalisation();
            var autoencoder = Autoencoder.Create(model, design, anchors, mask, mean, inverse, Compute.Seed);
            var start = Start(cache, statistics);
            start.Apply(autoencoder);
            using var batches = Options.MotionScorer is { } scorer ? new BatchScores(cache, scorer, Compute, Cancellation) : null;
            using IControlScores images = batches ?? (IControlScores)new WorkerScores(cache, Compute, Cancellation);
            var training = new AutoencoderTrainer(autoencoder, cache, images, Options, Compute, round)
                .Run(Progress, () => Analysis.Improved?.Report(autoencoder), start.Signals, kept);
            PrincipalMotion.Align(autoencoder, SamplePoints(autoencoder, cache));
            RefineLatents(round, autoencoder, cache, batches, latents, sigmas);
            // The encoder sees less than the image tells, so its moments, to which training has scaled the prior, are too small.
            var scale = new LatentScale(autoencoder.LatentDimension);
            foreach (var i in Indices)
            {
                scale.Add(latents[i], Array.ConvertAll(sigmas[i], MathF.Log));
            }

            scale.Apply(autoencoder);
            Analysis.Improved?.Report(autoencoder);
            RefineLatents(round, autoencoder, cache, batches, latents, sigmas);
            kept?.Finish(autoencoder, training, Indices.Select(i => latents[i]), Indices.Select(i => sigmas[i]));
            return (autoencoder, training);
        }
    }

    /// <summary>Where training starts: from the closed form, or from the motion that goes with coordinates that are given.</summary>
    private LinearStart Start(MotionCache cache, FeatureStatistics statistics)
    {
        if (Options.StartLatents is not { } points)
        {
            return LinearStart.Find(statistics, Options.LatentDimension);
        }

        var given = new GivenCoordinates([.. Indices.Select(i => points[i])], statistics.Controls);
        if (given.Dimension < Options.LatentDimension)
        {
            throw new InvalidInputException(
                $"half {Half}: the coordinates differ among particles in {given.Dimension} independent ways, the latent dimension is {Options.LatentDimension}",
                "heterogeneity", null, nameof(HeterogeneityOptions.StartLatents));
        }

        var features = new float[cache.FeatureCount];
        for (var i = 0; i < Indices.Length; i++)
        {
            cache.ReadFeatures(i, features);
            given.Add(features.AsSpan(statistics.Controls, statistics.Controls));
        }

        return LinearStart.Find(statistics, given, Options.LatentDimension);
    }

    private void RefineLatents(
        int round, Autoencoder autoencoder, MotionCache cache, BatchScores? batches, float[][] latents, float[][] sigmas) => LatentRefinement.Refine(
        autoencoder, cache, batches, Options.LatentRefiner, Compute, latents, sigmas,
        done => Report(round, HeterogeneityStage.RefiningLatents, done, Indices.Length), Cancellation);

    /// <summary>The poses at which the focus region of each particle looks like the neutral one.</summary>
    private Pose[] ConvertPoses(Autoencoder autoencoder, float[][] latents)
    {
        Pose[] poses = [.. Source.Particles.Select(p => p.Pose)];
        var conversion = new ConformationToPose(autoencoder.Model, Options.Focus!);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Compute.Threads, CancellationToken = Cancellation };
        Guarded.ForEach(Indices, parallel, i => poses[i] = conversion.Convert(autoencoder.Decoder, latents[i], [], poses[i]).Pose);
        return poses;
    }

    private static List<float[]> SamplePoints(Autoencoder autoencoder, MotionCache cache)
    {
        var points = new List<float[]>();
        var pass = autoencoder.Encoder.CreatePass();
        var features = new float[cache.FeatureCount];
        var stride = Math.Max(1, cache.Indices.Length / AxisPoints);
        for (var i = 0; i < cache.Indices.Length; i += stride)
        {
            cache.ReadFeatures(i, features);
            points.Add(pass.Forward(features, 1)[..autoencoder.LatentDimension]);
        }

        return points;
    }

    private void Report(int round, HeterogeneityStage stage, int done, int total) =>
        Progress?.Report(new HeterogeneityProgress(Half, stage, 0, done, total, double.NaN, round));
}
