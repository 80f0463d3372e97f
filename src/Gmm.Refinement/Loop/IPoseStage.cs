using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>What a refinement is about: which part of the models poses are refined against, and where half maps are fitted and compared.</summary>
internal interface IPoseStage
{
    /// <summary>Coarsest limit an iteration may work with, angstrom.</summary>
    double CoarsestLimit { get; }

    /// <summary>Poses at which what does not move is fitted, before the first iteration; null where the starting poses serve.</summary>
    IReadOnlyList<Pose>? RestPoses { get; }

    /// <summary>Checks the maps' grid against what was given.</summary>
    void Check(DensityMap map, SolventMask solvent);

    /// <summary>The mask inside which half maps are compared.</summary>
    SolventMask ComparisonMask(SolventMask solvent);

    /// <summary>Where models are fitted, and how finely.</summary>
    FitArea FitArea(RefinementState state);

    /// <summary>The same for the whole structure, once, from maps at <see cref="RestPoses"/>.</summary>
    FitArea WholeArea(RefinementState state);

    /// <summary>The model of a half that is kept, from what was fitted.</summary>
    GaussianModel Model(int half, GaussianModel fitted, RefinementState state);

    /// <summary>Makes ready to refine the poses of a half: measures the noise and makes its references.</summary>
    IHalfSearch Begin(HalfTask task, CancellationToken cancellationToken);

    /// <summary>
    /// What judges the poses of particles of a half by what had no part in them: <see cref="HalfTask.Model"/> is of the other half. Made after the
    /// refinement, it decides no pose.
    /// </summary>
    IHeldOut HeldOut(HalfTask task, double limit, CancellationToken cancellationToken);

    /// <summary>A sample of a half's particles, at most so many, to be judged; of each particle all images.</summary>
    int[] Sample(IReadOnlyList<int> members, int count);

    /// <summary>What the iteration found, for its record.</summary>
    FocusRecord? Summarise(HalfMotion?[] motion, IReadOnlyList<ParticleResult> particles, CorrectedFsc fsc);
}
