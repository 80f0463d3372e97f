using System.Diagnostics;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Puts images into the sums of their half as soon as their poses are found.</summary>
internal sealed class MapInsertion
{
    private readonly PreparedParticles _source;
    private readonly Pose[] _poses;
    private readonly Stopwatch _clock = new();
    private SliceReader? _reader;

    /// <summary>Makes ready for an iteration.</summary>
    /// <param name="source">The images.</param>
    /// <param name="particles">What was known of them before.</param>
    public MapInsertion(PreparedParticles source, IReadOnlyList<ParticleResult> particles)
    {
        _source = source.With(i => particles[i].Scale, i => particles[i].Weight);
        _poses = [.. particles.Select(p => p.Pose)];
    }

    /// <summary>The images at their new poses, with their new scales and weights, as far as they are put in.</summary>
    public ReconstructionInput Input => new(_source, _poses);

    /// <summary>Seconds spent so far.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Says what inserts.</summary>
    public void Use(SliceReader reader) => _reader = reader;

    /// <summary>Inserts images, in their order.</summary>
    /// <param name="chunk">The particles.</param>
    /// <param name="result">What was made of each.</param>
    /// <param name="sums">Where they go.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Insert(int[] chunk, Func<int, ParticleResult> result, FourierAccumulator sums, CancellationToken cancellationToken)
    {
        _clock.Start();
        Note(chunk, result);
        _reader!.Insert([.. chunk.Where(i => _source.Particles[i].Weight > 0)], sums, null, cancellationToken);
        _clock.Stop();
    }

    /// <summary>Notes what was made of images that others have put in.</summary>
    public void Note(int[] chunk, Func<int, ParticleResult> result)
    {
        foreach (var i in chunk)
        {
            var found = result(i);
            _poses[i] = found.Pose;
            _source.Set(i, found.Scale, found.Weight);
        }
    }
}
