namespace Gmm.Core;

/// <summary>
/// A projector that knows how its projection changes with the frequency, dP/dk: what a magnification of the image does to it
/// (docs/optics.md#finding-the-terms).
/// </summary>
internal interface IGradientProjector
{
    /// <summary>The projection and its gradient by the frequency.</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="projection">Receives P; its derivative images are left alone.</param>
    /// <param name="gradient">Receives dP/dk_x and dP/dk_y, per 1/angstrom: Disc.Count values each of Re and Im along x, then along y.</param>
    /// <param name="scratch">This thread's scratch.</param>
    void ProjectWithGradient(in Pose pose, PoseJacobian<float> projection, Span<float> gradient, IProjectorScratch scratch);
}
