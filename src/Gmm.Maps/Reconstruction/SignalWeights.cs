using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Weighs each image's rings by what it knows: how strong the signal is in it, how fast it falls off, and whether there is any, measured against the map of
/// other particles of its half.
/// </summary>
/// <remarks>
/// Each half is cut into folds; the images of a fold are compared with the map of the others, so that no image meets its own noise and no half the other.
/// What is found enters the least-squares map as a factor on the CTF, in numerator and denominator, and as a weight (docs/reconstruction.md).
/// <example>
/// <code>
/// var input = new ReconstructionInput(particles);
/// ParticleSignal[] signals = SignalWeights.Measure(input, options, compute);
/// HalfMapPair maps = new FourierReconstructor().ReconstructHalves(SignalWeights.Apply(input, signals, options, compute), options, compute);
/// </code>
/// </example>
/// </remarks>
public static class SignalWeights
{
    /// <summary>Parts of a half: an image is compared with the map of all but one.</summary>
    private const int Folds = 4;

    /// <summary>Measures the images of both halves.</summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="reconstructor">Padding; defaults if null.</param>
    /// <param name="poseSigmas">How well each pose is known; an image is expected to be blurred by it. Null: all alike.</param>
    /// <param name="progress">Told of the particles done so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>For each particle of the source what its image knows; <see cref="ParticleSignal.Unknown"/> where it has no weight.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="IReconstructor.ReconstructHalf"/>.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    public static ParticleSignal[] Measure(
        ReconstructionInput input,
        ReconstructionOptions options,
        ComputeOptions compute,
        FourierReconstructor? reconstructor = null,
        IReadOnlyList<PoseSigma>? poseSigmas = null,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentOutOfRangeException.ThrowIfNotEqual(poseSigmas?.Count ?? input.Source.Particles.Count, input.Source.Particles.Count, nameof(poseSigmas));
        compute = compute.StoppedBy(cancellationToken);
        List<int>[] halves = [input.Chosen(1), input.Chosen(2)];
        input = input.Prepare(options.Images, compute, [.. halves[0], .. halves[1]], cancellationToken);
        var (reader, symmetry) = (reconstructor ?? new FourierReconstructor()).Reader(input, options, compute);
        var signals = new ParticleSignal[input.Source.Particles.Count];
        Array.Fill(signals, ParticleSignal.Unknown);
        int done = 0, total = 2 * (halves[0].Count + halves[1].Count);
        for (var h = 0; h < 2; h++)
        {
            var members = input.Chosen(h + 1);
            if (members.Count >= 2 * Folds)
            {
                var agreement = new SignalAgreement(input, reader, symmetry, compute);
                agreement.Sum(members, Folds, PartOfProgress.Of(progress, done, total), cancellationToken);
                agreement.CompareSample(cancellationToken);
                agreement.CompareAll(PartOfProgress.Of(progress, done + members.Count, total), cancellationToken);
                agreement.Fit(signals, poseSigmas);
            }

            done += 2 * members.Count;
        }

        return signals;
    }

    /// <summary>The same particles with what their images know: scales, B factors and weights.</summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="signals">What <see cref="Measure"/> found of them.</param>
    /// <param name="options">Preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What to reconstruct.</returns>
    /// <exception cref="ArgumentException">Not one signal for each particle.</exception>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    public static ReconstructionInput Apply(
        ReconstructionInput input, IReadOnlyList<ParticleSignal> signals, ReconstructionOptions options, ComputeOptions compute,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentOutOfRangeException.ThrowIfNotEqual(signals.Count, input.Source.Particles.Count, nameof(signals));
        input = input.Prepare(options.Images, compute, [.. input.Chosen(1), .. input.Chosen(2)], cancellationToken);
        var source = (PreparedParticles)input.Source;
        return input with { Source = source.WithParticles((i, p) => With(p, signals[i])) };
    }

    /// <summary>A particle with what its image knows.</summary>
    internal static Particle With(Particle particle, ParticleSignal signal) => signal is { Scale: 1, BFactor: 0, Weight: 1 }
        ? particle
        : particle with
        {
            Ctf = particle.Ctf with { ScaleFactor = particle.Ctf.ScaleFactor * signal.Scale, BFactor = particle.Ctf.BFactor + signal.BFactor },
            Weight = particle.Weight * signal.Weight,
        };
}
