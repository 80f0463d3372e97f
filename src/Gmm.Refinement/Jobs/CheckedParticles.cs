using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>A source whose images are checked as they are read: a constant image or a value that is not finite is an error that names it.</summary>
internal sealed class CheckedParticles(IParticleSource source) : IParticleSource
{
    public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

    public IReadOnlyList<Particle> Particles => source.Particles;

    public void ReadImage(int index, Span<float> pixels)
    {
        source.ReadImage(index, pixels);
        if (ImageChecks.IsConstant(pixels))
        {
            throw new InvalidInputException($"the image is constant: every pixel is {pixels[0]}", source.Describe(index));
        }

        if (ImageChecks.FirstNonFinite(pixels) >= 0)
        {
            throw new InvalidInputException("the image has a NaN or infinity", source.Describe(index));
        }
    }

    public string Describe(int index) => source.Describe(index);
}
