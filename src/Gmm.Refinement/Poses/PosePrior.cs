using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What is known of a particle's pose before its image is compared: a normal distribution about a centre, in the units of log-likelihood. A
/// pose optimizer adds it to the objective, the gradient and the Gauss-Newton matrix of a likelihood score, so that the best pose is the most
/// probable one and the covariance that of the posterior.
/// </summary>
/// <remarks>
/// The displacement y of a pose (A, t) from the centre (A0, t0) has five numbers: the rotation vector of A A0^T (radians, in the image's frame) and
/// the way the pivot has moved in the image, t - t0 + ((A - A0) p)_xy (angstrom). The log-density is -y'Ly/2, L the information. With the pivot
/// at the box centre this is the left tangent space of <see cref="Pose.Step"/>; a pivot in the part of the structure that moves keeps
/// rotation and shift apart for large angles too.
/// </remarks>
public sealed class PosePrior
{
    private const int N = Pose.ParameterCount;
    private readonly double[] _information;

    /// <summary>Makes a prior.</summary>
    /// <param name="centre">The most probable pose.</param>
    /// <param name="information">Inverse covariance of y, 25 values row by row, symmetric; zero says nothing.</param>
    /// <param name="pivot">The pivot, angstrom from the box centre in the structure's frame.</param>
    /// <exception cref="ArgumentException">Not 25 values, or one that is not finite.</exception>
    public PosePrior(Pose centre, ReadOnlySpan<double> information, (double X, double Y, double Z) pivot = default)
    {
        if (information.Length != N * N)
        {
            throw new ArgumentException("The information of a pose has 25 values.", nameof(information));
        }

        foreach (var v in information)
        {
            if (!double.IsFinite(v))
            {
                throw new ArgumentException("The information of a pose must be finite.", nameof(information));
            }
        }

        (Centre, Pivot) = (centre, pivot);
        _information = information.ToArray();
    }

    /// <summary>The most probable pose.</summary>
    public Pose Centre { get; }

    /// <summary>The pivot, angstrom from the box centre in the structure's frame.</summary>
    public (double X, double Y, double Z) Pivot { get; }

    /// <summary>The information, 25 values row by row.</summary>
    public ReadOnlySpan<double> Information => _information;

    /// <summary>The displacement y of a pose from the centre.</summary>
    /// <param name="pose">The pose.</param>
    /// <returns>Three radians, two angstrom.</returns>
    public double[] Displacement(in Pose pose)
    {
        var (wx, wy, wz) = RotationVector.Of(pose.Rotation * Centre.Rotation.Transpose());
        var (ax, ay, _) = pose.Rotation.Apply(Pivot.X, Pivot.Y, Pivot.Z);
        var (bx, by, _) = Centre.Rotation.Apply(Pivot.X, Pivot.Y, Pivot.Z);
        return [wx, wy, wz, pose.ShiftX - Centre.ShiftX + (ax - bx), pose.ShiftY - Centre.ShiftY + (ay - by)];
    }

    /// <summary>The log-density, less its maximum.</summary>
    /// <param name="pose">The pose.</param>
    /// <returns>0 or less.</returns>
    public double LogDensity(in Pose pose) => QuadraticPrior.Value(_information, Displacement(pose));

    /// <summary>Adds the prior's derivatives with respect to a pose step to those of a score.</summary>
    /// <param name="pose">The pose.</param>
    /// <param name="gradient">Five values.</param>
    /// <param name="gaussNewton">Twenty-five values.</param>
    /// <returns>The log-density.</returns>
    public double Add(in Pose pose, Span<double> gradient, Span<double> gaussNewton) =>
        QuadraticPrior.Add(_information, Displacement(pose), Jacobian(pose), gradient, gaussNewton);

    /// <summary>Derivatives of y with respect to a pose step at a pose, 25 values row by row.</summary>
    internal double[] Jacobian(in Pose pose)
    {
        var jacobian = new double[N * N];
        var (x, y, z) = RotationVector.Of(pose.Rotation * Centre.Rotation.Transpose());
        RotationVector.InverseLeftJacobian(x, y, z, jacobian, N);

        // A rotation w moves the pivot's image by w x (A p).
        var (ax, ay, az) = pose.Rotation.Apply(Pivot.X, Pivot.Y, Pivot.Z);
        jacobian[(3 * N) + 1] = az;
        jacobian[(3 * N) + 2] = -ay;
        jacobian[4 * N] = -az;
        jacobian[(4 * N) + 2] = ax;
        jacobian[(3 * N) + 3] = jacobian[(4 * N) + 4] = 1;
        return jacobian;
    }
}
