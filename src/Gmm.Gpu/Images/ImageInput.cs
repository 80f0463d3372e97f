using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>Images as they come from the host, with what is known of them.</summary>
/// <param name="card">The card.</param>
/// <param name="count">Number of images.</param>
/// <param name="input">Pixels of an image.</param>
internal sealed class ImageInput(GpuCard card, int count, long input) : IDisposable
{
    private readonly Sent<float> _input = new(card, input * count);
    private readonly Sent<int> _active = new(card, count);
    private readonly Sent<CtfTerms> _ctf = new(card, count);
    private long _used;

    /// <summary>Whether a slot has a particle with an image.</summary>
    public ReadOnlySpan<int> HasImage => _active.Span;

    /// <summary>Whether a slot has work, on the card.</summary>
    public ArrayView<int> Active => _active.View;

    /// <summary>The images, on the card.</summary>
    public ArrayView<float> Values => _input.View;

    /// <summary>The particles' CTFs, on the card.</summary>
    public ArrayView<CtfTerms> Ctf => _ctf.View;

    /// <summary>Bytes of an image on the card.</summary>
    public static long BytesOf(long input) => (sizeof(float) * input) + sizeof(int) + Interop.SizeOf<CtfTerms>();

    /// <summary>Reads particles.</summary>
    /// <param name="images">Where they come from.</param>
    /// <param name="optics">Their optics group.</param>
    /// <param name="part">The particles, at most as many as there are slots.</param>
    /// <param name="compute">Threads.</param>
    /// <exception cref="InvalidInputException">An image or a CTF cannot be used: the first in the order given.</exception>
    public void Fill(ParticleImages images, DeviceOptics optics, IReadOnlyList<int> part, ComputeOptions compute)
    {
        _active.Span.Clear();
        _used = part.Count * ImageSlots.InputOf(optics);
        Guarded.ForEachInOrder(part.Count, compute.Parallelism, n => _active.Span[n] = Read(images, optics, part[n], n) ? 1 : 0);
    }

    /// <summary>Takes what another has read, for another card.</summary>
    public void CopyFrom(ImageInput other)
    {
        _used = other._used;
        other._input.Span[..(int)_used].CopyTo(_input.Span);
        other._active.Span.CopyTo(_active.Span);
        other._ctf.Span.CopyTo(_ctf.Span);
    }

    /// <summary>Asks for the copy to the card.</summary>
    public void Send(AcceleratorStream stream)
    {
        _active.Send(stream);
        _input.Send(stream, _used);
        _ctf.Send(stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _active.Dispose();
        _ctf.Dispose();
    }

    private bool Read(ParticleImages images, DeviceOptics optics, int index, int n)
    {
        var length = (int)ImageSlots.InputOf(optics);
        var input = _input.Span.Slice(n * length, length);
        var source = images.Source;
        var particle = source.Particles[index];
        if (!(particle.Weight > 0))
        {
            return false;
        }

        source.ReadImage(index, input);
        if (ImageChecks.IsConstant(input))
        {
            return false;
        }

        if (ImageChecks.FirstNonFinite(input) >= 0)
        {
            throw new InvalidInputException($"{source.Describe(index)}: the image has a value that is not a number.");
        }

        if (particle.Ctf.PreExposure != 0)
        {
            throw new InvalidInputException($"{source.Describe(index)}: dose weighting (--dose-weighting) is not done on graphics cards");
        }

        var terms = CtfTerms.Of(particle.Ctf, 1 / optics.Disc.BoxLength);
        _ctf.Span[n] = IsFinite(terms, optics)
            ? terms
            : throw new InvalidInputException($"{source.Describe(index)}: the CTF parameters do not give a finite CTF.");
        return true;
    }

    /// <summary>Whether the transfer is finite on the whole disc: its phase, and its envelope where that is largest.</summary>
    private static bool IsFinite(in CtfTerms terms, DeviceOptics optics)
    {
        // The last ring reaches half a pixel beyond the radius.
        double k = optics.Disc.Radius + 0.5, k2 = k * k, envelope = Math.Exp(Math.Max(0, terms.Decay * k2)) * Math.Abs(terms.Scale);
        var largest = Math.Abs(terms.Constant) + (k2 * (Math.Abs(terms.X2) + Math.Abs(terms.XY) + Math.Abs(terms.Y2))) + (k2 * k2 * Math.Abs(terms.Quartic));
        return double.IsFinite(largest) && float.IsFinite((float)(optics.Optics.CtfState == CtfState.Premultiplied ? envelope * envelope : envelope));
    }
}
