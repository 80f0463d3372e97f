using Gmm.Core;

namespace Gmm.IO;

/// <summary>RELION's columns of priors on the pose, which must not keep an old pose beside a new one.</summary>
/// <remarks>
/// relion_refine centres its local searches on these columns where they are, and on the pose only where they are not (MlOptimiser::getMetaDataSubset and
/// expectationOneParticle, 3.1.3 to 5.0.1), so a run that starts from new poses with old priors would search around the old poses. Its own helical
/// refinement sets them to the last iteration's pose (updateAngularPriorsForHelicalReconstructionFromLastIter, helix.cpp), and so does this. They are
/// not taken out, since helical refinement with averaging needs them.
/// </remarks>
internal static class PosePriors
{
    private static readonly (string Prior, string Pose)[] Columns =
    [
        ("rlnAngleRotPrior", PoseText.Rot), ("rlnAngleTiltPrior", PoseText.Tilt), ("rlnAnglePsiPrior", PoseText.Psi),
        ("rlnOriginXPriorAngst", PoseText.OriginXAngstrom), ("rlnOriginYPriorAngst", PoseText.OriginYAngstrom),
        ("rlnOriginXPrior", PoseText.OriginXPixels), ("rlnOriginYPrior", PoseText.OriginYPixels),
    ];

    /// <summary>Sets the priors that a table has to its poses, in the rows whose pose is new.</summary>
    /// <param name="table">The table, its poses written.</param>
    /// <param name="isNew">Whether a row's pose is new.</param>
    public static void Follow(StarTable table, Func<int, bool> isNew)
    {
        foreach (var (prior, pose) in Columns)
        {
            if (!table.Contains(prior) || !table.Contains(pose))
            {
                continue;
            }

            var (values, poses) = (table.Texts(prior), table.Texts(pose));
            table.SetColumn(prior, new MappedList<string>(table.RowCount, i => isNew(i) ? poses[i] : values[i]));
        }
    }
}
