namespace Gmm.Heterogeneity;

/// <summary>What training asks of the particles of a half: the score of each with the model that its controls deform.</summary>
internal interface IControlScores : IDisposable
{
    /// <summary>Scores particles.</summary>
    /// <param name="members">Their numbers in the half.</param>
    /// <param name="deformers">From controls to Gaussians, for each fold.</param>
    /// <param name="controls">The controls of each particle, one after the other.</param>
    /// <param name="objectives">Receives the objective of each particle; NaN where a Gaussian would leave the box.</param>
    /// <param name="derivatives">Receives the derivatives with respect to the controls; empty if not wanted.</param>
    void Score(int[] members, IDeformer[] deformers, float[] controls, double[] objectives, Memory<float> derivatives);
}
