using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// <see cref="LevenbergMarquardtPoseOptimizer"/> for tilt series: the pose that all images of a particle have in common, by the sum of their normal
/// equations. Immutable and safe on many threads.
/// </summary>
/// <param name="options">Settings of the climb; farthest rotation and shift count for the particle.</param>
/// <param name="shiftSigma">Standard deviation of an image's own shift, angstrom.</param>
internal sealed class SeriesOptimizer(LevenbergMarquardtOptions options, double shiftSigma)
{
    /// <summary>Finds the best pose of the series in a workspace.</summary>
    /// <param name="workspace">The prepared images.</param>
    /// <param name="geometry">Their tilts.</param>
    /// <param name="start">Where to start.</param>
    /// <returns>The pose, null if it failed, and an estimate for each image.</returns>
    public (SeriesPose? Pose, PoseEstimate[] Images) Optimize(SeriesWorkspace workspace, SeriesGeometry geometry, SeriesPose start)
    {
        var climb = new SeriesClimb(workspace, geometry, start, shiftSigma, options.Tolerance);
        var n = climb.Parameters;
        double[] gradient = new double[n], information = new double[n * n], memory = new double[DampedClimb.MemoryFor(n)];
        DampedClimb.Run(ref climb, options.CoarseSteps + options.FineSteps, DampingSchedule.Pose, gradient, information, memory);

        var covariance = new double[n * n];
        var usable = IsUsable(start, climb) && Cholesky.TryInvert(n, information, covariance);
        var images = new PoseEstimate[workspace.Count];
        for (var i = 0; i < images.Length; i++)
        {
            var (first, last) = (geometry.Pose(start, i), geometry.Pose(climb.Kept, i));
            var (firstScore, lastScore) = (workspace.Products(i, first).Score, workspace.Products(i, last).Score);
            images[i] = usable
                ? new PoseEstimate(last, lastScore, firstScore, climb.Covariance(i, covariance), climb.Steps, PoseStatus.Refined)
                : new PoseEstimate(first, firstScore, firstScore, null, climb.Steps, PoseStatus.Failed);
        }

        return (usable ? climb.Kept : null, images);
    }

    private bool IsUsable(SeriesPose start, SeriesClimb climb)
    {
        var ((x, y, z), (x0, y0, z0)) = (climb.Kept.Shift, start.Shift);
        return double.IsFinite(climb.Score.Objective) && climb.Score.Objective != 0 && climb.Score.Correlation != 0
            && climb.Kept.Rotation.AngleTo(start.Rotation) <= options.MaximumRotationDegrees * (Math.PI / 180)
            && Math.Sqrt(((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) + ((z - z0) * (z - z0))) <= options.MaximumShiftAngstrom;
    }
}
