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
    int Half, int[] Particles, GaussianModel Model, double Limit, PreparedParticles Source, MeasuredNoise? Noise = null)
{
    /// <summary>Passes over the images at most, each a Gauss-Newton step of the groups' terms against the same model.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>
    /// Whether the model's amplitude in each ring is fitted to the images between passes: not where it was made of the same images, whose noise it shares.
    /// </summary>
    public bool FitsAmplitudes { get; init; }
}
