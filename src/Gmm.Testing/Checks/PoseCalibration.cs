using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Testing;

/// <summary>Pose errors of particles with known truth, beside what the optimizer says of them and what no optimizer can do better than.</summary>
/// <param name="Calibration">The errors over the covariances reported, three radians and two angstrom.</param>
/// <param name="RotationDegrees">Root mean square rotation error, the three axes together, degrees.</param>
/// <param name="RotationBoundDegrees">The same of the Cramer-Rao bound.</param>
/// <param name="ShiftAngstrom">Root mean square shift error, both axes together, angstrom.</param>
/// <param name="ShiftBoundAngstrom">The same of the Cramer-Rao bound.</param>
/// <param name="MeanSteps">Steps of the optimizer for a particle.</param>
/// <param name="Failed">Particles whose pose the optimizer gave up or gave no covariance for; they are in no other number.</param>
public sealed record PoseCalibration(
    Calibration Calibration,
    double RotationDegrees,
    double RotationBoundDegrees,
    double ShiftAngstrom,
    double ShiftBoundAngstrom,
    double MeanSteps,
    int Failed)
{
    /// <summary>Refines poses from starts and compares them with the truth.</summary>
    /// <param name="reference">The model, a likelihood scorer and the bands (<see cref="WhiteNoise.Reference"/>).</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="particles">Particles of one optics group at their true poses (<see cref="ExactImages.Particles"/>).</param>
    /// <param name="starts">Where to start, a pose for each particle (<see cref="Draw.Near"/>).</param>
    /// <param name="noise">Standard deviation of the white noise of a pixel, for the bound.</param>
    /// <param name="compute">Threads; null for the default.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="ArgumentException">
    /// More than one optics group, a start too few or too many, a score that is no likelihood, or not one pose that was refined.
    /// </exception>
    public static PoseCalibration Measure(
        PoseReference reference,
        IPoseOptimizer optimizer,
        IParticleSource particles,
        IReadOnlyList<Pose> starts,
        double noise,
        ComputeOptions? compute = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(optimizer);
        var (count, band) = (particles.Particles.Count, reference.Bands[^1]);
        if (particles.OpticsGroups.Count != 1 || starts.Count != count)
        {
            throw new ArgumentException("One optics group and a start for each particle are needed.", nameof(particles));
        }

        if (!band.Scorer.IsLogLikelihood || !optimizer.EstimatesCovariance)
        {
            throw new ArgumentException("Only a likelihood and an optimizer that estimates covariances have uncertainties to look at.", nameof(optimizer));
        }

        var estimates = new PoseEstimate?[count];
        new ParticlePoseRefiner(particles, optimizer, [reference], band.Resolution)
            .Refine([.. Enumerable.Range(0, count)], [.. starts], estimates, compute ?? new ComputeOptions(), cancellationToken: cancellation);
        var found = estimates.Select((e, i) => (Estimate: e, Particle: particles.Particles[i]))
            .Where(f => f.Estimate is { Status: PoseStatus.Refined, Covariance: not null })
            .Select(f => (Error: TangentStep.Between(f.Particle.Pose, f.Estimate!.Pose), f.Estimate, f.Particle))
            .ToArray();
        if (found.Length == 0)
        {
            throw new ArgumentException($"The optimizer refined none of {count} poses.", nameof(optimizer));
        }

        var bounds = found.Select(f => CramerRao.Covariance(
            band.Projector.Model, reference.Disc, particles.OpticsGroups[0], f.Particle.Ctf, f.Particle.Pose, noise)).ToArray();
        static double Root(IEnumerable<double> squares) => Math.Sqrt(squares.Average());
        return new PoseCalibration(
            Calibration.Of([.. found.Select(f => (f.Error, f.Estimate.Covariance!))]),
            Root(found.Select(f => f.Error[..3].Sum(v => v * v))) * (180 / Math.PI),
            Root(bounds.Select(b => b[0] + b[6] + b[12])) * (180 / Math.PI),
            Root(found.Select(f => f.Error[3..].Sum(v => v * v))),
            Root(bounds.Select(b => b[18] + b[24])),
            found.Average(f => (double)f.Estimate.Steps),
            count - found.Length);
    }
}
