namespace Gmm.Core;

/// <summary>Particles with their images, from a file or from memory. Reading is safe on many threads at once.</summary>
public interface IParticleSource
{
    /// <summary>The optics groups that the particles refer to by index.</summary>
    IReadOnlyList<OpticsGroup> OpticsGroups { get; }

    /// <summary>The particles, in the order of their source.</summary>
    IReadOnlyList<Particle> Particles { get; }

    /// <summary>Reads one image, rows from the first stored to the last, origin at <see cref="DiscTransform.OriginPixel"/>.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <param name="pixels">Where it goes: ImageSize x ImageSize values of the particle's optics group.</param>
    /// <exception cref="InvalidInputException">The image cannot be read, or its size is not the group's.</exception>
    void ReadImage(int index, Span<float> pixels);

    /// <summary>Says where a particle comes from ("file.star, row 12"), for error messages.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <returns>A short text.</returns>
    string Describe(int index);
}
