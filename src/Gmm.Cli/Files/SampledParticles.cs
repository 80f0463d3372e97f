using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Some particles of a set, as a set of their own.</summary>
/// <param name="source">The set.</param>
/// <param name="indices">Those that are taken.</param>
internal sealed class SampledParticles(IParticleSource source, int[] indices) : IParticleSource
{
    private readonly Particle[] _particles = [.. indices.Select(i => source.Particles[i])];

    public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

    public IReadOnlyList<Particle> Particles => _particles;

    public void ReadImage(int index, Span<float> pixels) => source.ReadImage(indices[index], pixels);

    public string Describe(int index) => source.Describe(indices[index]);
}
