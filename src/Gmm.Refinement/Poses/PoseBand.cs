using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>One band of coarse-to-fine pose optimization: the projector and the scorer of a resolution.</summary>
/// <param name="Projector">Projects the reference onto the band's disc.</param>
/// <param name="Scorer">Compares on the same disc.</param>
/// <param name="Resolution">The band's limit, angstrom.</param>
public sealed record PoseBand(IProjector<float> Projector, IPoseScorer Scorer, double Resolution)
{
    /// <summary>
    /// A part of the structure that does not move with the pose sought but stays at one given for each particle (<see cref="PoseWorkspace.Prepare(Pose)"/>);
    /// null for none. On the same disc.
    /// </summary>
    public IProjector<float>? Rest { get; init; }
}
