using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The published optimizer: Adam on the three Euler angles (radians) and the shift (in units of the box), all at one learning rate, a fixed
/// number of steps, the last value kept (paper, Methods; EMAN2 <c>e2gmm_refine_new --align</c>). For comparison with the default.
/// </summary>
/// <param name="steps">Number of steps; 10 as published.</param>
/// <param name="learningRate">Learning rate; 1e-3 as published.</param>
public sealed class AdamPoseOptimizer(int steps = 10, double learningRate = 1e-3) : IPoseOptimizer
{
    private const int N = Pose.ParameterCount;

    // TensorFlow's defaults, which the published program uses.
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-7;

    /// <summary>Number of steps.</summary>
    public int Steps => steps;

    /// <summary>Learning rate.</summary>
    public double LearningRate => learningRate;

    /// <inheritdoc/>
    public string Name => FormattableString.Invariant($"adam(steps {steps}, rate {learningRate})");

    /// <inheritdoc/>
    public bool EstimatesCovariance => false;

    /// <inheritdoc/>
    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var band = workspace.Reference.Bands.Count - 1;
        var length = workspace.Reference.Disc.BoxLength;
        Span<double> gradient = stackalloc double[N], matrix = stackalloc double[N * N], parameterGradient = stackalloc double[N];
        Span<double> mean = stackalloc double[N], square = stackalloc double[N], parameters = stackalloc double[N];
        mean.Clear();
        square.Clear();
        var angles = start.Rotation.ToEuler();
        const double rad = Math.PI / 180;
        parameters[0] = angles.RotDegrees * rad;
        parameters[1] = angles.TiltDegrees * rad;
        parameters[2] = angles.PsiDegrees * rad;
        parameters[3] = start.ShiftX / length;
        parameters[4] = start.ShiftY / length;
        var pose = start;
        PoseScore startScore = default;
        for (var step = 1; step <= steps; step++)
        {
            var score = workspace.Evaluate(band, pose, gradient, matrix);
            if (step == 1)
            {
                startScore = score;
            }

            ToEulerGradient(pose.Rotation, parameters[2], gradient, length, parameterGradient);
            for (var p = 0; p < N; p++)
            {
                mean[p] = (Beta1 * mean[p]) + ((1 - Beta1) * parameterGradient[p]);
                square[p] = (Beta2 * square[p]) + ((1 - Beta2) * parameterGradient[p] * parameterGradient[p]);
                var unbiasedMean = mean[p] / (1 - Math.Pow(Beta1, step));
                var unbiasedSquare = square[p] / (1 - Math.Pow(Beta2, step));
                parameters[p] += learningRate * unbiasedMean / (Math.Sqrt(unbiasedSquare) + Epsilon);
            }

            pose = new Pose(
                Rotation.FromEuler(new EulerAngles(parameters[0] / rad, parameters[1] / rad, parameters[2] / rad)),
                parameters[3] * length,
                parameters[4] * length);
        }

        var final = workspace.Score(band, pose);

        // Exactly 0: the image or the reference is empty, so that nothing was compared.
        return double.IsFinite(final.Objective) && final.Objective != 0
            ? new PoseEstimate(pose, final, startScore, null, steps, PoseStatus.Refined)
            : new PoseEstimate(start, startScore, startScore, null, steps, PoseStatus.Failed);
    }

    /// <summary>
    /// From the tangent space to Euler angles. A = Pz(psi) Py(tilt) Pz(rot), P passive = exp(-angle [axis]), so a change of rot is the
    /// left rotation -A e_z, of tilt -Pz(psi) e_y = -(sin psi, cos psi, 0), of psi -e_z.
    /// </summary>
    internal static void ToEulerGradient(in Rotation a, double psi, ReadOnlySpan<double> tangent, double boxLength, Span<double> euler)
    {
        var (s, c) = Math.SinCos(psi);
        euler[0] = -((a.M02 * tangent[0]) + (a.M12 * tangent[1]) + (a.M22 * tangent[2]));
        euler[1] = -((s * tangent[0]) + (c * tangent[1]));
        euler[2] = -tangent[2];
        euler[3] = tangent[3] * boxLength;
        euler[4] = tangent[4] * boxLength;
    }
}
