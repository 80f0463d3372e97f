using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Testing;

/// <summary>What every scorer must do, as numbers that are small if it does: bounds are the caller's.</summary>
/// <remarks>The workspace holds scorer, projector and image (<see cref="WhiteNoise.Workspace"/>); its finest band is looked at.</remarks>
public static class ScorerChecks
{
    /// <summary>
    /// How far the gradient is from finite differences of the objective. A pose away from the best one is wanted, because there the gradient is zero and
    /// its relative error is not.
    /// </summary>
    /// <param name="workspace">A prepared workspace.</param>
    /// <param name="pose">The pose.</param>
    /// <param name="radians">The step of the three rotations.</param>
    /// <param name="angstrom">The step of the two shifts.</param>
    /// <returns>The greatest difference over the greatest derivative, for rotations and for shifts; the worse of the two.</returns>
    public static double GradientMismatch(PoseWorkspace workspace, Pose pose, double radians = 2e-3, double angstrom = 2e-2)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var (gradient, _, _) = Evaluate(workspace, pose);
        return Relative(gradient, FiniteDifference.PoseGradient(at => workspace.Score(Finest(workspace), at).Objective, pose, radians, angstrom));
    }

    /// <summary>
    /// How far the diagonal of the Gauss-Newton matrix is from minus the second derivatives of the objective. The two are the same only where the image
    /// is without noise and the pose is the true one.
    /// </summary>
    /// <param name="workspace">A prepared workspace.</param>
    /// <param name="pose">The pose.</param>
    /// <param name="radians">The step of the three rotations.</param>
    /// <param name="angstrom">The step of the two shifts.</param>
    /// <returns>As for the gradient.</returns>
    public static double CurvatureMismatch(PoseWorkspace workspace, Pose pose, double radians = 1e-2, double angstrom = 0.1)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var (_, matrix, _) = Evaluate(workspace, pose);
        double[] diagonal = [.. Enumerable.Range(0, Pose.ParameterCount).Select(p => matrix[(Pose.ParameterCount + 1) * p])];
        return Relative(diagonal, [.. Enumerable.Range(0, Pose.ParameterCount).Select(p => -FiniteDifference.Curvature(
            h => workspace.Score(Finest(workspace), FiniteDifference.Along(pose, p, h)).Objective, FiniteDifference.StepOf(p, radians, angstrom)))]);
    }

    /// <summary>How far the two ways to the objective are apart: <see cref="IScoringImage.Evaluate"/> and <see cref="IScoringImage.Score"/>.</summary>
    /// <param name="workspace">A prepared workspace.</param>
    /// <param name="pose">The pose.</param>
    /// <returns>The difference over the objective.</returns>
    public static double ObjectiveMismatch(PoseWorkspace workspace, Pose pose)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var (_, _, objective) = Evaluate(workspace, pose);
        var alone = workspace.Score(Finest(workspace), pose).Objective;
        return Math.Abs(objective - alone) / Math.Max(Math.Abs(alone), double.Epsilon);
    }

    private static (double[] Gradient, double[] GaussNewton, double Objective) Evaluate(PoseWorkspace workspace, Pose pose)
    {
        // Spoilt, because every value is to be written.
        double[] gradient = new double[Pose.ParameterCount], matrix = new double[Pose.ParameterCount * Pose.ParameterCount];
        Array.Fill(gradient, double.NaN);
        Array.Fill(matrix, double.NaN);
        var score = workspace.Evaluate(Finest(workspace), pose, gradient, matrix);
        return (gradient, matrix, score.Objective);
    }

    private static int Finest(PoseWorkspace workspace) => workspace.Reference.Bands.Count - 1;

    private static double Relative(double[] values, double[] expected) => Math.Max(Relative(values, expected, 0..3), Relative(values, expected, 3..5));

    private static double Relative(double[] values, double[] expected, Range part) =>
        values[part].Zip(expected[part], (a, b) => Math.Abs(a - b)).Max() / Math.Max(expected[part].Max(Math.Abs), double.Epsilon);
}
