using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// The power of the noise in each ring, measured on particles of one half and one optics group: what is left of the images after the
/// part that the reference explains.
/// </summary>
/// <remarks>
/// In each ring sum |D|^2 - (sum Re conj(D) G)^2 / sum |G|^2 over the particles, G the reference times transfer: the residual of the best
/// amplitude per ring, so neither the reference's scale nor its fall-off matters. As the paper's images do, the noise is assumed to have no
/// direction. Sums run in particle order, so the result does not depend on threads.
/// </remarks>
internal static class NoiseEstimator
{
    // Rings where the reference explains nearly all (noise-free input) still need a positive power to divide by.
    private const double LeastShare = 1e-6;

    /// <summary>Measures the noise.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="indices">Particles to measure on: of one half and one optics group, a few hundred are enough.</param>
    /// <param name="poses">A pose for each particle of the source.</param>
    /// <param name="projector">The reference on the group's disc.</param>
    /// <param name="resolution">The resolution of that disc, angstrom.</param>
    /// <param name="ewaldSign">Sign of the Ewald sphere's curvature; 0 for the plane.</param>
    /// <param name="cancellationToken">Stops between particles.</param>
    /// <returns>Mean |noise|^2 of a coefficient in rings 0..Radius, in units of the image's discrete transform.</returns>
    /// <exception cref="InvalidInputException">No particle, or none with an image that is not constant.</exception>
    public static double[] Measure(
        IParticleSource source,
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> poses,
        IProjector<float> projector,
        double resolution,
        int ewaldSign = 0,
        CancellationToken cancellationToken = default)
    {
        var disc = projector.Disc;
        var images = new ParticleImages(source, resolution);
        var scratch = projector.CreateScratch();
        var image = new ParticleImage(disc, ewaldSign);
        var (re, im) = (image.Re, image.Im);
        float[] pre = new float[disc.Count], pim = new float[disc.Count];
        double[] power = new double[disc.Radius + 1], product = new double[disc.Radius + 1], reference = new double[disc.Radius + 1];
        double used = 0;
        foreach (var index in indices)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!image.Read(images, index))
            {
                continue;
            }

            image.Project(projector, poses[index], pre, pim, scratch);
            var transfer = image.ScorerTransfer;
            // Almost always 1: an image unlike the others must not set the noise of all.
            double weight = source.Particles[index].Weight;
            used += weight;
            for (var q = 0; q <= disc.Radius; q++)
            {
                double dd = 0, dg = 0, gg = 0;
                for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
                {
                    float gr = pre[i] * transfer[i], gi = pim[i] * transfer[i];
                    dd += (re[i] * re[i]) + (im[i] * im[i]);
                    dg += (re[i] * gr) + (im[i] * gi);
                    gg += (gr * gr) + (gi * gi);
                }

                power[q] += weight * dd;
                product[q] += weight * dg;
                reference[q] += weight * gg;
            }
        }

        if (used == 0)
        {
            throw new InvalidInputException("The noise cannot be measured: no particle has an image that is not constant.");
        }

        for (var q = 0; q <= disc.Radius; q++)
        {
            var explained = product[q] > 0 && reference[q] > 0 ? product[q] * product[q] / reference[q] : 0;
            var count = used * (disc.RingStart(q + 1) - disc.RingStart(q));
            power[q] = Math.Max(power[q] - explained, LeastShare * power[q]) / count;
        }

        return power;
    }
}
