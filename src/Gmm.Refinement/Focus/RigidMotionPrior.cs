using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// How a region moves as a rigid body in the molecule's own frame: x = (w, s), a rotation vector about the region's centre (radians) and a shift
/// (angstrom), normally distributed about 0 with a covariance learnt from the particles (empirical Bayes).
/// </summary>
/// <remarks>
/// A small domain's image carries too little signal for five free numbers, but its motion is usually of one or two modes (a hinge), the same
/// in every particle of a half. With A' = A exp([w]), the prior of an image's displacement y (<see cref="PosePrior"/>) is normal with
/// covariance B S B', B = (A 0; 0 A_xy): the shift along the beam is unseen. Learning is expectation-maximisation: given S, each particle's
/// x has a posterior mean and covariance, and S becomes the mean of x x' + covariance. Halves must learn apart.
/// <example>
/// <code>
/// var prior = RigidMotionPrior.Start((10, 0, 35));
/// PosePrior pose = prior.At(consensusPose);           // give it to a PoseWorkspace, refine
/// prior = prior.Learn(observations);                  // and again
/// </code>
/// </example>
/// </remarks>
public sealed class RigidMotionPrior
{
    private const int N = Pose.ParameterCount;
    private const int M = 6;

    // A weak inverse-Wishart prior: ten particles' worth of a motion too small to see, so that no direction is ever quite forbidden.
    private const double FloorCount = 10;
    private const double FloorRadian = 0.2 * Math.PI / 180;
    private const double FloorAngstrom = 0.1;
    private const int MaximumRounds = 300;

    private readonly double[] _covariance;

    /// <summary>Makes a prior.</summary>
    /// <param name="centre">The region's centre, angstrom from the box centre.</param>
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

    /// <summary>The region's centre, angstrom from the box centre.</summary>
    public (double X, double Y, double Z) Centre { get; }

    /// <summary>Covariance of x, 36 values row by row.</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    /// <summary>A wide prior to start from, the same in all directions.</summary>
    /// <param name="centre">The region's centre, angstrom from the box centre.</param>
    /// <param name="degrees">Standard deviation of the rotation about each axis, degrees.</param>
    /// <param name="angstrom">Standard deviation of the shift along each axis, angstrom.</param>
    /// <returns>The prior.</returns>
    public static RigidMotionPrior Start((double X, double Y, double Z) centre, double degrees = 6, double angstrom = 3)
    {
        var covariance = new double[M * M];
        for (var i = 0; i < M; i++)
        {
            covariance[i * (M + 1)] = i < 3 ? Math.Pow(degrees * Math.PI / 180, 2) : angstrom * angstrom;
        }

        return new RigidMotionPrior(centre, covariance);
    }

    /// <summary>The prior of a particle's pose.</summary>
    /// <param name="consensus">The pose of the whole molecule.</param>
    /// <returns>Centred there.</returns>
    public PosePrior At(Pose consensus)
    {
        var information = new double[N * N];
        return Cholesky.TryInvert(N, SmallMatrix.Sandwich(Map(consensus), _covariance, N, M), information)
            ? new PosePrior(consensus, information, Centre)
            : throw new InvalidOperationException("The covariance of the motion is singular.");
    }

    /// <summary>Learns the covariance anew from refined particles of one half, starting from this one.</summary>
    /// <param name="particles">For each particle the consensus pose and what the optimizer found with <see cref="At"/> of this prior.</param>
    /// <returns>The prior with the most probable covariance given the images, to second order about the poses found.</returns>
    public RigidMotionPrior Learn(IEnumerable<(Pose Consensus, PoseEstimate Estimate)> particles)
    {
        var seen = particles.Select(Observe).OfType<Observation>().ToArray();
        if (seen.Length == 0)
        {
            return this;
        }

        var covariance = _covariance;
        for (var round = 0; round < MaximumRounds; round++)
        {
            var next = Round(covariance, seen);
            var change = 0.0;
            for (var i = 0; i < M; i++)
            {
                change = Math.Max(change, Math.Abs((next[i * (M + 1)] / covariance[i * (M + 1)]) - 1));
            }

            covariance = next;
            if (change < 1e-4)
            {
                break;
            }
        }

        return new RigidMotionPrior(Centre, covariance);
    }

    /// <summary>The independent modes of the motion, strongest first.</summary>
    /// <param name="region">Tells how far a rotation moves the region.</param>
    internal MotionMode[] Modes(FocusRegion region)
    {
        // In the metric of the mean squared movement, |x|^2 = w'Jw + s's, the eigenvectors are independent motions measured in angstrom.
        var (values, vectors) = SymmetricEigen.Decompose(region.Inertia, 3);
        double[] root = new double[M * M], inverse = new double[M * M];
        for (var i = 0; i < 3; i++)
        {
            root[(i + 3) * (M + 1)] = inverse[(i + 3) * (M + 1)] = 1;
            for (var j = 0; j < 3; j++)
            {
                for (var k = 0; k < 3; k++)
                {
                    var length = Math.Sqrt(Math.Max(values[k], 1));
                    root[(i * M) + j] += vectors[(k * 3) + i] * length * vectors[(k * 3) + j];
                    inverse[(i * M) + j] += vectors[(k * 3) + i] / length * vectors[(k * 3) + j];
                }
            }
        }

        var (variances, modes) = SymmetricEigen.Decompose(SmallMatrix.Sandwich(root, _covariance, M, M), M);
        return [.. Enumerable.Range(0, M).Select(i => Mode(Math.Sqrt(Math.Max(0, variances[i])), SmallMatrix.Multiply(inverse, modes.AsSpan(i * M, M), M, M, 1)))];
    }

