using System.Collections.Concurrent;
using System.Globalization;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Simulation;

/// <summary>Takes one simulated image. Called in the particles' order, from one thread at a time.</summary>
/// <param name="index">Particle, from 0.</param>
/// <param name="pixels">BoxSize x BoxSize values, origin at <see cref="DiscTransform.OriginPixel"/>; valid during the call only.</param>
public delegate void SimulatedImageSink(int index, ReadOnlySpan<float> pixels);

/// <summary>
/// Makes particle images with known truth from an atomic model: electron scattering factors less displaced solvent, B factors, exact
/// projection (type-1 NUFFT of the atoms), CTF and coloured noise. It shares no code with the Gaussian projectors, so that it can judge them.
/// </summary>
/// <remarks>
/// An image is made when it is asked for and depends only on the seed and its index, so memory does not grow with the number of particles and threads do
/// not matter. The noise has unit variance per pixel; signal and true map share one scale: without CTF and noise an image is the plain
/// sum of the true map along z.
/// <example><code>
/// var simulator = new ParticleSimulator(atoms, new SimulationOptions { ParticleCount = 1000, BoxSize = 160, PixelSize = 1.4 });
/// simulator.Render((index, pixels) => stack.Append(pixels));
/// var disturbed = simulator.AsSource(disturbed: true);   // particles with wrong poses, images made on demand
/// </code></example>
/// </remarks>
public sealed class ParticleSimulator
{
    private const int CalibrationCount = 48;
    private const double SilhouetteBFactor = 400;
    private const double SilhouetteLevel = 0.08;

    private readonly ScatteringModel _model;
    private readonly AtomPlacement _placement;
    private readonly AtomTransform _transform;
    private readonly ImageOptics?[] _optics;
    private readonly SimulationTruth _truth;
    private readonly ComputeOptions _compute;
    private readonly float[] _noiseAmplitude;
    private readonly ConcurrentBag<Worker> _pool = [];

    /// <summary>Draws the truth and sets the scale of the signal from a sample of the images.</summary>
    /// <param name="atoms">The model's atoms; its centre of mass goes to the box centre.</param>
    /// <param name="options">What to make.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <exception cref="InvalidInputException">An option out of range, a model that does not fit the box, an unknown element.</exception>
    public ParticleSimulator(IReadOnlyList<SimulatedAtom> atoms, SimulationOptions options, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _compute = compute ?? new ComputeOptions();
        _compute.Validate();
        Options = options;
        options.Motion?.Validate(atoms.Count);
        _model = ScatteringModel.Create(atoms, options);
        Motion = options.Motion is { } motion ? MotionTruth.Draw(motion, atoms, _model.Centre, options.ParticleCount, _compute.Seed) : null;
        CheckRoom(options);
        _transform = new AtomTransform(_model, options);
        _truth = SimulationTruth.Draw(options, _compute.Seed);
        _optics = [.. _truth.Groups.Select(g => g.Aberrations is { } a ? new ImageOptics(a, TransformOf(a)) : null)];
        _placement = new AtomPlacement(_model, options.Motion, Motion);
        _noiseAmplitude = options.Snr is null ? [] : ImageSimulator.NoiseAmplitude(_transform.FineSize, options.PixelSize, options.Noise);
        Gain = 1 / (options.PixelSize * options.PixelSize * options.PixelSize);
        (var power, SilhouetteFraction) = MeasureSignal();
        if (options.Snr is { } snr)
        {
            Gain *= Math.Sqrt(snr / power);
        }
    }

    /// <summary>The options.</summary>
    public SimulationOptions Options { get; }

    /// <summary>The optics groups; one, but for particles of different aberrations or microscopes.</summary>
    public IReadOnlyList<OpticsGroup> OpticsGroups => _truth.Groups;

    /// <summary>The particles with their true poses.</summary>
    public IReadOnlyList<Particle> TrueParticles => _truth.True;

    /// <summary>The particles with disturbed poses.</summary>
    public IReadOnlyList<Particle> DisturbedParticles => _truth.Disturbed;

    /// <summary>How the particles' domains have moved; null for a rigid structure.</summary>
    public MotionTruth? Motion { get; }

    /// <summary>Factor on each particle's signal.</summary>
    public IReadOnlyList<double> Contrasts => _truth.Contrasts;

    /// <summary>Micrograph of each particle, from 0, in rising order.</summary>
    public IReadOnlyList<int> Micrographs => _truth.Micrographs;

    /// <summary>Grey value of the true map per angstrom of scattering factor in a voxel.</summary>
    public double Gain { get; }

    /// <summary>Part of the image that the molecule's silhouette covers, mean over the sample.</summary>
    public double SilhouetteFraction { get; }

    /// <summary>Number of atoms used.</summary>
    public int AtomCount => _model.X.Length;

