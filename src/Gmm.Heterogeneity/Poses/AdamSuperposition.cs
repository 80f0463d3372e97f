using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>
/// The published conversion (EMAN2 e2gmm_heter_ali): Adam on E(q) = L sqrt(sum_j m_j |proj(neutral_j, q) - proj(c_j, q0)|^2 / N) over
/// three Euler angles (radians) and the shift (units of the box), from q0, a fixed number of steps.
/// </summary>
internal static class AdamSuperposition
{
    private const int N = Pose.ParameterCount;

    // TensorFlow's defaults, which the published program uses.
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-7;

    /// <summary>Finds the pose.</summary>
    /// <param name="model">The neutral model.</param>
    /// <param name="displacement">The conformer, as displacements.</param>
    /// <param name="mask">Weight of each Gaussian.</param>
    /// <param name="start">q0.</param>
    /// <param name="steps">Steps; 30 as published.</param>
    /// <param name="learningRate">Learning rate; 1e-3 as published.</param>
    /// <returns>The pose, and the weighted root mean square distance of the projections that is left, angstrom.</returns>
    public static (Pose Pose, double Residual) Fit(
        GaussianModel model, ModelDeformation displacement, ReadOnlySpan<double> mask, in Pose start, int steps = 30, double learningRate = 1e-3)
    {
        var length = model.BoxLength;
        const double rad = Math.PI / 180;
        var angles = start.Rotation.ToEuler();
        Span<double> parameters = stackalloc double[N]
        {
            angles.RotDegrees * rad, angles.TiltDegrees * rad, angles.PsiDegrees * rad, start.ShiftX / length, start.ShiftY / length,
        };
        Span<double> tangent = stackalloc double[N], gradient = stackalloc double[N], mean = stackalloc double[N], square = stackalloc double[N];
        mean.Clear();
        square.Clear();
        var (tx, ty) = (new double[mask.Length], new double[mask.Length]);
        for (var j = 0; j < mask.Length; j++)
        {
            var (x, y, _) = start.Rotation.Apply(
                model.X[j] + (double)displacement.X[j], model.Y[j] + (double)displacement.Y[j], model.Z[j] + (double)displacement.Z[j]);
            (tx[j], ty[j]) = (x + start.ShiftX, y + start.ShiftY);
        }

        var pose = start;
        for (var step = 1; step <= steps; step++)
        {
            Evaluate(model, mask, tx, ty, pose, tangent);
            AdamPoseOptimizer.ToEulerGradient(pose.Rotation, parameters[2], tangent, length, gradient);
            for (var p = 0; p < N; p++)
            {
                mean[p] = (Beta1 * mean[p]) + ((1 - Beta1) * gradient[p]);
                square[p] = (Beta2 * square[p]) + ((1 - Beta2) * gradient[p] * gradient[p]);
                parameters[p] -= learningRate * (mean[p] / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(square[p] / (1 - Math.Pow(Beta2, step))) + Epsilon);
            }

            pose = new Pose(
                Rotation.FromEuler(new EulerAngles(parameters[0] / rad, parameters[1] / rad, parameters[2] / rad)), parameters[3] * length,
                parameters[4] * length);
        }

        return (pose, Evaluate(model, mask, tx, ty, pose, tangent));
    }

    /// <summary>The weighted distance of the projections, and the published loss's derivatives with respect to a step in the tangent space.</summary>
    private static double Evaluate(GaussianModel model, ReadOnlySpan<double> mask, double[] tx, double[] ty, in Pose pose, Span<double> tangent)
    {
        tangent.Clear();
        double squares = 0, weights = 0;
        for (var j = 0; j < mask.Length; j++)
        {
            var (x, y, z) = pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
            double dx = x + pose.ShiftX - tx[j], dy = y + pose.ShiftY - ty[j], wx = mask[j] * dx, wy = mask[j] * dy;
            squares += (wx * dx) + (wy * dy);
            weights += mask[j];

            // A left rotation by w moves (x, y) by (w_y z - w_z y, w_z x - w_x z).
            tangent[0] -= wy * z;
            tangent[1] += wx * z;
            tangent[2] += (wy * x) - (wx * y);
            tangent[3] += wx;
            tangent[4] += wy;
        }

        var loss = Math.Sqrt(squares / mask.Length);
        foreach (ref var t in tangent)
        {
            t = loss > 0 ? t / (mask.Length * loss) : 0;
        }

        return Math.Sqrt(squares / weights);
    }
}
