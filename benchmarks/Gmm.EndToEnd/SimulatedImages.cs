using Gmm.Core;

namespace Gmm.EndToEnd;

/// <summary>
/// Images of a Gaussian model in memory: exact projections in float64 times the CTF, and white noise of any strength. Poses to start from are the true ones
/// turned and shifted by normal deviates.
/// </summary>
internal sealed class SimulatedImages
{
    private readonly float[][] _signals;
    private readonly Particle[] _particles;
    private readonly OpticsGroup _optics;
    private readonly GaussianModel _model;

    /// <param name="model">The truth.</param>
    /// <param name="resolution">Signal is made to this resolution, angstrom; noise has no limit.</param>
    /// <param name="count">Images.</param>
    /// <param name="degrees">Rms angle of the starts from the truth, three axes together.</param>
    /// <param name="angstrom">Rms shift of the starts, both axes together.</param>
    /// <param name="bFactor">B factor of the envelope that the CTF holds, square angstrom.</param>
    public SimulatedImages(GaussianModel model, double resolution, int count, double degrees, double angstrom, double bFactor)
    {
        _model = model;
        var n = model.BoxSize;
        _optics = new OpticsGroup { PixelSize = model.PixelSize, ImageSize = n };
        Disc = FourierDisc.ForResolution(n, model.PixelSize, resolution);
        Exact = new DirectProjector<double>(model, Disc);
        _particles = new Particle[count];
        Starts = new Pose[count];
        _signals = new float[count][];
        for (var i = 0; i < count; i++)
        {
            var random = new SeededGenerator(11, 103, i);
            var pose = new Pose(random.Rotation(), 2 * random.Normal(), 2 * random.Normal());
            var defocus = 8000 + (14000 * random.Uniform());
            var ctf = new CtfParameters { DefocusU = defocus + 150, DefocusV = defocus - 150, DefocusAngleDegrees = 180 * random.Uniform(), BFactor = bFactor };
            _particles[i] = new Particle(pose, ctf, 0, 1 + (i % 2));
            Starts[i] = Disturb(pose, degrees, angstrom, ref random);
        }

        var transform = new DiscTransform(n, Disc);
        var evaluator = new CtfEvaluator(Disc);
        Parallel.For(0, count, i => _signals[i] = Signal(_particles[i], transform, evaluator));
    }

    public FourierDisc Disc { get; }

    /// <summary>The projector of the truth.</summary>
    public DirectProjector<double> Exact { get; }

    /// <summary>Poses to start from.</summary>
    public Pose[] Starts { get; }

    public IReadOnlyList<Particle> Particles => _particles;

    /// <summary>Standard deviation of the noise at which the mean signal power over the molecule's mean silhouette is a part of the noise power.</summary>
    public double Sigma(double snr)
    {
        double power = 0;
        foreach (var signal in _signals)
        {
            power += signal.Sum(v => (double)v * v);
        }

        return Math.Sqrt(power / _signals.Length / SilhouettePixels() / snr);
    }

    /// <summary>The images with noise.</summary>
    public InMemoryParticles WithNoise(double sigma)
    {
        var images = new ReadOnlyMemory<float>[_signals.Length];
        Parallel.For(0, images.Length, i =>
        {
            var random = new SeededGenerator(11, 104, i);
            images[i] = Array.ConvertAll(_signals[i], v => (float)(v + (sigma * random.Normal())));
        });
        return new InMemoryParticles([_optics], _particles, images);
    }

    /// <summary>A pose turned and shifted by normal deviates of given rms length.</summary>
    public static Pose Disturb(Pose pose, double degrees, double angstrom, ref SeededGenerator random)
    {
        double turn = degrees * (Math.PI / 180) / Math.Sqrt(3), shift = angstrom / Math.Sqrt(2);
        return pose.Step([turn * random.Normal(), turn * random.Normal(), turn * random.Normal(), shift * random.Normal(), shift * random.Normal()]);
    }

    private float[] Signal(Particle particle, DiscTransform transform, CtfEvaluator evaluator)
    {
        double[] re = new double[Disc.Count], im = new double[Disc.Count];
        Exact.Project(particle.Pose, re, im, Exact.CreateScratch());
        var transfer = new float[Disc.Count];
        evaluator.FillTransfer(particle.Ctf, CtfState.Unmodified, transfer);
        var scale = Math.Pow(_model.PixelSize, -3);
        float[] fre = new float[re.Length], fim = new float[re.Length];
        for (var k = 0; k < re.Length; k++)
        {
            (fre[k], fim[k]) = ((float)(scale * transfer[k] * re[k]), (float)(scale * transfer[k] * im[k]));
        }

        var image = new float[_model.BoxSize * _model.BoxSize];
        transform.Inverse(fre, fim, image, new float[transform.ScratchLength]);
        return image;
    }

    /// <summary>Mean area of the projections: a quarter of the surface (Cauchy), that of an ellipsoid with the model's second moments.</summary>
    private double SilhouettePixels()
    {
        double Axis(ReadOnlySpan<float> c)
        {
            double square = 0;
            foreach (var v in c)
            {
                square += v * v;
            }

            return Math.Sqrt(5 * square / c.Length);
        }

        double a = Axis(_model.X), b = Axis(_model.Y), c = Axis(_model.Z);
        const double p = 1.6075; // Thomsen's formula
        var surface = 4 * Math.PI * Math.Pow((Math.Pow(a * b, p) + Math.Pow(a * c, p) + Math.Pow(b * c, p)) / 3, 1 / p);
        return surface / 4 / (_model.PixelSize * _model.PixelSize);
    }
}
