using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Adds particles to the sums of a reconstruction elsewhere than on the processor's threads, on a device for example:
/// <see cref="FourierReconstructor.Inserter"/>. Grid, symmetry and the map that is made of the sums stay the reconstructor's.
/// </summary>
public interface ISliceInserter : IPart
{
    /// <summary>Adds particles.</summary>
    /// <param name="input">Prepared particles with poses and weights.</param>
    /// <param name="sampling">
    /// How the images of each optics group sample the grid: the same list for all that goes into a map, so that what is made of it can be kept.
    /// </param>
    /// <param name="indices">Those to add.</param>
    /// <param name="copies">
    /// The rotations R of the symmetry, the identity first: an image in the pose (A, t) is added in each (A R, t).
    /// </param>
    /// <param name="sums">
    /// What is added to. What is kept elsewhere until the sums are looked at goes into <see cref="FourierAccumulator.Deferred"/>.
    /// </param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told of the particles done so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidInputException">An image that cannot be read or is not finite; a pose or weight that is not finite.</exception>
    void Insert(
        ReconstructionInput input,
        IReadOnlyList<GroupSampling> sampling,
        IReadOnlyList<int> indices,
        IReadOnlyList<Rotation> copies,
        FourierAccumulator sums,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress,
        CancellationToken cancellationToken);
}
