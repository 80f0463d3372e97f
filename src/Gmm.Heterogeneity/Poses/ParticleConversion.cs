using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Turns the conformations of all particles into poses of a region, each half by its own model and decoder.</summary>
/// <remarks>
/// <example>
/// <code>
/// var half1 = AutoencoderFile.Read("out/autoencoder_half1.gmmae", model1);
/// var half2 = AutoencoderFile.Read("out/autoencoder_half2.gmmae", model2);
/// var converted = ParticleConversion.Convert(particles.Particles, LatentTable.Read("out/latent.star"), half1, half2, mask);
/// </code>
/// </example>
/// </remarks>
public static class ParticleConversion
{
    private const int Chunk = 64;

    /// <summary>Converts all particles.</summary>
    /// <param name="particles">The particles at the poses that the latent points belong to.</param>
    /// <param name="latents">Their latent points, in the same order.</param>
    /// <param name="half1">The autoencoder of half 1.</param>
    /// <param name="half2">The autoencoder of half 2.</param>
    /// <param name="mask">Soft mask of the region, 0 to 1.</param>
    /// <param name="mode">How.</param>
    /// <param name="compute">Threads; null for the defaults. Results do not depend on them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The conversion of each particle.</returns>
    /// <exception cref="InvalidInputException">
    /// Not a latent point for each particle or one of another half, autoencoders of the same half or of other dimensions than the points, a mask
    /// without Gaussians or that fixes no rotation.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static PoseConversion[] Convert(
        IReadOnlyList<Particle> particles,
        LatentTable latents,
        Autoencoder half1,
        Autoencoder half2,
        SolventMask mask,
        PoseConversionMode mode = PoseConversionMode.Superposition,
        ComputeOptions? compute = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        if (half1.Half != 1 || half2.Half != 2)
        {
            throw new InvalidInputException($"autoencoders of halves 1 and 2 are needed, not of {half1.Half} and {half2.Half}", "autoencoders");
        }

        return Convert(
            particles, latents, [new ConformationToPose(half1.Model, mask, mode), new ConformationToPose(half2.Model, mask, mode)],
            [half1.Decoder, half2.Decoder], compute,
            cancellationToken);
    }

    /// <summary>The same with decoders of any kind.</summary>
    internal static PoseConversion[] Convert(
        IReadOnlyList<Particle> particles, LatentTable latents, ConformationToPose[] conversions, IDeformationDecoder[] decoders, ComputeOptions? compute,
        CancellationToken cancellationToken = default)
    {
        compute ??= new ComputeOptions();
        compute.Validate();
        Check(particles, latents, decoders);
        var result = new PoseConversion[particles.Count];
        var parallel = compute.StoppedBy(cancellationToken).Parallelism;
        Guarded.For(0, (result.Length + Chunk - 1) / Chunk, parallel, chunk =>
        {
            for (var i = chunk * Chunk; i < Math.Min(result.Length, (chunk + 1) * Chunk); i++)
            {
                var half = particles[i].Half - 1;
                result[i] = conversions[half].Convert(decoders[half], latents.Points[i], latents.Sigmas[i], particles[i].Pose);
            }
        });
        return result;
    }

    private static void Check(IReadOnlyList<Particle> particles, LatentTable latents, IDeformationDecoder[] decoders)
    {
        if (particles.Count != latents.Count)
        {
            throw new InvalidInputException($"{latents.Count} latent points do not belong to {particles.Count} particles", "latent points");
        }

        foreach (var decoder in decoders.Where(d => d.LatentDimension != latents.Dimension))
        {
            throw new InvalidInputException(
                $"latent points of {latents.Dimension} coordinates do not belong to a decoder of {decoder.LatentDimension}", "latent points");
        }

        for (var i = 0; i < particles.Count; i++)
        {
            if (particles[i].Half != latents.Halves[i])
            {
                throw new InvalidInputException(
                    $"is of half {latents.Halves[i]}, the particle of half {particles[i].Half}", "latent points", i + 1, "rlnRandomSubset");
            }
        }
    }
}
