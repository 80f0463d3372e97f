using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// How a part of the structure moves against the whole: a normal distribution of rigid motions in the molecule's frame, learnt from the particles of
/// one half. It gives each particle the prior of its pose, so that images that say little are held near the consensus along the directions that
/// they say little about, and free along those that move.
/// </summary>
/// <remarks>
/// A motion x has six numbers: a rotation vector w (radians) and a shift d of the part's centre (angstrom). In an image at the consensus rotation A it is seen
/// as y = P x = (A w, (A d)_xy), of covariance C = P S P' where S is that of x.
/// <example>
/// <code>
/// var prior = RigidMotionPrior.Start(region.Centre);
/// // refine every particle of the half with Prior = i => prior.At(consensus[i]), then
/// prior = prior.Learn(found);
/// </code>
/// </example>
/// </remarks>
internal sealed class RigidMotionPrior
{
    /// <summary>Numbers of a motion.</summary>
    internal const int Parameters = 6;

    private const int N = Pose.ParameterCount;
    private const int M = Parameters;

    private readonly double[] _covariance;

    /// <summary>Makes a prior.</summary>
    /// <param name="centre">The part's centre, angstrom from the box centre.</param>
    /// <param name="covariance">Covariance of x, 36 values row by row: three radians, three angstrom.</param>
    /// <exception cref="ArgumentException">Not 36 finite values, or a variance that is not positive.</exception>
    public RigidMotionPrior((double X, double Y, double Z) centre, ReadOnlySpan<double> covariance)
    {
        if (covariance.Length != M * M)
        {
            throw new ArgumentException("The covariance of a rigid motion has 36 values.", nameof(covariance));
        }

        for (var i = 0; i < covariance.Length; i++)
        {
            if (!double.IsFinite(covariance[i]) || (i % (M + 1) == 0 && !(covariance[i] > 0)))
            {
                throw new ArgumentException("The covariance of a rigid motion must be finite, its variances positive.", nameof(covariance));
            }
        }

        Centre = centre;
        _covariance = covariance.ToArray();
    }

    /// <summary>The part's centre, angstrom from the box centre.</summary>
    public (double X, double Y, double Z) Centre { get; }

    /// <summary>Covariance of x, 36 values row by row.</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    /// <summary>Root mean square rotation, three axes together, degrees.</summary>
    public double RotationDegrees => Math.Sqrt(_covariance[0] + _covariance[7] + _covariance[14]) * (180 / Math.PI);

    /// <summary>Root mean square shift of the centre, three axes together, angstrom.</summary>
    public double ShiftAngstrom => Math.Sqrt(_covariance[21] + _covariance[28] + _covariance[35]);

    /// <summary>A prior to start from, the same in all directions.</summary>
    /// <param name="centre">The part's centre, angstrom from the box centre.</param>
    /// <param name="degrees">Standard deviation of the rotation about each axis, degrees.</param>
    /// <param name="angstrom">Standard deviation of the shift along each axis, angstrom.</param>
    /// <returns>The prior.</returns>
    public static RigidMotionPrior Start((double X, double Y, double Z) centre, double degrees = 6, double angstrom = 3)
    {
        var covariance = new double[M * M];
        for (var i = 0; i < M; i++)
        {
            covariance[i * (M + 1)] = i < 3 ? Math.Pow(degrees * (Math.PI / 180), 2) : angstrom * angstrom;
        }

        return new RigidMotionPrior(centre, covariance);
    }

    /// <summary>The prior of a particle's pose.</summary>
    /// <param name="consensus">The pose of the whole molecule.</param>
    /// <returns>Centred there.</returns>
    public PosePrior At(Pose consensus)
    {
        var information = new double[N * N];
        Precision(consensus.Rotation, information);
        return new PosePrior(consensus, information, Centre);
    }

    /// <summary>Learns the covariance anew from refined particles of one half, starting from this one.</summary>
    /// <param name="particles">For each particle the consensus pose and what the optimizer found with <see cref="At"/> of this prior.</param>
    /// <param name="compute">Threads, which do not change the result; null for the defaults.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The prior with the most probable covariance given the images, to second order about the poses found.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RigidMotionPrior Learn(
        IEnumerable<(Pose Consensus, PoseEstimate Estimate)> particles, ComputeOptions? compute = null, CancellationToken cancellationToken = default) =>
        RigidMotionLearner.Learn(
            [.. particles.Select(p => MotionEvidence.Of(At(p.Consensus), p.Estimate)).OfType<MotionEvidence>()],
            [this],
            LearningSchedule.Region,
            compute ?? new ComputeOptions(),
            cancellationToken)[0];

    /// <summary>The distribution of the motion that an image sees, C = P S P'.</summary>
    /// <param name="a">The consensus rotation of the image.</param>
    /// <param name="seen">25 values.</param>
    /// <param name="cross">30 values: S P', six rows of five.</param>
    internal void Project(in Rotation a, Span<double> seen, Span<double> cross)
    {
        Span<double> p =
        [
            a.M00, a.M01, a.M02, 0, 0, 0,
            a.M10, a.M11, a.M12, 0, 0, 0,
            a.M20, a.M21, a.M22, 0, 0, 0,
            0, 0, 0, a.M00, a.M01, a.M02,
            0, 0, 0, a.M10, a.M11, a.M12,
        ];
        for (var i = 0; i < M; i++)
        {
            for (var j = 0; j < N; j++)
            {
                cross[(i * N) + j] = SmallMatrix.Dot(_covariance.AsSpan(i * M, M), p.Slice(j * M, M));
            }
        }

        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                double sum = 0;
                for (var k = 0; k < M; k++)
                {
                    sum += p[(i * M) + k] * cross[(k * N) + j];
                }

                seen[(i * N) + j] = sum;
            }
        }
    }

    /// <summary>The precision of that motion, the inverse of C.</summary>
    internal void Precision(in Rotation a, Span<double> precision)
    {
        Span<double> seen = stackalloc double[N * N], cross = stackalloc double[M * N];
        Project(a, seen, cross);
        if (!Cholesky.TryInvert(N, seen, precision))
        {
            throw new InvalidOperationException("The covariance of the motion is singular.");
        }
    }
}
