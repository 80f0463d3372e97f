using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>
/// Makes neutral models of one half from its own particles: one of all of them, and for each fold one of the particles outside it. A model holds
/// a little of the noise of every particle it was made of; compared with such a model, a particle matches its own noise at rest and loses that match in
/// any displacement, so that motion comes out too small (docs/heterogeneity.md). With a model of other particles that bias is gone.
/// </summary>
/// <param name="Source">All particles.</param>
/// <param name="Half">Half set, 1 or 2.</param>
/// <param name="Indices">The half's particles.</param>
/// <param name="FoldOf">The fold of each of them.</param>
/// <param name="Options">Number of folds, resolution of the models, mask.</param>
/// <param name="Compute">Threads and seed.</param>
/// <param name="Report">Told the stage, what is done, and of how much.</param>
/// <param name="Cancellation">Stops it.</param>
internal sealed record CrossFitting(
    IParticleSource Source,
    int Half,
    int[] Indices,
    int[] FoldOf,
    HeterogeneityOptions Options,
    ComputeOptions Compute,
    Action<HeterogeneityStage, int, int> Report,
    CancellationToken Cancellation)
{
    /// <summary>The maps reach a little beyond the models' resolution, so that a mask's product is right up to there.</summary>
    private const double Margin = 0.9;

    /// <summary>The maps at the particles' own poses, which every round needs; kept only where there are several.</summary>
    private HalfMap[]? _consensus;

    /// <summary>Divides particles into folds at random. All copies of one image go to the same fold.</summary>
    /// <param name="indices">The half's particles.</param>
    /// <param name="image">A name for the image of each particle of the source.</param>
    /// <param name="folds">Number of folds.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>The fold of each particle, from 0.</returns>
    /// <exception cref="InvalidInputException">Fewer images than folds.</exception>
    public static int[] Assign(int[] indices, Func<int, string> image, int folds, int seed)
    {
        string[] names = [.. indices.Select(image)];
        string[] images = [.. names.Distinct()];
        if (images.Length < folds)
        {
            throw new InvalidInputException($"{images.Length} images cannot be divided into {folds} folds", "--folds");
        }

        int[] order = [.. Enumerable.Range(0, images.Length)];
        var random = new SeededGenerator(seed, 63, 0);
        random.Shuffle(order);
        var fold = new Dictionary<string, int>(images.Length);
        for (var i = 0; i < order.Length; i++)
        {
            fold[images[order[i]]] = i % folds;
        }

        return [.. names.Select(n => fold[n])];
    }

    /// <summary>Makes the models.</summary>
    /// <param name="gaussians">Gaussians of each.</param>
    /// <param name="regionPoses">
    /// Poses of the focus region for all particles of the source: inside the mask the maps are then reconstructed at these, with the motion taken out. Null
    /// takes the particles' poses everywhere.
    /// </param>
    /// <param name="wholeOnly">Whether only the model of all the half's particles is needed.</param>
    /// <returns>
    /// The model of all the half's particles, and for each fold the model of the particles outside it (none if there is one fold, or only the whole
    /// is needed).
    /// </returns>
    public (GaussianModel Whole, GaussianModel[] Folds) Make(int gaussians, Pose[]? regionPoses, bool wholeOnly = false)
    {
        var consensus = _consensus ?? MapsOf(null);
        _consensus = Options.Rounds > 1 ? consensus : null;
        var region = regionPoses is null ? null : MapsOf(regionPoses);
        var count = Options.FoldCount > 1 && !wholeOnly ? Options.FoldCount : 0;
        var models = new GaussianModel[count + 1];
        for (var f = 0; f <= count; f++)
        {
            Report(HeterogeneityStage.Modelling, f, count + 1);
            var map = consensus[f];
            if (region is not null)
            {
                map = CompositeMap.Merge(map, [region[f]], [Options.Focus!]);
            }

            var build = new ModelBuildOptions { Resolution = Options.ModelResolution ?? Options.Resolution, Gaussians = gaussians };
            models[f] = Options.ModelBuilder.Build(map, null, build, Compute, null, Cancellation).Model;
        }

        Report(HeterogeneityStage.Modelling, count + 1, count + 1);
        return (models[0], models[1..]);
    }

    /// <summary>The map of all the half's particles, then those without each fold.</summary>
    private HalfMap[] MapsOf(Pose[]? poses)
    {
        var foldOf = Enumerable.Repeat(-1, Source.Particles.Count).ToArray();
        for (var n = 0; n < Indices.Length; n++)
        {
            foldOf[Indices[n]] = FoldOf[n];
        }

        return Options.Reconstructor.ReconstructFolds(
            new(Source, poses),
            Half,
            foldOf,
            Options.FoldCount,
            new ReconstructionOptions { MaxResolution = Margin * (Options.ModelResolution ?? Options.Resolution), Images = Options.Images },
            Compute,
            new Relay<ReconstructionProgress>(p => Report(HeterogeneityStage.Reconstructing, p.Done, p.Total)),
            Cancellation);
    }
}
