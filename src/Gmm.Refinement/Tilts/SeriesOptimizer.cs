using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// <see cref="LevenbergMarquardtPoseOptimizer"/> for tilt series: the pose that all images of a particle have in common, by the sum of their normal
/// equations. Immutable and safe on many threads.
/// </summary>
/// <param name="options">Settings of the climb; farthest rotation and shift count for the particle.</param>
/// <param name="prior">What is known of the poses.</param>
internal sealed class SeriesOptimizer(LevenbergMarquardtOptions options, TiltSeriesPrior prior)
{
    /// <summary>Climbs of the search that go on to the end.</summary>
    private const int Kept = 3;

    /// <summary>Finds the best pose of the series in a workspace.</summary>
    /// <param name="workspace">The prepared images.</param>
    /// <param name="geometry">Their tilts.</param>
    /// <param name="start">Where to start.</param>
    /// <returns>The pose, null if it failed, and an estimate for each image.</returns>
    public (SeriesPose? Pose, PoseEstimate[] Images) Optimize(SeriesWorkspace workspace, SeriesGeometry geometry, SeriesPose start)
    {
        var n = SeriesClimb.ParametersOf(geometry.Count, prior);
        double[] gradient = new double[n], memory = new double[DampedClimb.MemoryFor(n)];
        (SeriesClimb Climb, double[] Information)? best = null;
        foreach (var from in Starts(workspace, geometry, start))
        {
            var next = new SeriesClimb(workspace, geometry, from, prior, options.Tolerance);
            var matrix = new double[n * n];
            DampedClimb.Run(ref next, options.CoarseSteps + options.FineSteps, DampingSchedule.Pose, gradient, matrix, memory);
            if (best is null || next.Score.Objective > best.Value.Climb.Score.Objective)
            {
                best = (next, matrix);
            }
        }

        return Result(workspace, geometry, start, best!.Value.Climb, best.Value.Information);
    }

    /// <summary>
    /// Where to climb from: the start, and those rotations about the source's that short climbs lead highest from. They are as far from each other as moves
    /// the typical Gaussian by half the resolution, which is about how far a climb reaches.
    /// </summary>
    private IEnumerable<SeriesPose> Starts(SeriesWorkspace workspace, SeriesGeometry geometry, SeriesPose start)
    {
        if (!(prior.RotationSigmaDegrees > 0))
        {
            return [start];
        }

        var limit = 2 * prior.RotationSigmaDegrees * (Math.PI / 180);
        var step = 0.5 * workspace.Resolution / workspace.Radius;
        var steps = (int)(limit / step);
        var rigid = prior with { ShiftSigmaAngstrom = 0 };
        var found = new List<(SeriesPose Pose, double Objective)>();
        double[] gradient = new double[SeriesClimb.Shared], matrix = new double[SeriesClimb.Shared * SeriesClimb.Shared];
        var memory = new double[DampedClimb.MemoryFor(SeriesClimb.Shared)];
        var line = Enumerable.Range(-steps, (2 * steps) + 1).ToArray();
        var ball = from k in line
                   from j in line
                   from i in line
                   where step * step * ((i * i) + (j * j) + (k * k)) <= limit * limit
                   select Rotation.FromRotationVector(i * step, j * step, k * step);
        foreach (var turn in ball)
        {
            var turned = (turn * geometry.First).Orthonormalized();
            var climb = new SeriesClimb(workspace, geometry, start with { Rotation = turned }, rigid, options.CoarseTolerance);
            DampedClimb.Run(ref climb, options.CoarseSteps, DampingSchedule.Pose, gradient, matrix, memory);
            found.Add((climb.Kept, climb.Score.Objective));
        }

        return found.OrderByDescending(f => f.Objective).Take(Kept).Select(f => f.Pose).Prepend(start);
    }

    private (SeriesPose? Pose, PoseEstimate[] Images) Result(
        SeriesWorkspace workspace, SeriesGeometry geometry, SeriesPose start, SeriesClimb climb, double[] information)
    {
        var n = climb.Parameters;
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
        var farthest = Math.Max(options.MaximumShiftAngstrom, 4 * prior.PositionSigmaAngstrom);
        return double.IsFinite(climb.Score.Objective) && climb.Score.Objective != 0 && climb.Score.Correlation != 0
            && climb.Kept.Rotation.AngleTo(start.Rotation) <= Math.Max(options.MaximumRotationDegrees, 4 * prior.RotationSigmaDegrees) * (Math.PI / 180)
            && Math.Sqrt(((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) + ((z - z0) * (z - z0))) <= farthest;
    }
}
