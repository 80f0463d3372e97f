using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What pose optimization found for one particle.</summary>
/// <param name="Pose">The best pose found.</param>
/// <param name="Score">The score at that pose.</param>
/// <param name="StartScore">The score at the pose it started from, same reference and band.</param>
/// <param name="Covariance">
/// Posterior covariance of a pose step at the best pose, 25 values row by row (three radians, two angstrom); null where the score is
/// no likelihood or determines no pose.
/// </param>
/// <param name="Steps">Steps tried, over all bands.</param>
/// <param name="Status">Whether the pose can be used.</param>
public sealed record PoseEstimate(Pose Pose, PoseScore Score, PoseScore StartScore, double[]? Covariance, int Steps, PoseStatus Status)
{
    /// <summary>The standard deviations where the covariance was let go; NaN otherwise.</summary>
    private double _rotationSigma = double.NaN, _shiftSigma = double.NaN;

    private bool _wasDetermined;

    /// <summary>Whether there is a covariance, or was one before it was let go.</summary>
    internal bool IsDetermined => Covariance is not null || _wasDetermined;

    /// <summary>Standard deviation of the rotation, the three axes together, degrees; NaN without a covariance.</summary>
    public double RotationSigmaDegrees => Covariance is { } c ? Math.Sqrt(c[0] + c[6] + c[12]) * (180 / Math.PI) : _rotationSigma;

    /// <summary>Standard deviation of the shift, both axes together, angstrom; NaN without a covariance.</summary>
    public double ShiftSigmaAngstrom => Covariance is { } c ? Math.Sqrt(c[18] + c[24]) : _shiftSigma;

    /// <summary>The same with its standard deviations alone: half as large, where millions are held.</summary>
    internal PoseEstimate WithoutCovariance() => this with
    {
        Covariance = null,
        _rotationSigma = RotationSigmaDegrees,
        _shiftSigma = ShiftSigmaAngstrom,
        _wasDetermined = IsDetermined,
    };
}
