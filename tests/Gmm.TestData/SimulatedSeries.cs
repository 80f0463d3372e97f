using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.TestData;

/// <summary>
/// Tilt series of a model whose true poses are known, images by the exact projector; their source has the tilts at disturbed places, and the starts are those.
/// </summary>
internal sealed class SimulatedSeries
{
    public const double Resolution = 10;

    public static readonly OpticsGroup Group = new() { PixelSize = 4, ImageSize = 40 };
    public static readonly GaussianModel Model = PoseTestData.Ball(120, 45, 7, Group.ImageSize, Group.PixelSize);

    private readonly List<Pose> _truth = [];

    /// <summary>Makes the series.</summary>
    /// <param name="count">Particles.</param>
    /// <param name="tilts">Images of each.</param>
    /// <param name="step">Degrees between them, about y.</param>
    /// <param name="noise">Standard deviation of a pixel.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="own">Standard deviation of each image's own shift, angstrom.</param>
    /// <param name="degrees">How far starts are off, about one axis; 0 draws about 6 degrees.</param>
    /// <param name="exposure">Electrons per square angstrom that each image takes; the signal of those after it is damped by them.</param>
    public SimulatedSeries(int count, int tilts, double step, double noise, int seed, double own = 0, double degrees = 0, double exposure = 0)
    {
        (Count, Tilts, Noise) = (count, tilts, noise);
        var random = new Random(seed);
        for (var s = 0; s < count; s++)
        {
            var first = Draw.Pose(random, 4);
            var wrong = Rotation.FromRotationVector(0.06 * Draw.Normal(random), 0.06 * Draw.Normal(random), 0.06 * Draw.Normal(random));
            if (degrees > 0)
            {
                wrong = Rotation.FromRotationVector(0.6 * degrees * Math.PI / 180, 0.8 * degrees * Math.PI / 180, 0);
            }

            double dx = 3 * Draw.Normal(random), dy = 3 * Draw.Normal(random), dz = 3 * Draw.Normal(random);
            for (var t = 0; t < tilts; t++)
            {
                var tilt = Rotation.FromRotationVector(0, step * (t - (tilts / 2)) * Math.PI / 180, 0);
                var (x, y, _) = tilt.Apply(dx, dy, dz);
                var pose = new Pose(
                    (tilt * first.Rotation).Orthonormalized(), first.ShiftX + (own * Draw.Normal(random)), first.ShiftY + (own * Draw.Normal(random)));
                _truth.Add(pose);
                var ctf = Draw.Ctf(random) with { PreExposure = t * exposure };
                var start = new Pose((tilt * wrong * first.Rotation).Orthonormalized(), first.ShiftX + x, first.ShiftY + y);
                Source.Add(new Particle(start, ctf, 0, 1 + (s % 2)), ExactImages.Of(Model, Group, pose, ctf, noise, random));
            }
        }
    }

    /// <summary>Particles.</summary>
    public int Count { get; }

    /// <summary>Images of each.</summary>
    public int Tilts { get; }

    /// <summary>Standard deviation of a pixel.</summary>
    public double Noise { get; }

    /// <summary>The images, at the poses to start from.</summary>
    public MemorySource Source { get; } = new([Group]);

    /// <summary>The true poses.</summary>
    public IReadOnlyList<Pose> Truth => _truth;

    /// <summary>The poses to start from.</summary>
    public Pose[] Starts => [.. Source.Particles.Select(p => p.Pose)];

    /// <summary>Which particle each image shows.</summary>
    public TiltSeries Names => new([.. Enumerable.Range(0, Count * Tilts).Select(i => $"p{i / Tilts}")]);

