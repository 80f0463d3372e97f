using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>
/// Scores images with patches at poses on a graphics card, for <see cref="PatchOptions.BodyScorer"/>. The steps are made by the host.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// using GpuDevice device = GpuDevices.Open("gpu");
/// var options = new PatchOptions { BodyScorer = new GpuBodyScorer(device) };
/// </code>
/// </example>
/// </remarks>
public sealed class GpuBodyScorer : IBodyScorer
{
    private readonly GpuCard _card;
    private readonly Lazy<(PoseEngine Engine, BodyKernels Kernels)> _made;

    /// <summary>Makes a scorer.</summary>
    /// <param name="device">The card, which stays the caller's.</param>
    /// <exception cref="InvalidInputException">Several cards.</exception>
    public GpuBodyScorer(GpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _card = device.Cards is [var one] ? one : throw new InvalidInputException("patches are scored on one card: name one", "--device");
        _made = new Lazy<(PoseEngine, BodyKernels)>(() => (new PoseEngine(_card), new BodyKernels(_card)));
    }

    /// <inheritdoc/>
    public string Name => _card.Name;

    /// <inheritdoc/>
    public IBodyScores Start(IReadOnlyList<GaussianModel> moving, GaussianModel? still, WhitenedCorrelationScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(moving);
        ArgumentNullException.ThrowIfNull(scorer);
        return new GpuBodyScores(_card, _made.Value.Engine, _made.Value.Kernels, moving, still, scorer);
    }
}
