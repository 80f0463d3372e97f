using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Turns a particle's conformation into a pose of one region: the pose at which the neutral region looks like the particle's own conformer at
/// the old pose (paper, Methods; the paper's formula has the two the wrong way round, docs/to-pose.md). Safe on many threads.
/// </summary>
/// <remarks>
/// The closed form superposes the region's neutral Gaussians on the conformer's, weighed by amplitude and mask: a rotation Rd and a shift td with
/// c_j = Rd n_j + td, as well as a rigid motion can. Then R = R0 Rd and t = t0 + (R0 td)_xy. The residual says how far the region did not move rigidly.
/// <example>
/// <code>
/// var conversion = new ConformationToPose(model, mask);
/// PoseConversion converted = conversion.Convert(autoencoder.Decoder, latents.Points[i], latents.Sigmas[i], particles[i].Pose);
/// Pose domainPose = converted.Pose;
/// </code>
/// </example>
/// </remarks>
public sealed class ConformationToPose
{
    private const double Degrees = 180 / Math.PI;
    private readonly double[] _weights;
    private readonly double[] _mask;

    /// <summary>Prepares the conversion for a region.</summary>
    /// <param name="neutral">The neutral model.</param>
    /// <param name="mask">Soft mask of the region, 0 to 1, in the model's frame.</param>
    /// <param name="mode">How.</param>
    /// <exception cref="InvalidInputException">The mask has no Gaussians, fewer than three, or only ones on a line: then no rotation is fixed.</exception>
    public ConformationToPose(GaussianModel neutral, SolventMask mask, PoseConversionMode mode = PoseConversionMode.Superposition)
        : this(
            neutral ?? throw new ArgumentNullException(nameof(neutral)),
            FocusWeights.Of(neutral, mask ?? throw new ArgumentNullException(nameof(mask))),
            mode)
    {
    }

    /// <summary>Prepares the conversion for a region given by a weight of each Gaussian.</summary>
    /// <param name="neutral">The neutral model.</param>
    /// <param name="mask">Weight of each Gaussian, 0 to 1.</param>
    /// <param name="mode">How.</param>
    /// <exception cref="ArgumentException">Not a weight for each Gaussian, or one that is negative or not finite.</exception>
    /// <exception cref="InvalidInputException">Fewer than three Gaussians with a weight, or only ones on a line.</exception>
    public ConformationToPose(GaussianModel neutral, ReadOnlySpan<float> mask, PoseConversionMode mode = PoseConversionMode.Superposition)
    {
        ArgumentNullException.ThrowIfNull(neutral);
        if (mask.Length != neutral.Count)
        {
            throw new ArgumentException($"{neutral.Count} Gaussians need as many weights, not {mask.Length}.", nameof(mask));
        }

        (Neutral, Mode, _weights, _mask) = (neutral, mode, new double[mask.Length], new double[mask.Length]);
        for (var j = 0; j < mask.Length; j++)
        {
            if (!(mask[j] >= 0 && float.IsFinite(mask[j])))
            {
                throw new ArgumentException($"Weight {j + 1} is {mask[j]}; weights are from 0 to 1.", nameof(mask));
            }

            _mask[j] = mask[j];
            _weights[j] = mask[j] * Math.Max(0, (double)neutral.Amplitudes[j]);
        }

        WeightedSuperposition.Check(neutral, mode == PoseConversionMode.Adam ? _mask : _weights, "mask");
    }

    /// <summary>The neutral model.</summary>
    public GaussianModel Neutral { get; }

    /// <summary>How the conversion is done.</summary>
    public PoseConversionMode Mode { get; }

    /// <summary>How many Gaussians a mask covers, with a weight over one half.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mask">The mask.</param>
    /// <returns>Their number.</returns>
    /// <exception cref="InvalidInputException">The mask has no Gaussians.</exception>
    public static int GaussiansIn(GaussianModel model, SolventMask mask)
    {
        ArgumentNullException.ThrowIfNull(model);
        return FocusWeights.Of(model, mask).Count(w => w > 0.5f);
    }

    /// <summary>Converts a conformer.</summary>
    /// <param name="conformer">The conformer, as what is added to the neutral model.</param>
    /// <param name="pose">The particle's pose q0.</param>
    /// <returns>The region's pose, without uncertainty.</returns>
    /// <exception cref="ArgumentException">Another number of Gaussians.</exception>
    public PoseConversion Convert(ModelDeformation conformer, in Pose pose)
    {
        ArgumentNullException.ThrowIfNull(conformer);
        return Convert(conformer, pose, out _);
    }

    /// <summary>Converts a latent point, and its uncertainty into the pose's, to first order.</summary>
    /// <param name="decoder">The decoder of the particle's half.</param>
    /// <param name="latent">The particle's latent point.</param>
    /// <param name="sigma">Standard deviation of each coordinate; empty if not known.</param>
    /// <param name="pose">The particle's pose q0.</param>
    /// <returns>The region's pose.</returns>
    /// <exception cref="ArgumentException">A decoder of another number of Gaussians, or a point of another dimension.</exception>
    public PoseConversion Convert(IDeformationDecoder decoder, ReadOnlySpan<float> latent, ReadOnlySpan<float> sigma, in Pose pose)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (decoder.GaussianCount != Neutral.Count || latent.Length != decoder.LatentDimension || (sigma.Length > 0 && sigma.Length != latent.Length))
        {
            throw new ArgumentException(
                $"A decoder of {decoder.LatentDimension} coordinates and {decoder.GaussianCount} Gaussians does not fit a point of {latent.Length} "
                    + $"and a model of {Neutral.Count}.",
                nameof(decoder));
        }

        var conformer = new ModelDeformation(Neutral.Count);
        decoder.Decode(latent, conformer);
        var converted = Convert(conformer, pose, out var motion);
        if (sigma.IsEmpty)
        {
            return converted;
        }

