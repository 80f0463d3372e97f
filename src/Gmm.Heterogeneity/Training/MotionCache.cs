using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Gmm.Core;
using Gmm.Maps;
using Microsoft.Win32.SafeHandles;

namespace Gmm.Heterogeneity;

/// <summary>
/// The particles of one half as training reads them again and again: coefficients of the band and features, in a temporary file that
/// vanishes with this object, and with the process if that is killed. Memory does not grow with the number of particles. Reading is safe on many threads.
/// </summary>
internal sealed class MotionCache : IDisposable
{
    /// <summary>Particles prepared between two reductions; fixed, so that sums do not depend on threads.</summary>
    private const int Chunk = 256;

    /// <summary>Particles whose noise tells the information at the anchors, and the draws there are at least.</summary>
    private const int NoiseParticles = 2000;

    /// <summary>First part of the temporary file's name.</summary>
    public const string Name = "gmm_heterogeneity";

    private readonly IParticleSource _source;
    private readonly ParticleImages _images;
    private readonly SafeFileHandle _file;
    private readonly ConcurrentBag<MotionWorkers> _workers = [];
    private readonly int _recordLength;

    private MotionCache(IParticleSource source, NeutralModels neutrals, string folder, double resolution)
    {
        _source = source;
        _images = new ParticleImages(source, resolution);
        Neutrals = neutrals;
        Indices = neutrals.Indices;
        FeatureCount = neutrals.Folds[0].Features.FeatureCount;
        _recordLength = 1 + FeatureCount + (2 * neutrals.Folds.Max(f => f.References.Max(r => r?.Disc.Count ?? 0)));
        var path = Path.Combine(folder, $".{Name}.{Guid.NewGuid():N}.tmp");
        try
        {
            _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
            if (!OperatingSystem.IsWindows())
            {
                // Without a name at once: then it goes with the process, however that ends. Windows does so by itself.
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"a temporary file cannot be made: {e.Message}", folder, null, null, e);
        }
    }

    /// <summary>The half's particles in the source.</summary>
    public int[] Indices { get; }

    /// <summary>What each of them is compared with.</summary>
    public NeutralModels Neutrals { get; }

    /// <summary>Features of a particle.</summary>
    public int FeatureCount { get; }