    private static MotionMode Mode(double rms, double[] x)
    {
        var (angle, axis) = Split(x.AsSpan(0, 3));
        var (length, direction) = Split(x.AsSpan(3, 3));
        return new MotionMode
        {
            RmsAngstrom = rms,
            RotationDegrees = rms * angle * (180 / Math.PI),
            Axis = axis,
            ShiftAngstrom = rms * length,
            Direction = direction,
        };
    }

    private static (double Length, double[] Unit) Split(ReadOnlySpan<double> v)
    {
        var length = Math.Sqrt((v[0] * v[0]) + (v[1] * v[1]) + (v[2] * v[2]));
        return length > 0 ? (length, [v[0] / length, v[1] / length, v[2] / length]) : (0, [0, 0, 0]);
    }

    /// <summary>B: from a rigid motion in the molecule's frame to the displacement in the image, 5 x 6.</summary>
    private static double[] Map(in Pose consensus)
    {
        var a = consensus.Rotation;
        return
        [
            a.M00, a.M01, a.M02, 0, 0, 0,
            a.M10, a.M11, a.M12, 0, 0, 0,
            a.M20, a.M21, a.M22, 0, 0, 0,
            0, 0, 0, a.M00, a.M01, a.M02,
            0, 0, 0, a.M10, a.M11, a.M12,
        ];
    }

    /// <summary>What a particle's image alone says of x, to second order: information and information times value.</summary>
    private Observation? Observe((Pose Consensus, PoseEstimate Estimate) particle)
    {
        if (Image(particle) is not { } image)
        {
            return null;
        }

        var back = SmallMatrix.Transpose(Map(particle.Consensus), N, M);
        return new Observation(SmallMatrix.Sandwich(back, image.Information, M, N), SmallMatrix.Multiply(back, image.Value, M, N, 1));
    }

    /// <summary>The same of the displacement y in the image.</summary>
    private Observation? Image((Pose Consensus, PoseEstimate Estimate) particle)
    {
        var (consensus, estimate) = particle;
        var total = new double[N * N];
        if (estimate.Status != PoseStatus.Refined || estimate.Covariance is not { } covariance || !Cholesky.TryInvert(N, covariance, total))
        {
            return null;
        }

        var prior = At(consensus);
        var y = prior.Displacement(estimate.Pose);
        var inverse = new double[N * N];
        for (var p = 0; p < N; p++)
        {
            inverse[p * (N + 1)] = 1;
        }

        // From the step's tangent space to y: I_y = J^-T I J^-1. At the best pose the image's pull and the prior's cancel, so that
        // information times value is (I_y + L) y.
        if (!SmallMatrix.Solve(prior.Jacobian(estimate.Pose), inverse, N, N))
        {
            return null;
        }

        var information = SmallMatrix.Sandwich(SmallMatrix.Transpose(inverse, N, N), total, N, N);
        var value = SmallMatrix.Multiply(information, y, N, N, 1);
        for (var i = 0; i < information.Length; i++)
        {
            information[i] -= prior.Information[i];
        }

        return new Observation(information, value);
    }

    private static double[] Round(double[] covariance, Observation[] seen)
    {
        var sum = new double[M * M];
        for (var i = 0; i < M; i++)
        {
            sum[i * (M + 1)] = FloorCount * (i < 3 ? FloorRadian * FloorRadian : FloorAngstrom * FloorAngstrom);
        }

        foreach (var o in seen)
        {
            // Posterior covariance (S^-1 + I)^-1 = (1 + S I)^-1 S, which needs no inverse of S.
            var left = SmallMatrix.Multiply(covariance, o.Information, M, M, M);
            for (var i = 0; i < M; i++)
            {
                left[i * (M + 1)] += 1;
            }

            var posterior = (double[])covariance.Clone();
            SmallMatrix.Solve(left, posterior, M, M);
            var x = SmallMatrix.Multiply(posterior, o.Value, M, M, 1);
            for (var i = 0; i < M; i++)
            {
                for (var j = 0; j < M; j++)
                {
                    sum[(i * M) + j] += (x[i] * x[j]) + (0.5 * (posterior[(i * M) + j] + posterior[(j * M) + i]));
                }
            }
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] /= seen.Length + FloorCount;
        }

        return sum;
    }

    private sealed record Observation(double[] Information, double[] Value);
}
