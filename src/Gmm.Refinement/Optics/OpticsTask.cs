using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The particles of one half whose optics are estimated, and what they are compared with.</summary>
/// <param name="Half">0 or 1.</param>
/// <param name="Particles">The half's particles that can be used.</param>
/// <param name="Model">The half's model.</param>
/// <param name="Limit">Finest resolution compared, angstrom.</param>
/// <param name="Source">The images, as the optics were.</param>
/// <param name="Noise">The noise, where poses are still those that it was measured at; null otherwise.</param>
internal sealed record OpticsTask(
    int Half, int[] Particles, GaussianModel Model, double Limit, PreparedParticles Source, MeasuredNoise? Noise = null);
