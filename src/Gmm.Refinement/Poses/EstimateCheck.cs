using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What an optimizer says of a particle, checked: an optimizer may come from outside.</summary>
internal static class EstimateCheck
{
    /// <summary>A rotation's columns may be off by this much, as products of many rotations are.</summary>
    private const double Orthonormal = 1e-6;

    /// <summary>The estimate; the start with <see cref="PoseStatus.Failed"/> where its pose or its covariance cannot be one.</summary>
    /// <exception cref="InvalidOperationException">There is no estimate.</exception>
    public static PoseEstimate Of(PoseEstimate? estimate, Pose start, IPoseOptimizer optimizer)
    {
        if (estimate is null)
        {
            throw PartChecks.Wrong(optimizer, "optimizer", "no estimate for a particle");
        }

        if (estimate.Status != PoseStatus.Refined)
        {
            return estimate;
        }

        return IsPose(estimate.Pose) && IsCovariance(estimate.Covariance) && double.IsFinite(estimate.Score.Objective)
            && double.IsFinite(estimate.Score.Correlation)
            ? estimate
            : new PoseEstimate(start, estimate.StartScore, estimate.StartScore, null, estimate.Steps, PoseStatus.Failed);
    }

    private static bool IsPose(in Pose pose)
    {
        if (!double.IsFinite(pose.ShiftX) || !double.IsFinite(pose.ShiftY))
        {
            return false;
        }

        var square = pose.Rotation * pose.Rotation.Transpose();
        double[] off = [square.M00 - 1, square.M11 - 1, square.M22 - 1, square.M01, square.M02, square.M12];
        return off.All(v => Math.Abs(v) < Orthonormal);
    }

    private static bool IsCovariance(double[]? covariance)
    {
        if (covariance is null)
        {
            return true;
        }

        const int n = Pose.ParameterCount;
        return covariance.Length == n * n && covariance.All(double.IsFinite) && Enumerable.Range(0, n).All(p => covariance[(n + 1) * p] >= 0);
    }
}
