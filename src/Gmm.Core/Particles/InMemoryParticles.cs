using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>Particles whose images are in memory.</summary>
public sealed class InMemoryParticles : IParticleSource
{
    private readonly ReadOnlyMemory<float>[] _images;

    /// <summary>Makes a source of given images, which are kept, not copied.</summary>
    /// <param name="opticsGroups">The optics groups that the particles refer to.</param>
    /// <param name="particles">The particles.</param>
    /// <param name="images">
    /// One image for each particle: ImageSize x ImageSize values of its group, x fastest, origin at <see cref="DiscTransform.OriginPixel"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// No particles, lists of different length, an image of another size than its group's, an optics index or half that is none.
    /// </exception>
    public InMemoryParticles(IReadOnlyList<OpticsGroup> opticsGroups, IReadOnlyList<Particle> particles, IReadOnlyList<ReadOnlyMemory<float>> images)
    {
        ArgumentNullException.ThrowIfNull(opticsGroups);
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(images);
        if (particles.Count == 0 || images.Count != particles.Count)
        {
            throw new ArgumentException(
                $"There are {particles.Count} particles and {images.Count} images; as many of each are needed, at least one.", nameof(images));
        }

        for (var i = 0; i < particles.Count; i++)
        {
            var p = particles[i];
            if (p.OpticsIndex < 0 || p.OpticsIndex >= opticsGroups.Count || p.Half is not (1 or 2))
            {
                throw new ArgumentException($"Particle {i}: optics index {p.OpticsIndex} of {opticsGroups.Count} groups, half {p.Half}.", nameof(particles));
            }

            var n = opticsGroups[p.OpticsIndex].ImageSize;
            if (images[i].Length != (long)n * n)
            {
                throw new ArgumentException($"Image {i} has {images[i].Length} pixels; its group's have {n} x {n}.", nameof(images));
            }
        }

        OpticsGroups = [.. opticsGroups];
        Particles = [.. particles];
        _images = [.. images];
    }

    /// <summary>Makes a source of one optics group from a stack in one array, which is kept, not copied.</summary>
    /// <param name="opticsGroup">The group of all particles.</param>
    /// <param name="particles">The particles, with optics index 0.</param>
    /// <param name="stack">particles.Count x ImageSize x ImageSize values.</param>
    /// <exception cref="ArgumentException">As for the other constructor, or the array has another length.</exception>
    public InMemoryParticles(OpticsGroup opticsGroup, IReadOnlyList<Particle> particles, ReadOnlyMemory<float> stack)
        : this(
            [opticsGroup],
            particles ?? throw new ArgumentNullException(nameof(particles)),
            Cut(stack, particles.Count, (opticsGroup ?? throw new ArgumentNullException(nameof(opticsGroup))).ImageSize))
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<OpticsGroup> OpticsGroups { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Particle> Particles { get; }

    /// <summary>Makes a source of one optics group from a tensor, which is copied.</summary>
    /// <param name="opticsGroup">The group of all particles.</param>
    /// <param name="particles">The particles, with optics index 0.</param>
    /// <param name="stack">Shape particles.Count x ImageSize x ImageSize: image, y, x.</param>
    /// <returns>The source.</returns>
    /// <exception cref="ArgumentException">The tensor has another shape, or as for the constructors.</exception>
    public static InMemoryParticles FromTensor(OpticsGroup opticsGroup, IReadOnlyList<Particle> particles, in ReadOnlyTensorSpan<float> stack)
    {
        ArgumentNullException.ThrowIfNull(opticsGroup);
        ArgumentNullException.ThrowIfNull(particles);
        nint n = opticsGroup.ImageSize;
        if (stack.Rank != 3 || stack.Lengths[0] != particles.Count || stack.Lengths[1] != n || stack.Lengths[2] != n)
        {
            throw new ArgumentException($"The stack must have the shape {particles.Count} x {n} x {n}.", nameof(stack));
        }

        var values = new float[stack.FlattenedLength];
        stack.FlattenTo(values);
        return new InMemoryParticles(opticsGroup, particles, values);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The span has another length than the image.</exception>
    public void ReadImage(int index, Span<float> pixels)
    {
        var image = _images[index].Span;
        if (pixels.Length != image.Length)
        {
            throw new ArgumentException($"The image has {image.Length} pixels, not {pixels.Length}.", nameof(pixels));
        }

        image.CopyTo(pixels);
        if (!TensorPrimitives.IsFiniteAll(image))
        {
            throw new InvalidInputException("the image has a NaN or infinity", "particles in memory", index + 1, "image");
        }
    }

    /// <inheritdoc/>
    public string Describe(int index) => $"particle {index + 1} in memory";

    private static ReadOnlyMemory<float>[] Cut(ReadOnlyMemory<float> stack, int count, int size)
    {
        var length = (long)size * size;
        if (stack.Length != count * length)
        {
            throw new ArgumentException($"{count} images of {size} x {size} pixels need {count * length} values, not {stack.Length}.", nameof(stack));
        }

        var images = new ReadOnlyMemory<float>[count];
        for (var i = 0; i < count; i++)
        {
            images[i] = stack.Slice(i * (int)length, (int)length);
        }

        return images;
    }
}
