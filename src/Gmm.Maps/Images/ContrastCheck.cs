using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Looks whether the molecule is brighter than the solvent.</summary>
public static class ContrastCheck
{
    /// <summary>Images looked at: enough for any set, and a second's work.</summary>
    private const int Sample = 600;

    /// <summary>Width of the ball in the middle, in units of the box: its radius of gyration is that of a molecule of a third of the box.</summary>
    private const double BallWidth = 0.1;

    /// <summary>Rings beyond which nothing of the ball is left.</summary>
    private const int Rings = 5;

    /// <summary>Resolution of the map whose density is judged, angstrom.</summary>
    private const double MapResolution = 20;

    /// <summary>Looks at images, maps of them and a model.</summary>
    /// <param name="source">The particles, prepared.</param>
    /// <param name="map">The map of them; null for none.</param>
    /// <param name="model">What they are to show, in the map's frame; null if it is not known.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What they say.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    public static ContrastEvidence Measure(
        PreparedParticles source, DensityMap? map, GaussianModel? model, ComputeOptions compute, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(compute);
        int[] usable = [.. Enumerable.Range(0, source.Particles.Count).Where(i => source.Particles[i].Weight > 0)];
        var sample = EvenSample.Of(usable, Sample);
        var values = new double[sample.Length];
        foreach (var group in Enumerable.Range(0, sample.Length).GroupBy(n => source.Particles[sample[n]].OpticsIndex))
        {
            Measure(source, sample, [.. group], values, compute, cancellationToken);
        }

        var smooth = map is null ? null : MapFilters.LowPass(map, Math.Max(MapResolution, 4 * map.PixelSize), compute: compute);
        return new ContrastEvidence
        {
            Images = sample.Length,
            ImagesZ = MeanEstimate.Of(values).StandardErrors,
            MapSkewness = smooth is null ? null : Skewness(smooth),
            ModelCorrelation = smooth is null || model is null || !MapChecks.IsOnGrid(smooth, model.BoxSize, model.PixelSize)
                ? null
                : Correlation(smooth, model, compute),
            Inverted = source.Options.Invert,
        };
    }

    /// <summary>For each image of a group, the correlation with the ball through its CTF, rings weighed by the group's mean power.</summary>
    private static void Measure(
        PreparedParticles source, int[] sample, int[] members, double[] values, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var optics = source.OpticsGroups[source.Particles[sample[members[0]]].OpticsIndex];
        var images = new ParticleImages(source, optics.BoxLength / Math.Min(Rings, Math.Max(1, (optics.ImageSize - 1) / 2)));
        var disc = images.Disc(source.Particles[sample[members[0]]].OpticsIndex);
        double[][] products = new double[members.Length][], powers = new double[members.Length][];
        Guarded.For(
            0,
            members.Length,
            compute.StoppedBy(cancellationToken).Parallelism,
            () => (Re: new float[disc.Count], Im: new float[disc.Count], Transfer: new float[disc.Count]),
            (n, _, b) =>
            {
                var index = sample[members[n]];
                (products[n], powers[n]) = images.Read(index, b.Re, b.Im, b.Transfer)
                    ? InRings(disc, source.Particles[index].Pose, b.Re, b.Im, b.Transfer)
                    : (new double[disc.Radius + 1], new double[disc.Radius + 1]);
                return b;
            },
            _ => { });
        for (var q = 1; q <= disc.Radius; q++)
        {
            var power = powers.Sum(p => p[q]);
            for (var n = 0; n < members.Length && power > 0; n++)
            {
                values[members[n]] += products[n][q] * members.Length / power;
            }
        }
    }

    /// <summary>In each ring the sum of Re conj(image) x ball x transfer, at the particle's shift, and of the image's power.</summary>
    private static (double[] Product, double[] Power) InRings(FourierDisc disc, Pose pose, float[] re, float[] im, float[] transfer)
    {
        double[] product = new double[disc.Radius + 1], power = new double[disc.Radius + 1];
        for (var q = 1; q <= disc.Radius; q++)
        {
            for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
            {
                double kx = disc.Kx[i], ky = disc.Ky[i];
                var (sin, cos) = Math.SinCos(-2 * Math.PI * ((kx * pose.ShiftX) + (ky * pose.ShiftY)) / disc.BoxLength);
                var ball = Math.Exp(-2 * Math.PI * Math.PI * BallWidth * BallWidth * ((kx * kx) + (ky * ky))) * transfer[i];
                product[q] += ball * ((re[i] * cos) + (im[i] * sin));
                power[q] += ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
            }
        }

        return (product, power);
    }

    /// <summary>Third moment of the density inside the sphere in the box.</summary>
    private static double Skewness(DensityMap map)
    {
        double n = 0, s1 = 0, s2 = 0, s3 = 0;
        ForSphere(map, (_, v) =>
        {
            n++;
            s1 += v;
            s2 += v * v;
            s3 += v * v * v;
        });
        double mean = s1 / n, variance = (s2 / n) - (mean * mean);
        return variance > 0 ? ((s3 / n) - (3 * mean * s2 / n) + (2 * mean * mean * mean)) / Math.Pow(variance, 1.5) : 0;
    }

    private static double Correlation(DensityMap map, GaussianModel model, ComputeOptions compute)
    {
        var rendered = MapFilters.LowPass(RenderedMap.Of(model, MapResolution / 2, compute), Math.Max(MapResolution, 4 * map.PixelSize), compute: compute);
        double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        ForSphere(map, (i, v) =>
        {
            double w = rendered.Voxels[i];
            n++;
            a += v;
            b += w;
            aa += v * v;
            bb += w * w;
            ab += v * w;
        });
        double va = aa - (a * a / n), vb = bb - (b * b / n);
        return va > 0 && vb > 0 ? (ab - (a * b / n)) / Math.Sqrt(va * vb) : 0;
    }

    private static void ForSphere(DensityMap map, Action<int, double> body)
    {
        var (n, c) = (map.Size, map.Size / 2);
        var limit = ImageBorder.Radius * ImageBorder.Radius * n * n;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            double x = (i % n) - c, y = (i / n % n) - c, z = (i / (n * n)) - c;
            if ((x * x) + (y * y) + (z * z) <= limit)
            {
                body(i, map.Voxels[i]);
            }
        }
    }
}
