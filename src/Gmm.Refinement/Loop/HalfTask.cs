using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The particles of one half (0 or 1), the model they are compared with, and where the refinement stands.</summary>
/// <param name="Half">0 or 1.</param>
/// <param name="Particles">Its particles.</param>
/// <param name="Model">What they are compared with.</param>
/// <param name="State">Where the refinement stands.</param>
/// <param name="Source">All particles, with the scales and weights of that state.</param>
internal sealed record HalfTask(int Half, int[] Particles, GaussianModel Model, SearchState State, PreparedParticles Source)
{
    /// <summary>The noise at the poses of that state.</summary>
    public MeasuredNoise Noise { get; init; } = new();
}
