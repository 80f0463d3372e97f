using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Finds the pose at which a reference fits a particle best, near the pose it starts from. Immutable and safe on many threads.</summary>
/// <remarks>
/// <example>
/// <code>
/// IPoseOptimizer optimizer = new LevenbergMarquardtPoseOptimizer();
/// var workspace = new PoseWorkspace(reference);   // one per thread
/// transform.Forward(pixels, workspace.Re, workspace.Im, scratch);
/// Ctf.FillTransfer(particle.Ctf, CtfState.Unmodified, reference.Disc, workspace.Transfer);
/// workspace.Prepare();
/// PoseEstimate estimate = optimizer.Optimize(workspace, particle.Pose);
/// </code>
/// </example>
/// </remarks>
public interface IPoseOptimizer : IPart
{
    /// <summary>
    /// Whether its estimates hold a covariance where the score is a likelihood: only with one can the motion of a region be learnt and used as a prior.
    /// </summary>
    bool EstimatesCovariance { get; }

    /// <summary>Finds the best pose for the particle prepared in a workspace.</summary>
    /// <param name="workspace">This thread's working memory, with a prepared particle.</param>
    /// <param name="start">The pose to start from.</param>
    /// <returns>The result; where the optimizer fails, the start with <see cref="PoseStatus.Failed"/>.</returns>
    PoseEstimate Optimize(PoseWorkspace workspace, Pose start);
}
