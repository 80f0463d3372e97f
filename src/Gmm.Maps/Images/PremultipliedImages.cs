using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// Images that were multiplied by their CTF, of one optics group, brought back to white noise: D = m (m P + n) is divided by |m|, and becomes what an image
/// with flipped phases is. Likelihoods, noise spectra and normalisation, all of which take noise to be the same in all directions and images, then hold.
/// </summary>
/// <remarks>
/// m is the CTF with its envelopes. Its scale is left in the noise, where the images' normalisation finds it (<see cref="ImageGroup"/>): the column that
/// has it may hold one that a refinement found since. Near zeros of the CTF, where the image holds nothing, it is divided by <see cref="Least"/> at least.
/// What lies beyond the circle of Nyquist is taken off: no job compares it.
/// </remarks>
internal sealed class PremultipliedImages
{
    /// <summary>Least |m| that is divided by: rounding and interpolation are not multiplied by more than its inverse.</summary>
    private const float Least = 0.05f;

    private readonly DiscTransform _transform;
    private readonly CtfEvaluator _ctf;
    private readonly ConcurrentBag<Buffers> _buffers = [];

    /// <summary>Prepares for the images of an optics group.</summary>
    public PremultipliedImages(OpticsGroup group)
    {
        var disc = FourierDisc.ForResolution(group.ImageSize, group.PixelSize, 2 * group.PixelSize);
        _transform = new DiscTransform(group.ImageSize, disc, group.OddOrigin);
        _ctf = new CtfEvaluator(disc, group.Aberrations);
    }

    /// <summary>An optics group as its prepared images are.</summary>
    public static OpticsGroup Seen(OpticsGroup group) => group.CtfState == CtfState.Premultiplied ? group with { CtfState = CtfState.PhaseFlipped } : group;

    /// <summary>Takes the CTF out of an image's noise. One that is constant, as those are that hold nothing, stays so.</summary>
    /// <param name="ctf">The particle's, as the image was multiplied by it.</param>
    /// <param name="pixels">The image.</param>
    public void Whiten(CtfParameters ctf, Span<float> pixels)
    {
        if (ImageChecks.IsConstant(pixels))
        {
            return;
        }

        var b = _buffers.TryTake(out var buffers) ? buffers : new Buffers(_transform);
        _transform.Forward(pixels, b.Re, b.Im, b.Scratch);
        _ctf.FillTransfer(ctf with { ScaleFactor = 1 }, CtfState.PhaseFlipped, b.Transfer);
        for (var i = 0; i < b.Transfer.Length; i++)
        {
            var divisor = Math.Max(b.Transfer[i], Least);
            (b.Re[i], b.Im[i]) = (b.Re[i] / divisor, b.Im[i] / divisor);
        }

        _transform.Inverse(b.Re, b.Im, pixels, b.Scratch);
        _buffers.Add(b);
    }

    private sealed class Buffers(DiscTransform transform)
    {
        public float[] Re { get; } = new float[transform.Disc.Count];

        public float[] Im { get; } = new float[transform.Disc.Count];

        public float[] Transfer { get; } = new float[transform.Disc.Count];

        public float[] Scratch { get; } = new float[transform.ScratchLength];
    }
}
