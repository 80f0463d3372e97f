using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What one image says about the motions of some patches, without any prior: log-likelihood = b.x - x.J x / 2 + constant in the steps x of
/// their poses from the consensus.
/// </summary>
/// <param name="Rotation">The consensus rotation.</param>
/// <param name="First">The first patch; the others follow it.</param>
/// <param name="Information">J, (5 n)^2 values for n patches.</param>
/// <param name="Right">b, 5 n values.</param>
internal sealed record MotionEvidence(Rotation Rotation, int First, double[] Information, double[] Right)
{
    public int Patches => Right.Length / Pose.ParameterCount;
}
