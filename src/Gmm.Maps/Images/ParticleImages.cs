using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// Reads particles as Fourier coefficients on a disc with their contrast transfer: the one way from a source to what poses are refined with, noise is
/// measured on and maps are made of. Read, checked, transformed, and the CTF as the optics group says. To be shared by threads.
/// </summary>
/// <remarks>
/// What is done to the pixels is the source's (<see cref="PreparedParticles"/>). An image that is constant, or whose particle weighs nothing, holds nothing.
/// <example>
/// <code>
/// var images = new ParticleImages(PreparedParticles.Of(particles, new ImageOptions(), compute), resolution: 8);
/// int k = images.Disc(particles.Particles[0].OpticsIndex).Count;
/// float[] re = new float[k], im = new float[k], transfer = new float[k];
/// if (images.Read(0, re, im, transfer)) { ... }
/// </code>
/// </example>
/// </remarks>
public sealed class ParticleImages
{
    private readonly Group[] _groups;
    private readonly ConcurrentBag<Buffers> _buffers = [];

    /// <summary>Prepares to read up to a resolution.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="resolution">Angstrom; each group's disc reaches it, or Nyquist.</param>
    public ParticleImages(IParticleSource source, double resolution)
        : this(
            source ?? throw new ArgumentNullException(nameof(source)),
            [.. source.OpticsGroups.Select(g => FourierDisc.ForResolution(g.ImageSize, g.PixelSize, resolution))])
    {
    }

    /// <summary>Prepares to read the coefficients of given discs.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="discs">A disc for each optics group.</param>
    /// <exception cref="ArgumentException">Not one disc for each group.</exception>
    public ParticleImages(IParticleSource source, IReadOnlyList<FourierDisc> discs)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(discs);
        ArgumentOutOfRangeException.ThrowIfNotEqual(discs.Count, source.OpticsGroups.Count, nameof(discs));
        Source = source;
        _groups = [.. source.OpticsGroups.Select((g, n) => new Group(g, discs[n], DetectorMtf.Factors(source.OpticsGroups, n, discs[n])))];
    }

    /// <summary>The particles.</summary>
    public IParticleSource Source { get; }

    /// <summary>The coefficients that are read.</summary>
    /// <param name="opticsIndex">Optics group, from 0.</param>
    /// <returns>Its disc.</returns>
    public FourierDisc Disc(int opticsIndex) => _groups[opticsIndex].Disc;

    /// <summary>Reads one particle's image.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <param name="re">Receives the real parts, Disc.Count values, in units of the image's discrete transform; phase origin at
    /// <see cref="DiscTransform.OriginPixel"/>.</param>
    /// <param name="im">Receives the imaginary parts.</param>
    /// <param name="transfer">Receives what multiplies the structure's transform in the image (<see cref="CtfEvaluator.FillTransfer"/>).</param>
    /// <returns>False, with nothing written, where the image holds nothing: it is constant, or the particle has no weight.</returns>
    /// <exception cref="InvalidInputException">The image cannot be read or has a value that is not finite, or the CTF is not finite.</exception>
    public bool Read(int index, Span<float> re, Span<float> im, Span<float> transfer)
    {
        var particle = Source.Particles[index];
        if (!(particle.Weight > 0))
        {
            return false;
        }

        var group = _groups[particle.OpticsIndex];
        var buffers = _buffers.TryTake(out var b) ? b : new Buffers(_groups);
        var pixels = buffers.Pixels.AsSpan(0, group.Optics.ImageSize * group.Optics.ImageSize);
        Source.ReadImage(index, pixels);
        var isUsable = !ImageChecks.IsConstant(pixels);
        if (isUsable)
        {
            group.Read(pixels, re, im, buffers.Scratch);
            // The sum of all pixels.
            if (!float.IsFinite(re[0]))
            {
                throw new InvalidInputException($"{Source.Describe(index)}: the image has a value that is not a number.");
            }

            FillTransfer(index, transfer);
        }

        _buffers.Add(buffers);
        return isUsable;
    }

    /// <summary>The contrast transfer of a particle without its image.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <param name="transfer">Receives Disc.Count values.</param>
    /// <exception cref="InvalidInputException">The CTF is not finite.</exception>
    public void FillTransfer(int index, Span<float> transfer) => FillTransfer(index, Source.Particles[index].Ctf, transfer);

    /// <summary>The same at another CTF of the particle.</summary>
    internal void FillTransfer(int index, CtfParameters ctf, Span<float> transfer)
    {
        var group = _groups[Source.Particles[index].OpticsIndex];
        transfer = transfer[..group.Disc.Count];
        group.Ctf.FillTransfer(ctf, group.Optics.CtfState, transfer);
        group.ClearUnmeasured(transfer);
        if (!TensorPrimitives.IsFiniteAll<float>(transfer))
        {
            throw new InvalidInputException($"{Source.Describe(index)}: the CTF parameters do not give a finite CTF.");
        }
    }

    /// <summary>
    /// What the particles of an optics group share. Odd aberrations and magnification are taken out of the image as it is read, so that everything
    /// behind sees the coefficients of an ideal microscope at the specimen's frequencies; even aberrations are a part of the CTF.
    /// </summary>
    private sealed class Group
    {
        private readonly AberrationTable _aberrations;
        private readonly float[]? _mtf;
        private readonly DiscTransform? _plain;
        private readonly MagnifiedTransform? _magnified;

        public Group(OpticsGroup optics, FourierDisc disc, float[]? mtf)
        {
            (Optics, Disc, _mtf) = (optics, disc, mtf);
            _aberrations = new AberrationTable(optics.Aberrations, disc);
            Ctf = new CtfEvaluator(disc, _aberrations);
            if (optics.Aberrations is { HasMagnification: true } a)
            {
                _magnified = new MagnifiedTransform(optics.ImageSize, disc, a.Magnification.Inverse(), optics.OddOrigin);
            }
            else
            {
                _plain = new DiscTransform(optics.ImageSize, disc, optics.OddOrigin);
            }
        }

        public OpticsGroup Optics { get; }

        public FourierDisc Disc { get; }

        public CtfEvaluator Ctf { get; }

        public int ScratchLength => _plain?.ScratchLength ?? _magnified!.ScratchLength;

        public void Read(ReadOnlySpan<float> pixels, Span<float> re, Span<float> im, Span<float> scratch)
        {
            _plain?.Forward(pixels, re, im, scratch);
            _magnified?.Forward(pixels, re, im, scratch);
            _aberrations.Remove(re, im);
            if (_mtf is not null)
            {
                TensorPrimitives.Multiply(re[.._mtf.Length], _mtf, re);
                TensorPrimitives.Multiply(im[.._mtf.Length], _mtf, im);
            }
        }

        /// <summary>The specimen's frequencies beyond the image's corner were not measured.</summary>
        public void ClearUnmeasured(Span<float> transfer)
        {
            if (_magnified is null)
            {
                return;
            }

            for (var i = 0; i < transfer.Length; i++)
            {
                if (!_magnified.IsMeasured[i])
                {
                    transfer[i] = 0;
                }
            }
        }
    }

    /// <summary>What one thread needs to read an image.</summary>
    private sealed class Buffers(Group[] groups)
    {
        public float[] Pixels { get; } = new float[groups.Max(g => g.Optics.ImageSize * g.Optics.ImageSize)];

        public float[] Scratch { get; } = new float[groups.Max(g => g.ScratchLength)];
    }
}