    /// <summary>Distance of the farthest atom from the centre, angstrom.</summary>
    public double ModelRadius => _model.MaxRadius;

    /// <summary>Centre of mass of the atoms in the model's own coordinates, angstrom: it sits at the box centre (voxel n/2).</summary>
    public (double X, double Y, double Z) ModelCentre => _model.Centre;

    /// <summary>Makes one image. Safe on many threads at once.</summary>
    /// <param name="index">Particle, from 0.</param>
    /// <param name="pixels">BoxSize x BoxSize values, row by row, origin at <see cref="DiscTransform.OriginPixel"/>.</param>
    public void RenderImage(int index, Span<float> pixels)
    {
        var particle = _truth.True[index];
        using var worker = new Lease(this);
        worker.Value.Images.Render(
            particle.Pose, index, particle.Ctf, Options.CtfState, Options.PureNoise ? 0 : Gain * _truth.Contrasts[index],
            Options.Snr is null ? null : new SeededGenerator(_compute.Seed, SimulationTruth.NoiseStream, index), 0, pixels,
            _optics[particle.OpticsIndex]);
        if (worker.Value.Phases is { } phases)
        {
            var random = new SeededGenerator(_compute.Seed, SimulationTruth.PhaseStream, index);
            phases.Randomise(pixels, ref random);
        }
    }