    /// <summary>Reads every particle once and writes what training needs.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="neutrals">The half's particles, and what each is compared with.</param>
    /// <param name="folder">Where the temporary file goes.</param>
    /// <param name="resolution">The band, angstrom.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="done">Called with the number of particles finished.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The cache, and the features' statistics.</returns>
    public static (MotionCache Cache, FeatureStatistics Statistics) Fill(
        IParticleSource source,
        NeutralModels neutrals,
        string folder,
        double resolution,
        ComputeOptions compute,
        Action<int>? done,
        CancellationToken cancellationToken)
    {
        var cache = new MotionCache(source, neutrals, folder, resolution);
        try
        {
            return (cache, cache.Fill(compute, done, cancellationToken));
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>The features of a particle.</summary>
    /// <param name="n">Its number in the half.</param>
    /// <param name="features">Receives them.</param>
    public void ReadFeatures(int n, Span<float> features) => Read(n, 1, features);

    /// <summary>The objective of the neutral model, at the particle's pose.</summary>
    /// <param name="n">Its number in the half.</param>
    /// <returns>The objective.</returns>
    public double ReadNeutral(int n)
    {
        Span<float> value = stackalloc float[1];
        Read(n, 0, value);
        return value[0];
    }

    /// <summary>Makes a particle ready.</summary>
    /// <param name="n">Its number in the half.</param>
    /// <param name="workers">The thread's workers.</param>
    /// <returns>The worker of the model that the particle is compared with.</returns>
    public MotionWorker Load(int n, MotionWorkers workers)
    {
        var worker = workers.For(n);
        var particle = _source.Particles[Indices[n]];
        ReadImage(n, worker.Re(particle.OpticsIndex), worker.Im(particle.OpticsIndex), worker.Transfer(particle.OpticsIndex));
        worker.Load(particle);
        return worker;
    }

    /// <summary>A particle's coefficients and transfer.</summary>
    /// <param name="n">Its number in the half.</param>
    /// <param name="re">Receives the real parts.</param>
    /// <param name="im">Receives the imaginary parts.</param>
    /// <param name="transfer">Receives the transfer.</param>
    public void ReadImage(int n, Span<float> re, Span<float> im, Span<float> transfer)
    {
        Read(n, 1 + FeatureCount, re);
        Read(n, 1 + FeatureCount + re.Length, im);
        _images.FillTransfer(Indices[n], transfer);
    }

    /// <summary>The optics group of a particle.</summary>
    public int GroupOf(int n) => _source.Particles[Indices[n]].OpticsIndex;

    /// <summary>The pose of a particle.</summary>
    public Pose PoseOf(int n) => _source.Particles[Indices[n]].Pose;

    /// <summary>Does something for several particles on several threads; each must write only what is its own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="body">Called with 0..count-1 and a thread's workers.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void ForEach(int count, ComputeOptions compute, Action<int, MotionWorkers> body, CancellationToken cancellationToken)
    {
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(
            0,
            count,
            parallel,
            () => _workers.TryTake(out var workers) ? workers : new MotionWorkers(Neutrals),
            (i, _, workers) =>
            {
                body(i, workers);
                return workers;
            },
            _workers.Add);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private FeatureStatistics Fill(ComputeOptions compute, Action<int>? done, CancellationToken cancellationToken)
    {
        var controls = Neutrals.Folds[0].Features.ControlCount;
        var statistics = new FeatureStatistics(FeatureCount, controls);
        var stride = Math.Max(1, Indices.Length / NoiseParticles);
        var draws = Math.Max(1, (int)Math.Ceiling((double)NoiseParticles / Indices.Length));
        var features = new float[Chunk * FeatureCount];
        var noise = new float[Chunk * draws * controls];
        for (var first = 0; first < Indices.Length; first += Chunk)
        {
            var count = Math.Min(Chunk, Indices.Length - first);
            ForEach(count, compute, (i, workers) =>
            {
                var (worker, anchors) = (workers.For(first + i), Neutrals.Of(first + i).Features);
                Prepare(first + i, worker, anchors, features.AsSpan(i * FeatureCount, FeatureCount));
                if ((first + i) % stride == 0)
                {
                    for (var k = 0; k < draws; k++)
                    {
                        var random = new SeededGenerator(compute.Seed, 71 + k, Indices[first + i]);
                        worker.NoiseFeatures(anchors, ref random, noise.AsSpan(((i * draws) + k) * controls, controls));
                    }
                }
            }, cancellationToken);
            for (var i = 0; i < count; i++)
            {
                statistics.Add(features.AsSpan(i * FeatureCount, FeatureCount));
                for (var k = 0; (first + i) % stride == 0 && k < draws; k++)
                {
                    statistics.AddNoise(noise.AsSpan(((i * draws) + k) * controls, controls));
                }
            }

            done?.Invoke(first + count);
        }

        return statistics;
    }

    private void Prepare(int n, MotionWorker worker, AnchorDeformer anchors, Span<float> features)
    {
        var particle = _source.Particles[Indices[n]];
        Span<float> re = worker.Re(particle.OpticsIndex), im = worker.Im(particle.OpticsIndex);
        var isUsable = _images.Read(Indices[n], re, im, worker.Transfer(particle.OpticsIndex));
        worker.Load(particle);
        var neutral = worker.Features(anchors, features);
        if (!isUsable || !double.IsFinite(neutral) || neutral == 0)
        {
            throw new InvalidInputException("the image or the model's projection is empty in the band that is compared", _source.Describe(Indices[n]));
        }

        Write(n, 0, [(float)neutral]);
        Write(n, 1, features);
        Write(n, 1 + FeatureCount, re);
        Write(n, 1 + FeatureCount + re.Length, im);
    }

    private long Offset(int n, int field) => sizeof(float) * (((long)n * _recordLength) + field);

    private void Write(int n, int field, ReadOnlySpan<float> values) => RandomAccess.Write(_file, MemoryMarshal.AsBytes(values), Offset(n, field));

    private void Read(int n, int field, Span<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var offset = Offset(n, field);
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
            {
                throw new InvalidInputException("the temporary file of particles is shorter than what was written to it", "temporary file");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
