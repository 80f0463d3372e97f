using Gmm.Core;
using Gmm.Heterogeneity;

namespace Gmm.Torch;

/// <summary>
/// Scores images against deformed models on a device, for <see cref="HeterogeneityOptions.MotionScorer"/>: training and latent refinement there, by
/// the same loops.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var options = new HeterogeneityOptions { MotionScorer = new TorchMotionScorer(TorchDevices.Parse("cuda")) };
/// </code>
/// </example>
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="options">Form, accuracy and memory of the projector; defaults if null.</param>
public sealed class TorchMotionScorer(Device device, TorchProjectorOptions? options = null) : IMotionScorer
{
    /// <inheritdoc/>
    public string Name => TorchProjectorOptions.NameOf(device, options);

    /// <inheritdoc/>
    public IMotionScores Start(GaussianModel neutral, WhitenedCorrelationScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(neutral);
        ArgumentNullException.ThrowIfNull(scorer);
        return new TorchMotionScores(neutral, scorer, device, options);
    }
}