    /// <summary>Makes all images, a block at a time on many threads, and hands them over in order.</summary>
    /// <param name="sink">Takes each image.</param>
    /// <param name="progress">Told the number of images done after each block.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public void Render(SimulatedImageSink sink, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var pixels = Options.BoxSize * Options.BoxSize;
        var block = 16 * _compute.Threads;
        var buffer = new float[block * pixels];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _compute.Threads };
        for (var first = 0; first < Options.ParticleCount; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, count) = (first, Math.Min(block, Options.ParticleCount - first));
            Guarded.For(0, count, parallel, i => RenderImage(start + i, buffer.AsSpan(i * pixels, pixels)));
            for (var i = 0; i < count; i++)
            {
                sink(start + i, buffer.AsSpan(i * pixels, pixels));
            }

            progress?.Report(first + count);
        }
    }

    /// <summary>The map of the structure at rest, by the same physics as the images but without contrast variation.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The map.</returns>
    public RenderedMap RenderTrueMap(CancellationToken cancellationToken = default) =>
        TrueMapRenderer.Render(_model, Options, Gain, _compute.StoppedBy(cancellationToken));

    /// <summary>The map of one domain alone, at rest, in the frame of the whole structure's map.</summary>
    /// <param name="domain">Domain of <see cref="SimulatedMotion.Domains"/>, from 0.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The map.</returns>
    public RenderedMap RenderDomainMap(int domain, CancellationToken cancellationToken = default)
    {
        var atoms = Options.Motion!.Domains[domain].Atoms.ToHashSet();
        return TrueMapRenderer.Render(_model.Part(atoms.Contains), Options, Gain, _compute.StoppedBy(cancellationToken));
    }

    /// <summary>A soft mask of one domain at rest.</summary>
    /// <param name="domain">Domain of <see cref="SimulatedMotion.Domains"/>, from 0.</param>
    /// <param name="extend">Distance to an atom within which the mask is 1, angstrom; three voxels if that is more.</param>
    /// <param name="softEdge">Width of the soft edge outside that, angstrom; four voxels if that is more.</param>
    /// <returns>The mask.</returns>
    public SolventMask MakeDomainMask(int domain, double extend = 6, double softEdge = 8)
    {
        var atoms = Options.Motion!.Domains[domain].Atoms.ToHashSet();
        var part = _model.Part(atoms.Contains);
        var places = part.X.Select((x, j) => (x, part.Y[j], part.Z[j])).ToArray();
        var pixel = Options.PixelSize;
        return SolventMasks.FromAtoms(Options.BoxSize, pixel, places, Math.Max(extend, 3 * pixel), Math.Max(softEdge, 4 * pixel), _compute);
    }

    /// <summary>
    /// The particles with the true poses of one domain: at them the domain at rest is seen where each particle has it
    /// (see <see cref="RigidMotion.SeenAt"/>).
    /// </summary>
    /// <param name="domain">Domain of <see cref="SimulatedMotion.Domains"/>, from 0.</param>
    /// <returns>The particles.</returns>
    public IReadOnlyList<Particle> DomainParticles(int domain)
    {
        var motions = Motion!.MotionsOf(domain);
        return [.. _truth.True.Select((p, i) => p with { Pose = motions[i].SeenAt(p.Pose) })];
    }

    /// <summary>The particles as a source whose images are made on demand.</summary>
    /// <param name="disturbed">Whether the poses are the disturbed ones.</param>
    /// <returns>The source; safe on many threads.</returns>
    public IParticleSource AsSource(bool disturbed) => new Source(this, disturbed ? _truth.Disturbed : _truth.True);

    /// <summary>The projection of one particle before shift, CTF, gain and noise: for tests.</summary>
    internal void RenderSlice(in Rotation rotation, Span<float> re, Span<float> im, int particle = AtomPlacement.AtRest)
    {
        using var worker = new Lease(this);
        worker.Value.Images.Slice(rotation, particle, re, im);
    }

    private AtomTransform TransformOf(Aberrations aberrations) =>
        aberrations.HasMagnification ? new AtomTransform(_model, Options, 0, aberrations.Magnification) : _transform;

    private void CheckRoom(SimulationOptions options)
    {
        var room = ((options.BoxSize / 2) - 1) * options.PixelSize;
        var reach = Motion?.Farthest(_model, options.Motion!, room) ?? _model.MaxRadius;
        if (reach > room)
        {
            // In floating point: a pixel size that is far too small asks for more pixels than an integer counts.
            var needed = 2 * Math.Ceiling((reach / options.PixelSize) + 1);
            throw new InvalidInputException(
                string.Create(CultureInfo.InvariantCulture, $"the model reaches {reach:F1} A from its centre, the box only {room:F1} A: ")
                + (needed <= SimulationOptions.MaxBoxSize
                    ? string.Create(CultureInfo.InvariantCulture, $"a box of {needed} pixels holds it")
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"no box of up to {SimulationOptions.MaxBoxSize} pixels of {options.PixelSize:g4} A holds it; look at the pixel size and at "
                            + $"the model's coordinates")),
                "simulation", null, nameof(options.BoxSize));
        }
    }

    /// <summary>Mean signal power inside the silhouette at the present gain, and the silhouette's part of the image, over evenly spaced particles.</summary>
    private (double Power, double Fraction) MeasureSignal()
    {
        var samples = Math.Min(CalibrationCount, Options.ParticleCount);
        var power = new double[samples];
        var fraction = new double[samples];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _compute.Threads };
        Guarded.For(0, samples, parallel, s =>
        {
            var index = samples == 1 ? 0 : (int)((long)s * (Options.ParticleCount - 1) / (samples - 1));
            var particle = _truth.True[index];
            var pixels = Options.BoxSize * Options.BoxSize;
            float[] signal = new float[pixels], outline = new float[pixels];
            using var worker = new Lease(this);
            var optics = _optics[particle.OpticsIndex];
            worker.Value.Images.Render(particle.Pose, index, particle.Ctf, Options.CtfState, Gain * _truth.Contrasts[index], null, 0, signal, optics);
            worker.Value.Images.Render(particle.Pose, index, particle.Ctf, CtfState.None, Gain, null, SilhouetteBFactor, outline, optics);
            (power[s], fraction[s]) = PowerInside(signal, outline);
        });
        return (power.Average(), fraction.Average());
    }

    private static (double Power, double Fraction) PowerInside(ReadOnlySpan<float> signal, ReadOnlySpan<float> outline)
    {
        double mean = 0;
        float top = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            mean += signal[i];
            top = Math.Max(top, outline[i]);
        }

        mean /= signal.Length;
        double sum = 0;
        var inside = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            if (outline[i] > SilhouetteLevel * top)
            {
                sum += (signal[i] - mean) * (signal[i] - mean);
                inside++;
            }
        }

        return (sum / inside, (double)inside / signal.Length);
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Worker(ParticleSimulator owner)
    {
        public ImageSimulator Images { get; } = new(owner._model, owner._placement, owner._transform, owner._noiseAmplitude);

        public ImagePhases? Phases { get; } =
            owner.Options.RandomPhasesBeyond is { } beyond ? new ImagePhases(owner.Options.BoxSize, owner.Options.PixelSize, beyond) : null;
    }

    /// <summary>A worker with its scratch, borrowed from the pool and given back.</summary>
    private readonly ref struct Lease
    {
        private readonly ParticleSimulator _owner;

        public Lease(ParticleSimulator owner)
        {
            _owner = owner;
            Value = owner._pool.TryTake(out var worker) ? worker : new Worker(owner);
        }

        public Worker Value { get; }

        public void Dispose() => _owner._pool.Add(Value);
    }

    private sealed class Source(ParticleSimulator simulator, Particle[] particles) : IParticleSource
    {
        public IReadOnlyList<OpticsGroup> OpticsGroups => simulator.OpticsGroups;

        public IReadOnlyList<Particle> Particles => particles;

        public void ReadImage(int index, Span<float> pixels) => simulator.RenderImage(index, pixels);

        public string Describe(int index) => $"simulated particle {index + 1}";
    }
}
