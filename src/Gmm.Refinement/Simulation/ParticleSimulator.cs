using System.Collections.Concurrent;
using Gmm.Core;

namespace Gmm.Refinement;

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
    private readonly AtomTransform _transform;
    private readonly SimulationTruth _truth;
    private readonly ComputeOptions _compute;
    private readonly float[] _noiseAmplitude;
    private readonly ConcurrentBag<ImageSimulator> _pool = [];

    /// <summary>Draws the truth and sets the scale of the signal from a sample of the images.</summary>
    /// <param name="atoms">The model's atoms; its centre of mass goes to the box centre.</param>
    /// <param name="options">What to make.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <exception cref="InvalidInputException">An option out of range, a model that does not fit the box, an unknown element.</exception>
    public ParticleSimulator(IReadOnlyList<SimulatedAtom> atoms, SimulationOptions options, ComputeOptions? compute = null)
    {
        options.Validate();
        _compute = compute ?? new ComputeOptions();
        _compute.Validate();
        Options = options;
        _model = ScatteringModel.Create(atoms, options);
        var room = ((options.BoxSize / 2) - 1) * options.PixelSize;
        if (_model.MaxRadius > room)
        {
            var needed = 2 * (int)Math.Ceiling((_model.MaxRadius / options.PixelSize) + 1);
            throw new InvalidInputException(
                $"the model reaches {_model.MaxRadius:F1} A from its centre, the box only {room:F1} A: a box of {needed} pixels holds it",
                "simulation", null, nameof(options.BoxSize));
        }

        Optics = new OpticsGroup { PixelSize = options.PixelSize, ImageSize = options.BoxSize, CtfState = options.CtfState };
        _transform = new AtomTransform(_model, options);
        _truth = SimulationTruth.Draw(options, _compute.Seed);
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

    /// <summary>The one optics group.</summary>
    public OpticsGroup Optics { get; }

    /// <summary>The particles with their true poses.</summary>
    public IReadOnlyList<Particle> TrueParticles => _truth.True;

    /// <summary>The particles with disturbed poses.</summary>
    public IReadOnlyList<Particle> DisturbedParticles => _truth.Disturbed;

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
        worker.Value.Render(
            particle.Pose, particle.Ctf, Options.CtfState, Gain * _truth.Contrasts[index],
            Options.Snr is null ? null : new SeededGenerator(_compute.Seed, SimulationTruth.NoiseStream, index), 0, pixels);
    }

    /// <summary>Makes all images, a block at a time on many threads, and hands them over in order.</summary>
    /// <param name="sink">Takes each image.</param>
    /// <param name="progress">Told the number of images done after each block.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public void Render(SimulatedImageSink sink, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var pixels = Options.BoxSize * Options.BoxSize;
        var block = 16 * _compute.Threads;
        var buffer = new float[block * pixels];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _compute.Threads };
        for (var first = 0; first < Options.ParticleCount; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, count) = (first, Math.Min(block, Options.ParticleCount - first));
            Parallel.For(0, count, parallel, i => RenderImage(start + i, buffer.AsSpan(i * pixels, pixels)));
            for (var i = 0; i < count; i++)
            {
                sink(start + i, buffer.AsSpan(i * pixels, pixels));
            }

            progress?.Report(first + count);
        }
    }

    /// <summary>The map of the structure, by the same physics as the images but without contrast variation.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The map.</returns>
    public RenderedMap RenderTrueMap(CancellationToken cancellationToken = default) =>
        TrueMapRenderer.Render(_model, Options, Gain, _compute.Threads, cancellationToken);

    /// <summary>The particles as a source whose images are made on demand.</summary>
    /// <param name="disturbed">Whether the poses are the disturbed ones.</param>
    /// <returns>The source; safe on many threads.</returns>
    public IParticleSource AsSource(bool disturbed) => new Source(this, disturbed ? _truth.Disturbed : _truth.True);

    /// <summary>The projection of one particle before shift, CTF, gain and noise: for tests.</summary>
    internal void RenderSlice(in Rotation rotation, Span<float> re, Span<float> im)
    {
        using var worker = new Lease(this);
        worker.Value.Slice(rotation, re, im);
    }

    /// <summary>Mean signal power inside the silhouette at the present gain, and the silhouette's part of the image, over evenly spaced particles.</summary>
    private (double Power, double Fraction) MeasureSignal()
    {
        var samples = Math.Min(CalibrationCount, Options.ParticleCount);
        var power = new double[samples];
        var fraction = new double[samples];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _compute.Threads };
        Parallel.For(0, samples, parallel, s =>
        {
            var index = samples == 1 ? 0 : (int)((long)s * (Options.ParticleCount - 1) / (samples - 1));
            var particle = _truth.True[index];
            var pixels = Options.BoxSize * Options.BoxSize;
            float[] signal = new float[pixels], outline = new float[pixels];
            using var worker = new Lease(this);
            worker.Value.Render(particle.Pose, particle.Ctf, Options.CtfState, Gain * _truth.Contrasts[index], null, 0, signal);
            worker.Value.Render(particle.Pose, particle.Ctf, CtfState.None, Gain, null, SilhouetteBFactor, outline);
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

    /// <summary>A worker with its scratch, borrowed from the pool and given back.</summary>
    private readonly ref struct Lease
    {
        private readonly ParticleSimulator _owner;

        public Lease(ParticleSimulator owner)
        {
            _owner = owner;
            Value = owner._pool.TryTake(out var worker) ? worker : new ImageSimulator(owner._model, owner._transform, owner._noiseAmplitude);
        }

        public ImageSimulator Value { get; }

        public void Dispose() => _owner._pool.Add(Value);
    }

    private sealed class Source(ParticleSimulator simulator, Particle[] particles) : IParticleSource
    {
        public IReadOnlyList<OpticsGroup> OpticsGroups { get; } = [simulator.Optics];

        public IReadOnlyList<Particle> Particles => particles;

        public void ReadImage(int index, Span<float> pixels) => simulator.RenderImage(index, pixels);

        public string Describe(int index) => $"simulated particle {index + 1}";
    }
}
