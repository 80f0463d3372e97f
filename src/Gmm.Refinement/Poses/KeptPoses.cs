using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Leaves poses where they are, and says how well they fit and how well images determine them.</summary>
internal sealed class KeptPoses : IPoseOptimizer
{
    /// <inheritdoc/>
    public string Name => "kept";

    /// <inheritdoc/>
    public bool EstimatesCovariance => true;

    /// <inheritdoc/>
    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start)
    {
        const int n = Pose.ParameterCount;
        double[] gradient = new double[n], information = new double[n * n], covariance = new double[n * n];
        var band = workspace.Reference.Bands.Count - 1;
        var score = workspace.Evaluate(band, start, gradient, information);
        var isKnown = workspace.Reference.Bands[band].Scorer.IsLogLikelihood && Cholesky.TryInvert(n, information, covariance);
        return new PoseEstimate(
            start, score, score, isKnown ? covariance : null, 0,
            double.IsFinite(score.Objective) && score.Correlation != 0 ? PoseStatus.Refined : PoseStatus.Failed);
    }
}
