using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Makes maps of particles at given poses: the last step of every iteration. <see cref="FourierReconstructor"/> is the ready one; another needs a name and
/// <see cref="ReconstructHalf"/>, and the loops take it in their options.
/// </summary>
/// <remarks>
/// The same input gives the same bits, on any number of threads, and a half map has seen particles of its own half only.
/// <example>
/// A reconstructor whose maps fade towards the edge of the box:
/// <code>
/// sealed class FadedReconstructor : IReconstructor
/// {
///     private readonly FourierReconstructor _inner = new();
///
///     public string Name => $"faded {_inner.Name}";
///
///     public HalfMap ReconstructHalf(
///         ReconstructionInput input, int half, ReconstructionOptions options, ComputeOptions compute,
///         IProgress&lt;ReconstructionProgress&gt;? progress, CancellationToken cancellationToken)
///     {
///         HalfMap map = _inner.ReconstructHalf(input, half, options, compute, progress, cancellationToken);
///         return new HalfMap(map.Size, map.PixelSize, Fade(map.Voxels), half);
///     }
/// }
/// </code>
/// One that reads the images itself takes them from <see cref="ReconstructionInput.Prepare"/> and <see cref="ReconstructionInput.Select"/>, with
/// <see cref="ReconstructionInput.PoseOf"/> and <see cref="ReconstructionInput.WeightOf"/>.
/// </example>
/// </remarks>
public interface IReconstructor : IPart
{
    /// <summary>Makes one half map.</summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="half">1 or 2: no particle of the other half may be looked at.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told of the particles done so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The half map, unfiltered, on the scale whose projections are the images.</returns>
    /// <exception cref="InvalidInputException">No particles; an image that cannot be read or is not finite; a pose, weight or CTF that is not
    /// finite.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles, or a half that is none.</exception>
    HalfMap ReconstructHalf(
        ReconstructionInput input,
        int half,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Makes both half maps; one after the other, if it is not said otherwise.</summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told of the particles done so far, of both halves together.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The half maps.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReconstructHalf"/>.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    HalfMapPair ReconstructHalves(
        ReconstructionInput input,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        input = input.Prepare(options.Images, compute, [.. input.Select(1), .. input.Select(2)], cancellationToken);
        int count1 = input.Select(1).Count, count2 = input.Select(2).Count;
        var half1 = ReconstructHalf(input, 1, options, compute, PartOfProgress.Of(progress, 0, count1 + count2), cancellationToken);
        var half2 = ReconstructHalf(input, 2, options, compute, PartOfProgress.Of(progress, count1, count1 + count2), cancellationToken);
        return new HalfMapPair(half1, half2, count1, count2);
    }

    /// <summary>
    /// Makes the map of a half's particles, and for each fold the map of those outside it, as cross-fitting needs them; every map from the images anew,
    /// if it is not said otherwise.
    /// </summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="half">1 or 2.</param>
    /// <param name="foldOf">For each particle of the source its fold, from 0; -1 leaves it out of all maps.</param>
    /// <param name="folds">Number of folds.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told of the particles done so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The map of all, then the map without fold 0, 1, ...; with one fold the map of all only.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReconstructHalf"/>.</exception>
    /// <exception cref="ArgumentException">Poses, weights or folds of another length than the particles, or a half that is none.</exception>
    HalfMap[] ReconstructFolds(
        ReconstructionInput input,
        int half,
        IReadOnlyList<int> foldOf,
        int folds,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(foldOf);
        ArgumentOutOfRangeException.ThrowIfNotEqual(foldOf.Count, input.Source.Particles.Count, nameof(foldOf));
        var count = folds > 1 ? folds + 1 : 1;
        var maps = new HalfMap[count];
        for (var m = 0; m < count; m++)
        {
            float[] weights = [.. foldOf.Select((f, i) => f < 0 || f == m - 1 ? 0 : input.Weights?[i] ?? 1)];
            var all = input.Source.Particles.Count;
            maps[m] = ReconstructHalf(
                input with { Weights = weights }, half, options, compute, PartOfProgress.Of(progress, m * all, count * all), cancellationToken);
        }

        return maps;
    }
}
