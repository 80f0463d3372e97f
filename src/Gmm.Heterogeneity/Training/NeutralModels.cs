using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// What the particles of one half are compared with. Either all with one model, or, cross-fitted, those of each fold with a model that was made
/// from the other folds' particles only (<see cref="CrossFitting"/>).
/// </summary>
/// <param name="Indices">The half's particles in the source.</param>
/// <param name="FoldOf">The fold of each of them.</param>
/// <param name="Folds">The folds.</param>
internal sealed record NeutralModels(int[] Indices, int[] FoldOf, IReadOnlyList<NeutralFold> Folds)
{
    /// <summary>Compares all particles with one model.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="indices">Those of the half.</param>
    /// <param name="model">The half's model.</param>
    /// <param name="anchors">The anchors at which gradients are taken.</param>
    /// <param name="options">Band, mask.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The one fold.</returns>
    public static NeutralModels Single(
        IParticleSource source, int[] indices, GaussianModel model, AnchorSet anchors, HeterogeneityOptions options, CancellationToken cancellationToken) =>
        new(indices, new int[indices.Length], [NeutralFold.Make(source, indices, model, anchors, options, cancellationToken)]);

    /// <summary>Compares the particles of each fold with a model of its own.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="indices">Those of the half.</param>
    /// <param name="foldOf">The fold of each of them.</param>
    /// <param name="models">A model for each fold, made without its particles.</param>
    /// <param name="anchors">The anchors, the same for all folds.</param>
    /// <param name="options">Band, mask.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The folds.</returns>
    public static NeutralModels CrossFitted(
        IParticleSource source,
        int[] indices,
        int[] foldOf,
        IReadOnlyList<GaussianModel> models,
        AnchorSet anchors,
        HeterogeneityOptions options,
        CancellationToken cancellationToken) => new(
            indices,
            foldOf,
            [.. models.Select(
                (model, f) => NeutralFold.Make(source, [.. indices.Where((_, n) => foldOf[n] == f)], model, anchors, options, cancellationToken))]);

    /// <summary>What a particle is compared with.</summary>
    /// <param name="n">Its number in the half.</param>
    /// <returns>Its fold.</returns>
    public NeutralFold Of(int n) => Folds[FoldOf[n]];

    /// <summary>The motion that is learnt, on the Gaussians of every fold's model.</summary>
    /// <param name="autoencoder">The autoencoder of the half.</param>
    /// <returns>A decoder for each fold; they share the autoencoder's weights.</returns>
    public ITrainableDecoder[] Decoders(Autoencoder autoencoder) =>
        [.. Folds.Select(f => ReferenceEquals(f.Model, autoencoder.Model) ? autoencoder.Decoder : autoencoder.Decoder.On(f.Model, f.Mask))];
}
