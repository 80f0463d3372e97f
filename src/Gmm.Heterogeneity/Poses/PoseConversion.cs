using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>A particle's conformation as a pose of the region.</summary>
/// <param name="Pose">The pose at which the neutral region looks like the particle's own conformer at the old pose.</param>
/// <param name="ResidualAngstrom">
/// What no pose can express: the weighted root mean square distance between the neutral region, moved rigidly, and the conformer; in three
/// dimensions, or (published mode) of the projected centres.
/// </param>
/// <param name="RotationDegrees">Angle by which the region turned.</param>
/// <param name="MovementAngstrom">Weighted root mean square displacement of the region's Gaussians in the conformer.</param>
/// <param name="RotationSigmaDegrees">Standard deviation of the rotation, three axes together, from the latent point's; NaN if not known.</param>
/// <param name="ShiftSigmaAngstrom">Standard deviation of where the region's centroid is seen, both axes together; NaN if not known.</param>
public readonly record struct PoseConversion(
    Pose Pose, double ResidualAngstrom, double RotationDegrees, double MovementAngstrom, double RotationSigmaDegrees, double ShiftSigmaAngstrom);
