using Gmm.Core;

namespace Gmm.TestData;

/// <summary>Particles in memory.</summary>
internal sealed class MemorySource(IReadOnlyList<OpticsGroup> groups) : IParticleSource
{
    private readonly List<Particle> _particles = [];
    private readonly List<float[]> _images = [];

    public IReadOnlyList<OpticsGroup> OpticsGroups => groups;

    public IReadOnlyList<Particle> Particles => _particles;

    public IReadOnlyList<float[]> Images => _images;

    public void Add(Particle particle, float[] image)
    {
        _particles.Add(particle);
        _images.Add(image);
    }

    public void ReadImage(int index, Span<float> pixels) => _images[index].CopyTo(pixels);

    public string Describe(int index) => $"memory, row {index + 1}";
}
