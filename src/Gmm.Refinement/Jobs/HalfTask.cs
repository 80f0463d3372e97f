using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The particles of one half (0 or 1), the model they are compared with, and where the refinement stands.</summary>
internal sealed record HalfTask(int Half, int[] Particles, GaussianModel Model, RefinementState State);
