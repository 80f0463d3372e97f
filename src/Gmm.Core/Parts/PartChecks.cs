using System.Numerics.Tensors;
using static System.FormattableString;

namespace Gmm.Core;

/// <summary>
/// What a part gives is checked where the loop receives it, and an error names the part: one that comes from outside must not poison results in silence.
/// </summary>
internal static class PartChecks
{
    /// <summary>Requires a part with a name that is one line of text, as records and messages hold it.</summary>
    /// <exception cref="ArgumentException">There is none, or its name is empty, long, or has control characters.</exception>
    public static void Require(IPart? part, string what)
    {
        if (part is null)
        {
            throw new ArgumentException($"There is no {what}.");
        }

        if (!IsName(part.Name))
        {
            throw new ArgumentException($"The {what}'s name must be one line of 1 to 200 characters.");
        }
    }

    /// <summary>Whether a name is one line of 1 to 200 characters.</summary>
    public static bool IsName(string name) => !string.IsNullOrWhiteSpace(name) && name.Length <= 200 && !name.Any(char.IsControl);

    /// <summary>Requires half maps of the grid that was asked for.</summary>
    /// <exception cref="InvalidOperationException">There are none, or they are of another grid, of exchanged halves, or not finite.</exception>
    public static HalfMapPair Maps(IPart part, HalfMapPair? maps, int size, double pixelSize)
    {
        if (maps?.Half1 is null || maps.Half2 is null)
        {
            throw Wrong(part, "reconstructor", "no half maps");
        }

        foreach (var (map, half) in new[] { (maps.Half1, 1), (maps.Half2, 2) })
        {
            if (map.Size != size || Math.Abs(map.PixelSize - pixelSize) > 1e-6 * pixelSize)
            {
                throw Wrong(
                    part, "reconstructor",
                    Invariant($"a map of {map.Size} voxels of {map.PixelSize:g6} A where {size} of {pixelSize:g6} A were asked for"));
            }

            if (map.Half != half)
            {
                throw Wrong(part, "reconstructor", Invariant($"a map of half {map.Half} for half {half}"));
            }

            if (!TensorPrimitives.IsFiniteAll<float>(map.Voxels))
            {
                throw Wrong(part, "reconstructor", "a map with values that are not finite");
            }
        }

        return maps;
    }

    /// <summary>Requires a model in the frame of the map that it was made of.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is of another box.</exception>
    public static GaussianModel Model(IPart part, GaussianModel? model, DensityMap map) =>
        model is null ? throw Wrong(part, "model builder", "no model")
        : model.BoxSize != map.Size || Math.Abs(model.PixelSize - map.PixelSize) > 1e-6 * map.PixelSize
            ? throw Wrong(
                part, "model builder",
                Invariant($"a model of a box of {model.BoxSize} voxels of {model.PixelSize:g6} A for a map of {map.Size} of {map.PixelSize:g6} A"))
            : model;

    /// <summary>Requires a projector of the model and the coefficients that were asked for.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is of another model or disc, or flat where it must not be.</exception>
    public static IProjector<float> Projector(
        IPart part, IProjector<float>? projector, GaussianModel model, FourierDisc disc, bool isCurved = false) =>
        projector is null ? throw Wrong(part, "projector", "no projector")
        : projector.Model != model ? throw Wrong(part, "projector", "one of another model")
        : projector.Disc != disc ? throw Wrong(part, "projector", "one of another disc")
        : isCurved && projector is not ICurvedProjector ? throw Wrong(part, "projector", "one that knows no Ewald sphere")
        : projector;

    /// <summary>Requires a scorer of the coefficients that were asked for.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is of another disc.</exception>
    public static IPoseScorer Scorer(IPart part, IPoseScorer? scorer, FourierDisc disc) =>
        scorer is null ? throw Wrong(part, "scorer", "no scorer")
        : scorer.Disc != disc ? throw Wrong(part, "scorer", "one of another disc")
        : scorer;

    /// <summary>What is thrown where a part gives what it must not.</summary>
    public static InvalidOperationException Wrong(IPart part, string what, string gave) => new($"The {what} \"{PlainText.OneLine(part.Name)}\" gave {gave}.");
}
