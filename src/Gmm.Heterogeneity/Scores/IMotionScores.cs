using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Scores of images against deformations of one model. Serves one thread at a time; each image's result depends on that image only.</summary>
public interface IMotionScores : IDisposable
{
    /// <summary>Scores every image of a batch against its own deformed model.</summary>
    /// <param name="batch">The images and deformations.</param>
    /// <param name="objectives">Receives the objective of each image (<see cref="PoseScore.Objective"/>).</param>
    /// <param name="gradients">
    /// Receives the derivatives of each image's objective with respect to its deformation: X, Y and Z per angstrom, Amplitudes per relative change; null if
    /// not wanted.
    /// </param>
    void Score(MotionBatch batch, Span<double> objectives, IReadOnlyList<ModelGradient<float>>? gradients);

    /// <summary>The same with gradient and Gauss-Newton matrix along some velocities of each deformation.</summary>
    /// <param name="batch">The images and deformations.</param>
    /// <param name="velocities">For each image d velocities.</param>
    /// <param name="objectives">Receives the objective of each image.</param>
    /// <param name="gradients">Receives d values of each image.</param>
    /// <param name="information">Receives d x d values of each image.</param>
    void Evaluate(
        MotionBatch batch, IReadOnlyList<ModelDeformation[]> velocities, Span<double> objectives, Span<double> gradients, Span<double> information);
}
