using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// How far patches move from the consensus: for each a normal distribution of rigid motions in the molecule's frame (rotation vector in
/// radians about the patch's centre, displacement of the centre in angstrom), mean zero, with a covariance of 6 x 6. The prior of the patches' poses.
/// </summary>
internal sealed class PatchMotions
{
    public const int Parameters = 6;

    /// <summary>No motion is taken for smaller than this, so that the prior of a patch that does not move can still be inverted.</summary>
    private const double LeastRadians = 0.02 * (Math.PI / 180);
    private const double LeastAngstrom = 0.02;

    public PatchMotions(double[][] covariance) => Covariance = covariance;

    /// <summary>36 values row by row for each patch.</summary>
    public double[][] Covariance { get; }

    /// <summary>The same isotropic distribution for all patches: root mean squares per axis.</summary>
    public static PatchMotions Isotropic(int patches, double degrees, double angstrom)
    {
        var covariance = new double[patches][];
        for (var k = 0; k < patches; k++)
        {
            covariance[k] = new double[Parameters * Parameters];
            for (var i = 0; i < Parameters; i++)
            {
                covariance[k][i * (Parameters + 1)] = i < 3 ? Math.Pow(degrees * (Math.PI / 180), 2) : angstrom * angstrom;
            }
        }

        return new PatchMotions(covariance);
    }

    /// <summary>Root mean square rotation of a patch, three axes together, degrees.</summary>
    public double RotationDegrees(int patch) => Math.Sqrt(Trace(patch, 0)) * (180 / Math.PI);

    /// <summary>Root mean square displacement of a patch's centre, three axes together, angstrom.</summary>
    public double ShiftAngstrom(int patch) => Math.Sqrt(Trace(patch, 3));

    /// <summary>The distribution of a pose step that an image sees: C = P S P^T, P taking (w, d) to (A w, (A d)_xy).</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="a">The consensus rotation of the image.</param>
    /// <param name="seen">25 values.</param>
    /// <param name="cross">30 values: S P^T, six rows of five.</param>
    public void Project(int patch, in Rotation a, Span<double> seen, Span<double> cross)
    {
        Span<double> p = stackalloc double[Pose.ParameterCount * Parameters];
        FillProjection(a, p);
        ReadOnlySpan<double> s = Covariance[patch];
        for (var i = 0; i < Parameters; i++)
        {
            for (var j = 0; j < Pose.ParameterCount; j++)
            {
                double sum = 0;
                for (var k = 0; k < Parameters; k++)
                {
                    sum += s[(i * Parameters) + k] * p[(j * Parameters) + k];
                }

                cross[(i * Pose.ParameterCount) + j] = sum;
            }
        }

        for (var i = 0; i < Pose.ParameterCount; i++)
        {
            for (var j = 0; j < Pose.ParameterCount; j++)
            {
                double sum = 0;
                for (var k = 0; k < Parameters; k++)
                {
                    sum += p[(i * Parameters) + k] * cross[(k * Pose.ParameterCount) + j];
                }

                seen[(i * Pose.ParameterCount) + j] = sum;
            }

            seen[i * (Pose.ParameterCount + 1)] += i < 3 ? LeastRadians * LeastRadians : LeastAngstrom * LeastAngstrom;
        }
    }

    /// <summary>The precision of a pose step, the inverse of <see cref="Project"/>'s distribution.</summary>
    public void Precision(int patch, in Rotation a, Span<double> precision)
    {
        Span<double> seen = stackalloc double[Pose.ParameterCount * Pose.ParameterCount], cross = stackalloc double[Parameters * Pose.ParameterCount];
        Project(patch, a, seen, cross);
        if (!Cholesky.TryInvert(Pose.ParameterCount, seen, precision))
        {
            throw new InvalidOperationException("A covariance of motions is not positive.");
        }
    }

    private static void FillProjection(in Rotation a, Span<double> p)
    {
        p.Clear();
        (p[0], p[1], p[2]) = (a.M00, a.M01, a.M02);
        (p[6], p[7], p[8]) = (a.M10, a.M11, a.M12);
        (p[12], p[13], p[14]) = (a.M20, a.M21, a.M22);
        (p[21], p[22], p[23]) = (a.M00, a.M01, a.M02);
        (p[27], p[28], p[29]) = (a.M10, a.M11, a.M12);
    }

    private double Trace(int patch, int first)
    {
        double sum = 0;
        for (var i = first; i < first + 3; i++)
        {
            sum += Covariance[patch][i * (Parameters + 1)];
        }

        return sum;
    }
}
