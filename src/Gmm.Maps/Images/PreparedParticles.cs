using System.Collections.Concurrent;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// Particles whose images are prepared as they are read: the one preparation that refinement, patches, heterogeneity and reconstruction share.
/// Background and scale are set right by each image's own border where they are wrong; constant images, and images unlike the others, lose their weight.
/// </summary>
/// <remarks>
/// <para>One pass over the images (<see cref="Measure"/>) finds a few numbers of each. Groups are the particles of one optics group and one half, so that
/// nothing of one half decides anything in the other. A group whose images are normalised already keeps them to the last bit: only where the group as a
/// whole is off, or a single image far off, is it changed. The scale is set relative to the group's median, so that maps keep their grey values.</para>
/// <para>The figures depend on the images only: the jobs keep them with a run, so that one that goes on after an interruption does not read every image
/// again. docs/images.md has the rules and what they were measured on.</para>
/// <example>
/// <code>
/// var prepared = new PreparedParticles(particles, new ImageOptions(), new ComputeOptions());
/// prepared.Measure();
/// foreach (var warning in prepared.Report.Warnings()) { ... }
/// HalfMapPair maps = new FourierReconstructor().ReconstructHalves(new(prepared), new ReconstructionOptions(), new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class PreparedParticles : IParticleSource
{
    /// <summary>Images measured between two looks at errors and cancellation; changes nothing in the result.</summary>
    private const int Batch = 1024;

    /// <summary>Images of a group, at equal distances, that its figures are made of.</summary>
    private const int Sample = 2000;

    private readonly ComputeOptions _compute;
    private readonly ImageBorder[] _borders;
    private readonly ConcurrentBag<Buffers> _buffers = [];
    private readonly ImageWindow _window;
    private readonly PremultipliedImages?[] _premultiplied;
    private ImageFigures[]? _figures;
    private ImageGroup[,] _groups = new ImageGroup[0, 0];
    private Particle[] _particles;
    private ImageReport? _report;

    /// <summary>Wraps a source. Nothing is read yet.</summary>
    /// <param name="source">The particles, as they are.</param>
    /// <param name="options">What to do.</param>
    /// <param name="compute">Threads.</param>
    public PreparedParticles(IParticleSource source, ImageOptions options, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(compute);
        compute.Validate();
        (Source, Options, _compute, _particles) = (source, options, compute, [.. source.Particles]);
        OpticsGroups = [.. source.OpticsGroups.Select(PremultipliedImages.Seen)];
        _premultiplied = [.. source.OpticsGroups.Select(g => g.CtfState == CtfState.Premultiplied ? new PremultipliedImages(g) : null)];
        _borders = [.. source.OpticsGroups.Select(g => new ImageBorder(g.ImageSize))];
        _window = new ImageWindow(source);
    }

    private PreparedParticles(PreparedParticles other, IReadOnlyList<OpticsGroup> groups, Particle[] particles)
    {
        (Source, Options, _compute, _borders, _figures, _groups, _report, _window, _premultiplied) = (
            other.Source, other.Options, other._compute, other._borders, other._figures, other._groups, other._report, other._window, other._premultiplied);
        (OpticsGroups, _particles) = (groups, particles);
    }

    /// <summary>The particles as they are.</summary>
    public IParticleSource Source { get; }

    /// <summary>What is done.</summary>
    public ImageOptions Options { get; }

    /// <summary>What was found; after <see cref="Measure"/>.</summary>
    /// <exception cref="InvalidOperationException">Before it.</exception>
    public ImageReport Report => _report ?? throw NotMeasured();

    /// <summary>What was found of each image; null before <see cref="Measure"/>.</summary>
    internal ImageFigures[]? Figures => _figures;

    /// <inheritdoc/>
    public IReadOnlyList<OpticsGroup> OpticsGroups { get; }

    /// <summary>The particles; after <see cref="Measure"/> with the weights that their images deserve.</summary>
    public IReadOnlyList<Particle> Particles => _particles;

    /// <summary>A source that is prepared and measured: the source itself if it is so already.</summary>
    /// <param name="source">Any particles.</param>
    /// <param name="options">What to do, where they are not prepared yet.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="indices">The particles whose images will be read; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The source to read from.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read or is not finite.</exception>
    public static PreparedParticles Of(
        IParticleSource source, ImageOptions options, ComputeOptions compute, IReadOnlyList<int>? indices = null, CancellationToken cancellationToken = default)
    {
        var prepared = source as PreparedParticles ?? new PreparedParticles(source, options, compute);
        prepared.Measure(indices, null, cancellationToken);
        return prepared;
    }

    /// <summary>Reads the images once and decides what is to be done to each. A second call does nothing.</summary>
    /// <param name="indices">The particles whose images will be read; null for all. What is done to an image does not depend on it.</param>
    /// <param name="done">Called with the number of images measured so far.</param>
    /// <param name="cancellationToken">Stops it; nothing is then measured.</param>
    /// <exception cref="InvalidInputException">An image cannot be read or is not finite: the first one in the order of the source.</exception>
    public void Measure(IReadOnlyList<int>? indices = null, Action<int>? done = null, CancellationToken cancellationToken = default)
    {
        if (_figures is not null)
        {
            return;
        }

        var figures = new ImageFigures[_particles.Length];
        var sample = SampleOf(_particles, _borders.Length);
        int[] wanted = [.. indices is null ? Enumerable.Range(0, figures.Length) : indices.Concat(sample.SelectMany(s => s)).Distinct().Order()];
        for (var first = 0; first < wanted.Length; first += Batch)
        {
            var count = Math.Min(Batch, wanted.Length - first);
            MeasureBatch(wanted.AsMemory(first, count), figures, cancellationToken);
            done?.Invoke(first + count);
        }

        Settle(figures, sample, wanted);
    }

    /// <summary>Takes the figures of all images as they were measured before, in place of <see cref="Measure"/>.</summary>
    /// <param name="figures">Of every image of the source.</param>
    internal void Take(ImageFigures[] figures)
    {
        if (_figures is null)
        {
            Settle(figures, SampleOf(_particles, _borders.Length), Enumerable.Range(0, figures.Length));
        }
    }

    private void Settle(ImageFigures[] figures, int[][] sample, IEnumerable<int> wanted)
    {
        _groups = ImageGroup.Make(this, sample, figures);
        _figures = figures;
        var counted = new ImageReport.Counter(this);
        Particle[] particles = [.. _particles];
        foreach (var i in wanted)
        {
            var change = GroupOf(i).Decide(figures[i]);
            counted.Add(i, figures[i], change, GroupOf(i).HasNoNoise);
            if (change.Weight < particles[i].Weight)
            {
                // The less of two weights: a weight that was written for the same image by an earlier run is not taken twice.
                particles[i] = particles[i] with { Weight = change.Weight };
            }
        }

        _particles = particles;
        _report = counted.Report();
    }

    /// <summary>The same images with other scales of their signal and other weights.</summary>
    /// <param name="scale">For each particle the scale of its transfer (<see cref="CtfParameters.ScaleFactor"/>).</param>
    /// <param name="weight">For each particle its weight.</param>
    /// <returns>A source that shares all else with this one.</returns>
    public PreparedParticles With(Func<int, double> scale, Func<int, float> weight)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(weight);
        Particle[] particles = [.. _particles];
        for (var i = 0; i < particles.Length; i++)
        {
            var (p, s, w) = (particles[i], scale(i), weight(i));
            if (s != p.Ctf.ScaleFactor || w != p.Weight)
            {
                particles[i] = p with { Ctf = p.Ctf with { ScaleFactor = s }, Weight = w };
            }
        }

        return new PreparedParticles(this, OpticsGroups, particles);
    }

    /// <summary>The same images with other CTFs and weights.</summary>
    /// <param name="particle">For each particle what is known of it.</param>
    internal PreparedParticles WithParticles(Func<int, Particle, Particle> particle) => WithOptics(OpticsGroups, particle);

    /// <summary>The same images, prepared the same way, as if other optics had made them.</summary>
    /// <param name="groups">The optics groups; sizes and pixel sizes are those that the images have.</param>
    /// <param name="particle">For each particle what is known of it, with its group among these.</param>
    internal PreparedParticles WithOptics(IReadOnlyList<OpticsGroup> groups, Func<int, Particle, Particle> particle) =>
        new(this, groups, [.. _particles.Select((p, i) => particle(i, p))]);

    /// <summary>Gives one particle another scale and weight, of particles that nobody else holds (<see cref="With"/>).</summary>
    internal void Set(int index, double scale, float weight)
    {
        var p = _particles[index];
        if (scale != p.Ctf.ScaleFactor || weight != p.Weight)
        {
            _particles[index] = p with { Ctf = p.Ctf with { ScaleFactor = scale }, Weight = weight };
        }
    }

    /// <summary>Images of a chunk that is walked through.</summary>
    internal int ChunkSize(int threads) => _window.ChunkSize(threads);

    /// <inheritdoc cref="ImageWindow.Keep"/>
    internal void Keep(bool keep) => _window.Keep(keep);

    /// <inheritdoc cref="ImageWindow.Walk"/>
    internal void Walk(IEnumerable<int[]> chunks, Action<int[]> work, CancellationToken cancellationToken) =>
        _window.Walk(chunks, work, cancellationToken);

    /// <summary>By what an image's grey values are multiplied, contrast apart: 1 where the scale is left as it is.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <returns>The factor.</returns>
    public double Factor(int index) => GroupOf(index).Decide((_figures ?? throw NotMeasured())[index]).Factor;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Before <see cref="Measure"/>.</exception>
    public void ReadImage(int index, Span<float> pixels)
    {
        var figures = (_figures ?? throw NotMeasured())[index];
        Read(index, pixels);
        if (figures.Kind == ImageKind.Constant)
        {
            pixels.Clear();
            return;
        }

        var change = GroupOf(index).Decide(figures);
        if (change.IsAny)
        {
            BorderOf(index).Apply(
                pixels, change.Mean, change.SlopeX, change.SlopeY, change.Factor, figures.Kind == ImageKind.Masked ? figures.Fill : null);
        }

        if (Options.Invert)
        {
            System.Numerics.Tensors.TensorPrimitives.Negate(pixels, pixels);
        }
    }

    /// <inheritdoc/>
    public string Describe(int index) => Source.Describe(index);

    private static InvalidOperationException NotMeasured() => new("The images have not been measured yet: call Measure first.");

    /// <summary>For each optics group and half, particles at equal distances.</summary>
    private static int[][] SampleOf(Particle[] particles, int groups)
    {
        var members = Enumerable.Range(0, 2 * groups).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < particles.Length; i++)
        {
            members[(2 * particles[i].OpticsIndex) + particles[i].Half - 1].Add(i);
        }

        return [.. members.Select(m => EvenSample.Of(m, Sample))];
    }

    // By the source's own groups: others that optics are estimated for do not change what is done to an image.
    private ImageGroup GroupOf(int index) => _groups[Source.Particles[index].OpticsIndex, _particles[index].Half - 1];

    private ImageBorder BorderOf(int index) => _borders[Source.Particles[index].OpticsIndex];

    private void Read(int index, Span<float> pixels)
    {
        _window.Read(index, pixels);
        if (ImageChecks.FirstNonFinite(pixels) >= 0)
        {
            throw new InvalidInputException("the image has a NaN or infinity", Source.Describe(index));
        }

        // By the CTF in the source, which the image was multiplied by, not by one that was estimated since.
        _premultiplied[Source.Particles[index].OpticsIndex]?.Whiten(Source.Particles[index].Ctf, pixels);
    }

    private void MeasureBatch(ReadOnlyMemory<int> indices, ImageFigures[] figures, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _compute.Threads, CancellationToken = cancellationToken };
        Guarded.ForEachInOrder(indices.Length, parallel, n =>
        {
            var buffers = _buffers.TryTake(out var b) ? b : new Buffers(_borders.Max(x => x.ScratchLength));
            var index = indices.Span[n];
            var border = _borders[_particles[index].OpticsIndex];
            var pixels = buffers.Pixels.AsSpan(0, border.Size * border.Size);
            Read(index, pixels);
            figures[index] = border.Measure(pixels, buffers.Scratch);
            _buffers.Add(buffers);
        });
    }

    private sealed class Buffers(int length)
    {
        public float[] Pixels { get; } = new float[length];

        public int[] Scratch { get; } = new int[length];
    }
}
