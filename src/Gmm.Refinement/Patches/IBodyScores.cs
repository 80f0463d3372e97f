using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Scores of some images against moving parts. Serves one thread at a time; each image's result depends on that image only.</summary>
public interface IBodyScores : IDisposable
{
    /// <summary>Takes images, in place of those before, and projects what is still.</summary>
    /// <param name="images">Reads them.</param>
    /// <param name="members">Their numbers in the source, all of one optics group.</param>
    /// <param name="still">For each the pose of what does not move.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The places, among the members, of the images that hold something: the others are not taken.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    IReadOnlyList<int> Load(
        ParticleImages images, IReadOnlyList<int> members, IReadOnlyList<Pose> still, ComputeOptions compute, CancellationToken cancellationToken);

    /// <summary>Takes a part out of what is still, in place of the part taken out before.</summary>
    /// <param name="body">The part.</param>
    /// <param name="poses">For each image taken its pose there, in the patch's frame.</param>
    void TakeOut(int body, IReadOnlyList<Pose> poses);

    /// <summary>Scores images with parts at poses, with gradient and Gauss-Newton matrix of a step of all of them.</summary>
    /// <param name="first">The first part.</param>
    /// <param name="which">The images' places among those taken.</param>
    /// <param name="poses">For each image the poses of part <paramref name="first"/> and those after it, in the patches' frames: m of them.</param>
    /// <param name="gradients">For each image receives 5 m values.</param>
    /// <param name="information">For each image receives 5 m x 5 m values.</param>
    /// <returns>The score of each image.</returns>
    PoseScore[] Evaluate(
        int first, IReadOnlyList<int> which, IReadOnlyList<Pose[]> poses, IReadOnlyList<double[]> gradients, IReadOnlyList<double[]> information);
}