        var columns = new ModelDeformation[latent.Length];
        for (var k = 0; k < columns.Length; k++)
        {
            columns[k] = new ModelDeformation(Neutral.Count);
        }

        decoder.Velocities(latent, columns);
        var (turn, shift) = Propagate(conformer, motion, columns, sigma, pose.Rotation);
        return converted with { RotationSigmaDegrees = turn, ShiftSigmaAngstrom = shift };
    }

    private PoseConversion Convert(ModelDeformation conformer, in Pose pose, out WeightedSuperposition motion)
    {
        if (conformer.Count != Neutral.Count)
        {
            throw new ArgumentException($"The model has {Neutral.Count} Gaussians, the conformer {conformer.Count}.", nameof(conformer));
        }

        motion = WeightedSuperposition.Fit(Neutral, conformer, _weights);
        if (Mode == PoseConversionMode.Adam)
        {
            var (found, left) = AdamSuperposition.Fit(Neutral, conformer, _mask, pose);
            return new PoseConversion(found, left, found.Rotation.AngleTo(pose.Rotation) * Degrees, motion.Distance, double.NaN, double.NaN);
        }

        var (x, y, _) = pose.Rotation.Apply(motion.Shift.X, motion.Shift.Y, motion.Shift.Z);
        var moved = new Pose((pose.Rotation * motion.Rotation).Orthonormalized(), pose.ShiftX + x, pose.ShiftY + y);
        return new PoseConversion(moved, motion.Residual, motion.Rotation.AngleTo(Rotation.Identity) * Degrees, motion.Distance, double.NaN, double.NaN);
    }

    /// <summary>
    /// How the superposition changes with the latent point. Where it is best, sum w a x b = 0 (a the neutral points turned, b the conformer's, both
    /// from their centroids); its derivative gives the turn v: [sum w ((a.b) I - a b^T)] v = sum w a x db.
    /// </summary>
    private (double RotationDegrees, double Shift) Propagate(
        ModelDeformation conformer, in WeightedSuperposition motion, ModelDeformation[] columns, ReadOnlySpan<float> sigma, in Rotation view)
    {
        var inverse = InverseCurvature(conformer, motion);
        double turns = 0, shifts = 0;
        for (var k = 0; k < columns.Length; k++)
        {
            double tx = 0, ty = 0, tz = 0, mx = 0, my = 0, mz = 0, total = 0;
            var column = columns[k];
            for (var j = 0; j < _weights.Length; j++)
            {
                var w = _weights[j];
                var (x, y, z) = motion.Rotation.Apply(Neutral.X[j] - motion.Centroid.X, Neutral.Y[j] - motion.Centroid.Y, Neutral.Z[j] - motion.Centroid.Z);
                double dx = column.X[j], dy = column.Y[j], dz = column.Z[j];
                tx += w * ((y * dz) - (z * dy));
                ty += w * ((z * dx) - (x * dz));
                tz += w * ((x * dy) - (y * dx));
                (mx, my, mz, total) = (mx + (w * dx), my + (w * dy), mz + (w * dz), total + w);
            }

            var (vx, vy, vz) = inverse.Apply(tx, ty, tz);
            var (u, v, _) = view.Apply(mx / total, my / total, mz / total);
            var variance = (double)sigma[k] * sigma[k];
            turns += variance * ((vx * vx) + (vy * vy) + (vz * vz));
            shifts += variance * ((u * u) + (v * v));
        }

        return (Math.Sqrt(turns) * Degrees, Math.Sqrt(shifts));
    }

    /// <summary>The inverse of sum w ((a.b) I - a b^T), carried as a matrix of nine numbers.</summary>
    private Rotation InverseCurvature(ModelDeformation conformer, in WeightedSuperposition motion)
    {
        Span<double> m = stackalloc double[9];
        m.Clear();
        for (var j = 0; j < _weights.Length; j++)
        {
            var (ax, ay, az) = motion.Rotation.Apply(Neutral.X[j] - motion.Centroid.X, Neutral.Y[j] - motion.Centroid.Y, Neutral.Z[j] - motion.Centroid.Z);
            double bx = Neutral.X[j] + (double)conformer.X[j] - motion.TargetCentroid.X;
            double by = Neutral.Y[j] + (double)conformer.Y[j] - motion.TargetCentroid.Y;
            double bz = Neutral.Z[j] + (double)conformer.Z[j] - motion.TargetCentroid.Z;
            double w = _weights[j], dot = (ax * bx) + (ay * by) + (az * bz);
            m[0] += w * (dot - (ax * bx));
            m[1] -= w * ax * by;
            m[2] -= w * ax * bz;
            m[3] -= w * ay * bx;
            m[4] += w * (dot - (ay * by));
            m[5] -= w * ay * bz;
            m[6] -= w * az * bx;
            m[7] -= w * az * by;
            m[8] += w * (dot - (az * bz));
        }

        double c0 = (m[4] * m[8]) - (m[5] * m[7]), c1 = (m[5] * m[6]) - (m[3] * m[8]), c2 = (m[3] * m[7]) - (m[4] * m[6]);
        var d = 1 / ((m[0] * c0) + (m[1] * c1) + (m[2] * c2));
        return new Rotation(
            d * c0, d * ((m[2] * m[7]) - (m[1] * m[8])), d * ((m[1] * m[5]) - (m[2] * m[4])),
            d * c1, d * ((m[0] * m[8]) - (m[2] * m[6])), d * ((m[2] * m[3]) - (m[0] * m[5])),
            d * c2, d * ((m[1] * m[6]) - (m[0] * m[7])), d * ((m[0] * m[4]) - (m[1] * m[3])));
    }
}
