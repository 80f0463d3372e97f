using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>Scores images with patches at poses on a device, for <see cref="PatchOptions.BodyScorer"/>.</summary>
/// <remarks>
/// <example>
/// <code>
/// var options = new PatchOptions { BodyScorer = new TorchBodyScorer(TorchDevices.Parse("cuda")) };
/// </code>
/// </example>
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="options">Form, accuracy and memory of the projectors; defaults if null.</param>
public sealed class TorchBodyScorer(Device device, TorchProjectorOptions? options = null) : IBodyScorer
{
    /// <inheritdoc/>
    public string Name => TorchProjectorOptions.NameOf(device, options);

    /// <inheritdoc/>
    public IBodyScores Start(IReadOnlyList<GaussianModel> moving, GaussianModel? still, WhitenedCorrelationScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(moving);
        ArgumentNullException.ThrowIfNull(scorer);
        return new TorchBodyScores(moving, still, scorer, device, options);
    }
}
