using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>What is drawn before any image: poses, CTFs, halves, contrast, and the disturbed poses.</summary>
/// <param name="True">The particles as they are.</param>
/// <param name="Disturbed">The same with poses disturbed.</param>
/// <param name="Contrasts">Factor on each particle's signal.</param>
/// <param name="Micrographs">Micrograph of each particle, from 0.</param>
/// <param name="Groups">The optics groups.</param>
internal sealed record SimulationTruth(Particle[] True, Particle[] Disturbed, double[] Contrasts, int[] Micrographs, List<OpticsGroup> Groups)
{
    private const int PoseStream = 1;
    private const int CtfStream = 2;
    private const int MicrographStream = 3;
    private const int DisturbStream = 4;
    private const int HalfStream = 5;

    /// <summary>Stream of the images' noise.</summary>
    public const int NoiseStream = 6;

    /// <summary>Stream of the images' random phases; 7 is the paths', 1000 and more the domains'.</summary>
    public const int PhaseStream = 8;

    /// <summary>Draws the particles; particle i depends on the seed and on i, save for its half and its micrograph.</summary>
    /// <param name="options">The numbers.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The truth.</returns>
    public static SimulationTruth Draw(SimulationOptions options, int seed)
    {
        var n = options.ParticleCount;
        var micrographs = options.MicrographCount ?? Math.Max(1, n / 80);
        var halves = Halves(n, seed);
        var truth = new SimulationTruth(new Particle[n], new Particle[n], new double[n], new int[n], []);
        var numbers = new Dictionary<(Aberrations?, double, double, double), int>();
        for (var i = 0; i < n; i++)
        {
            truth.Micrographs[i] = (int)((long)i * micrographs / n);
            var pose = new SeededGenerator(seed, PoseStream, i);
            var rotation = options.Orientations is { } list ? list[i % list.Count] : pose.Rotation();
            var centred = new Pose(rotation, options.CentreSd * pose.Normal(), options.CentreSd * pose.Normal());
            truth.Contrasts[i] = Math.Exp(options.ContrastSd * pose.Normal());
            var ctf = options.Ctfs is { } ctfs ? ctfs[i % ctfs.Count] : DrawCtf(options, seed, i, truth.Micrographs[i]);
            var aberrations = options.Aberrations is { } optics ? optics[i % optics.Count] : null;
            var group = (aberrations, ctf.VoltageKilovolt, ctf.SphericalAberrationMillimetre, ctf.AmplitudeContrast);
            if (!numbers.TryGetValue(group, out var number))
            {
                numbers[group] = number = numbers.Count;
                truth.Groups.Add(GroupOf(options, number, aberrations));
            }

            truth.True[i] = new Particle(centred, ctf, number, halves[i]);
            truth.Disturbed[i] = truth.True[i] with { Pose = Disturb(centred, options, new SeededGenerator(seed, DisturbStream, i)) };
        }

        return truth;
    }

    private static OpticsGroup GroupOf(SimulationOptions options, int number, Aberrations? aberrations) => new()
    {
        Id = number + 1,
        Name = FormattableString.Invariant($"opticsGroup{number + 1}"),
        PixelSize = options.PixelSize,
        ImageSize = options.BoxSize,
        CtfState = options.CtfState,
        Aberrations = aberrations is { IsNone: false } ? aberrations : null,
    };

    private static CtfParameters DrawCtf(SimulationOptions options, int seed, int particle, int micrograph)
    {
        var shared = new SeededGenerator(seed, MicrographStream, micrograph);
        var own = new SeededGenerator(seed, CtfStream, particle);
        var mean = options.DefocusMin + ((options.DefocusMax - options.DefocusMin) * shared.Uniform());
        var astigmatism = Math.Abs(options.AstigmatismSd * shared.Normal());
        var angle = 180 * shared.Uniform();
        var defocus = mean + (options.DefocusSd * own.Normal());
        return new CtfParameters
        {
            DefocusU = defocus + (astigmatism / 2),
            DefocusV = defocus - (astigmatism / 2),
            DefocusAngleDegrees = angle,
            VoltageKilovolt = options.VoltageKilovolt,
            SphericalAberrationMillimetre = options.SphericalAberrationMillimetre,
            AmplitudeContrast = options.AmplitudeContrast,
        };
    }

    private static Pose Disturb(in Pose pose, SimulationOptions options, SeededGenerator random)
    {
        var angle = options.DisturbDegrees * (Math.PI / 180) / Math.Sqrt(3);
        var shift = options.DisturbAngstrom / Math.Sqrt(2);
        return pose.Step([angle * random.Normal(), angle * random.Normal(), angle * random.Normal(), shift * random.Normal(), shift * random.Normal()]);
    }

    /// <summary>Half of the particles (rounded down), chosen at random (Fisher-Yates), are half 2.</summary>
    private static int[] Halves(int n, int seed)
    {
        var random = new SeededGenerator(seed, HalfStream, 0);
        var order = Enumerable.Range(0, n).ToArray();
        random.Shuffle(order);
        var half = new int[n];
        Array.Fill(half, 1);
        for (var i = 0; i < n / 2; i++)
        {
            half[order[i]] = 2;
        }

        return half;
    }
}
