using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// What the images say about the curvature of the Ewald sphere: both signs tried, each image compared with the map of other particles of its half.
/// </summary>
/// <param name="Positive">Gain in log-likelihood over the flat sphere with the sign 1 of <see cref="FourierReconstructor.EwaldSign"/>.</param>
/// <param name="Negative">The same with -1.</param>
/// <param name="Images">Images that were compared.</param>
public sealed record EwaldEvidence(double Positive, double Negative, int Images)
{
    /// <summary>Images of a half that are looked at: the signs differ by hundreds where they matter.</summary>
    private const int Most = 4000;
    private const int Folds = 2;

    /// <summary>Gain in log-likelihood that is asked for.</summary>
    private const double LeastEvidence = 8;

    /// <summary>The sign that the images ask for; 0 where curvature does not make them more likely.</summary>
    public int Sign => Math.Max(Positive, Negative) > LeastEvidence ? Positive > Negative ? 1 : -1 : 0;

    /// <summary>Asks the images.</summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="reconstructor">Padding; defaults if null.</param>
    /// <param name="progress">Told of the particles done so far.</param>
    /// <param name="half">The half whose images are asked, 1 or 2; null for both, each compared with its own maps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What they say.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="IReconstructor.ReconstructHalf"/>, or images whose CTF was dealt with already.</exception>
    public static EwaldEvidence Measure(
        ReconstructionInput input,
        ReconstructionOptions options,
        ComputeOptions compute,
        FourierReconstructor? reconstructor = null,
        IProgress<ReconstructionProgress>? progress = null,
        int? half = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        compute = compute.StoppedBy(cancellationToken);
        reconstructor ??= new FourierReconstructor();
        int[][] Members() => [.. Enumerable.Range(1, 2).Where(h => half is null || h == half).Select(h => EvenSample.Of(input.Chosen(h), Most))];
        input = input.Prepare(options.Images, compute, [.. Members().SelectMany(m => m)], cancellationToken);
        var halves = Members();
        int done = 0, total = 3 * halves.Sum(m => m.Length);
        var gains = new double[3];
        for (var sign = -1; sign <= 1; sign++)
        {
            var (reader, symmetry) = reconstructor.WithEwald(sign).Reader(input, options, compute);
            foreach (var members in halves.Where(m => m.Length >= 2 * Folds))
            {
                var agreement = new SignalAgreement(input, reader, symmetry, compute);
                agreement.Sum([.. members], Folds, PartOfProgress.Of(progress, done, total), cancellationToken);
                gains[sign + 1] += agreement.CompareSample(cancellationToken);
                done += members.Length;
            }
        }

        return new EwaldEvidence(gains[2] - gains[1], gains[0] - gains[1], total / 3);
    }

    /// <summary>The same for the particles of a reconstruction: the coarsest of theirs.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="options">Side of the map.</param>
    /// <returns>Angstrom.</returns>
    public static double MattersFrom(IParticleSource source, ReconstructionOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        var length = BoxLength(source, options);
        return source.Particles.Max(p => MattersFrom(p.Ctf, length));
    }

    /// <summary>The resolution that a reconstruction goes to.</summary>
    internal static double FinestResolution(IParticleSource source, ReconstructionOptions options) =>
        Math.Max(options.MaxResolution ?? 0, 2 * source.OpticsGroups[0].PixelSize);

    /// <summary>Side of its map, angstrom.</summary>
    internal static double BoxLength(IParticleSource source, ReconstructionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (options.BoxSize ?? source.OpticsGroups[0].ImageSize) * source.OpticsGroups[0].PixelSize;
    }

    /// <summary>The resolution from which curvature takes more than 2 % of the amplitude of a molecule half as wide as its box.</summary>
    /// <param name="ctf">The microscope.</param>
    /// <param name="boxLength">Side of the box, angstrom.</param>
    /// <returns>Angstrom.</returns>
    public static double MattersFrom(CtfParameters ctf, double boxLength)
    {
        ArgumentNullException.ThrowIfNull(ctf);
        return EwaldSphere.MattersFrom(ctf.WavelengthAngstrom, boxLength);
    }
}
