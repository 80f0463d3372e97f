using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>Reads particles as coefficients on a disc per optics group, with their transfer. Immutable; scratch is per thread.</summary>
internal sealed class ParticleReader
{
    private readonly Group[] _groups;

    public ParticleReader(IParticleSource source, double resolution)
    {
        Source = source;
        _groups = [.. source.OpticsGroups.Select(g => new Group(g, resolution))];
    }

    public IParticleSource Source { get; }

    /// <summary>The disc of an optics group.</summary>
    public FourierDisc Disc(int opticsIndex) => _groups[opticsIndex].Disc;

    public Buffers CreateBuffers() => new(
        _groups.Max(g => g.Optics.ImageSize * g.Optics.ImageSize), _groups.Max(g => g.Transform.ScratchLength));

    /// <summary>Fills the transform and the signal transfer of one particle. False where the image holds nothing: it is constant, or has no weight.</summary>
    public bool Read(int index, Buffers buffers, Span<float> re, Span<float> im, Span<float> transfer)
    {
        var particle = Source.Particles[index];
        if (!(particle.Weight > 0))
        {
            return false;
        }

        var group = _groups[particle.OpticsIndex];
        var pixels = buffers.Pixels.AsSpan(0, group.Optics.ImageSize * group.Optics.ImageSize);
        Source.ReadImage(index, pixels);
        if (ImageChecks.IsConstant(pixels))
        {
            return false;
        }

        group.Transform.Forward(pixels, re, im, buffers.Scratch);
        group.Ctf.FillTransfer(particle.Ctf, group.Optics.CtfState, transfer);
        return true;
    }

    private sealed class Group
    {
        public Group(OpticsGroup optics, double resolution)
        {
            Optics = optics;
            Disc = FourierDisc.ForResolution(optics.ImageSize, optics.PixelSize, resolution);
            Transform = new DiscTransform(optics.ImageSize, Disc, optics.OddOrigin);
            Ctf = new CtfEvaluator(Disc);
        }

        public OpticsGroup Optics { get; }

        public FourierDisc Disc { get; }

        public DiscTransform Transform { get; }

        public CtfEvaluator Ctf { get; }
    }

    /// <summary>One thread's image and transform scratch.</summary>
    internal sealed class Buffers(int pixels, int scratch)
    {
        public float[] Pixels { get; } = new float[pixels];

        public float[] Scratch { get; } = new float[scratch];
    }
}