    /// <summary>The images multiplied by their CTF and its envelope, as programs export tilt series, and as a job reads them.</summary>
    public PreparedParticles Premultiplied()
    {
        var source = new MemorySource([Group with { CtfState = CtfState.Premultiplied }]);
        var disc = ExactImages.DiscOf(Group);
        var transform = new DiscTransform(Group.ImageSize, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], scratch = new float[transform.ScratchLength];
        foreach (var (particle, image) in Source.Particles.Zip(Source.Images))
        {
            transform.Forward(image, re, im, scratch);
            for (var i = 0; i < re.Length; i++)
            {
                var c = (float)Ctf.Evaluate(particle.Ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
                (re[i], im[i]) = (c * re[i], c * im[i]);
            }

            var pixels = new float[image.Length];
            transform.Inverse(re, im, pixels, scratch);
            source.Add(particle, pixels);
        }

        return PreparedParticles.Of(source, ImageOptions.AsTheyAre, new ComputeOptions { Threads = 2 });
    }

    /// <summary>Refines the poses against the true model.</summary>
    public PoseEstimate?[] Refine(TiltSeriesPrior? prior = null, IParticleSource? images = null)
    {
        var results = new PoseEstimate?[Starts.Length];
        var reference = PoseTestData.Reference(Model, Group, Noise, Resolution);
        new SeriesPoseRefiner(images ?? Source, new SeriesOptimizer(new LevenbergMarquardtOptions(), prior ?? new TiltSeriesPrior()), [reference], Resolution)
            .Refine([.. Names.Among(Enumerable.Range(0, results.Length))], Starts, results, new ComputeOptions { Threads = 2 }, CancellationToken.None);
        return results;
    }

    /// <summary>
    /// Root mean square error of the rotations over the Cramer-Rao bound of the six parameters of a series, and the mean square of the error over its own
    /// standard deviation.
    /// </summary>
    public (double OverBound, double Normalised) Errors(IReadOnlyList<PoseEstimate?> estimates)
    {
        var all = ErrorsOf(estimates);
        return (Math.Sqrt(all.Sum(e => e.Square) / all.Sum(e => e.Bound)), all.Average(e => e.Normalised));
    }

    /// <summary>Of each series the square of its rotation's error and its Cramer-Rao bound, radians squared, and the square over its own variance.</summary>
    public (double Square, double Bound, double Normalised)[] ErrorsOf(IReadOnlyList<PoseEstimate?> estimates)
    {
        var all = new (double, double, double)[Count];
        var covariance = new double[36];
        for (var s = 0; s < Count; s++)
        {
            if (!Cholesky.TryInvert(6, Information(s), covariance))
            {
                throw new InvalidOperationException("The information of a series is singular.");
            }

            var (found, truth) = (estimates[s * Tilts]!, _truth[s * Tilts]);
            var (x, y, z) = RotationVector.Of(found.Pose.Rotation * truth.Rotation.Transpose());
            var square = (x * x) + (y * y) + (z * z);
            all[s] = (square, covariance[0] + covariance[7] + covariance[14], square / Math.Pow(found.RotationSigmaDegrees * (Math.PI / 180), 2));
        }

        return all;
    }

    /// <summary>
    /// The Fisher information of the first image's rotation and of the shift in its frame, by its definition, each image's amplitude unknown.
    /// </summary>
    private double[] Information(int series)
    {
        var disc = FourierDisc.ForResolution(Group.ImageSize, Group.PixelSize, Resolution);
        var sum = new double[36];
        for (var t = 0; t < Tilts; t++)
        {
            var i = (series * Tilts) + t;
            var own = CramerRao.Information(Model, disc, Group, Source.Particles[i].Ctf, _truth[i], Noise);
            var r = _truth[i].Rotation * _truth[series * Tilts].Rotation.Transpose();
            double[,] map =
            {
                { r.M00, r.M01, r.M02, 0, 0, 0 }, { r.M10, r.M11, r.M12, 0, 0, 0 }, { r.M20, r.M21, r.M22, 0, 0, 0 },
                { 0, 0, 0, r.M00, r.M01, r.M02 }, { 0, 0, 0, r.M10, r.M11, r.M12 },
            };
            for (var a = 0; a < 6; a++)
            {
                for (var b = 0; b < 6; b++)
                {
                    for (var p = 0; p < 5; p++)
                    {
                        for (var q = 0; q < 5; q++)
                        {
                            sum[(6 * a) + b] += map[p, a] * own[(5 * p) + q] * map[q, b];
                        }
                    }
                }
            }
        }

        return sum;
    }
}
