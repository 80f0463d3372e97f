using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What one image says about the motions of some parts, without any prior: log-likelihood = b.y - y.J y / 2 + constant in the displacements y of
/// their poses from the consensus.
/// </summary>
/// <param name="Rotation">The consensus rotation.</param>
/// <param name="First">The first part; the others follow it.</param>
/// <param name="Information">J, (5 n)^2 values for n parts.</param>
/// <param name="Right">b, 5 n values.</param>
internal sealed record MotionEvidence(Rotation Rotation, int First, double[] Information, double[] Right)
{
    private const int N = Pose.ParameterCount;

    public int Parts => Right.Length / N;

    /// <summary>What the image of a particle alone says of one part, from what the optimizer found with a prior; null where it found nothing.</summary>
    public static MotionEvidence? Of(PosePrior prior, PoseEstimate estimate)
    {
        double[] total = new double[N * N], inverse = new double[N * N];
        if (estimate.Status != PoseStatus.Refined || estimate.Covariance is not { } covariance || !Cholesky.TryInvert(N, covariance, total))
        {
            return null;
        }

        for (var p = 0; p < N; p++)
        {
            inverse[p * (N + 1)] = 1;
        }

        // From the step's tangent space to y: I_y = D^-T I D^-1 with D = dy/dstep. At the best pose the image's pull and the prior's cancel, so that
        // b = (I_y - L) y + L y = I_y y, L the prior's information.
        if (!SmallMatrix.Solve(prior.Jacobian(estimate.Pose), inverse, N, N))
        {
            return null;
        }

        var information = SmallMatrix.Sandwich(SmallMatrix.Transpose(inverse, N, N), total, N, N);
        var right = SmallMatrix.Multiply(information, prior.Displacement(estimate.Pose), N, N, 1);
        for (var i = 0; i < information.Length; i++)
        {
            information[i] -= prior.Information[i];
        }

        return new MotionEvidence(prior.Centre.Rotation, 0, information, right);
    }
}
