using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>Images of a small model by a microscope with aberrations, by the definition in float64.</summary>
internal static class OpticsTestData
{
    public const int Box = 40;
    public const double PixelSize = 2;

    /// <summary>What the particles of group 0 were made with; group 1 has none.</summary>
    public static readonly Aberrations Truth = new(
        Sum(Aberrations.BeamTilt(0.8, -0.6, 2.7, new CtfParameters { DefocusU = 0, DefocusV = 0 }.WavelengthAngstrom), [0, 0, 20, 0, 0, -30]),
        [0, 0, 0, 0, 40, 0, 0, 0, -60],
        new Magnification(1.005, 0.002, 0.002, 0.995));

    public static GaussianModel Model { get; } = Draw.Model(
        new Random(3), new ModelShape { Count = 60, Radius = 25, BoxSize = Box, PixelSize = PixelSize, Widths = (1, 1.4) });

    /// <summary>The image's transform at its Fourier pixels by docs/optics.md: CTF(q) exp(i odd(q)) P(q), q = M k.</summary>
    public static (double[] Re, double[] Im) Transform(FourierDisc disc, Pose pose, CtfParameters ctf, Aberrations? aberrations, GaussianModel? model = null)
    {
        model ??= Model;
        double[] re = new double[disc.Count], im = new double[disc.Count];
        var m = aberrations?.Magnification ?? Magnification.None;
        for (var i = 0; i < disc.Count; i++)
        {
            var (x, y) = m.Apply(disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
            double pr = 0, pi = 0;
            for (var j = 0; j < model.Count; j++)
            {
                var (ux, uy, _) = pose.Rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
                var size = model.Amplitudes[j] * Math.Exp(-2 * Math.PI * Math.PI * model.Widths[j] * model.Widths[j] * ((x * x) + (y * y)));
                var (sin, cos) = Math.SinCos(-2 * Math.PI * ((x * (ux + pose.ShiftX)) + (y * (uy + pose.ShiftY))));
                pr += size * cos;
                pi += size * sin;
            }

            var (s, c) = Math.SinCos(aberrations?.OddPhase(x, y) ?? 0);
            var t = Ctf.Evaluate(ctf, x, y, aberrations);
            (re[i], im[i]) = (t * ((c * pr) - (s * pi)), t * ((c * pi) + (s * pr)));
        }

        return (re, im);
    }

    /// <summary>
    /// Particles of five micrographs, half of them in each group; their file knows no aberrations, defoci with errors, and a phase shift of 90 degrees where
    /// true ones of the micrographs are given.
    /// </summary>
    public static (InMemoryParticles Particles, CtfParameters[] True) Make(
        int count, double noise, double defocusError, int seed = 5, double[]? phaseShifts = null)
    {
        var random = new Random(seed);
        OpticsGroup[] groups = [.. Enumerable.Range(1, 2).Select(g => new OpticsGroup { Id = g, Name = $"g{g}", ImageSize = Box, PixelSize = PixelSize })];
        var made = groups[0] with { CtfState = CtfState.None };
        var disc = ExactImages.DiscOf(made);
        var particles = new Particle[count];
        var images = new ReadOnlyMemory<float>[count];
        var truth = new CtfParameters[count];
        for (var i = 0; i < count; i++)
        {
            var micrograph = i % 5;
            var (pose, group) = (Draw.Pose(random, 2), i / 2 % 2);
            // So little that what is delocalised stays in the box, where images between Fourier pixels are looked at.
            var mean = 2500 + (700 * micrograph) + (150 * Draw.Normal(random));
            truth[i] = new CtfParameters { DefocusU = mean + 100, DefocusV = mean - 100, DefocusAngleDegrees = 30 * micrograph };
            truth[i] = truth[i] with { PhaseShiftDegrees = phaseShifts?[micrograph] ?? 0 };
            var (re, im) = Transform(disc, pose, truth[i], group == 0 ? Truth : null);
            var image = ExactImages.Render(made, truth[i], re, im);
            for (var p = 0; p < image.Length; p++)
            {
                image[p] += (float)(noise * Draw.Normal(random));
            }

            var error = defocusError * Draw.Normal(random);
            var file = Defocus.Of(truth[i]).Plus([error]).In(truth[i]) with { PhaseShiftDegrees = phaseShifts is null ? 0 : 90 };
            particles[i] = new Particle(pose, file, group, 1)
            {
                Micrograph = micrograph,
            };
            images[i] = image;
        }

        return (new InMemoryParticles(groups, particles, images), truth);
    }

    /// <summary>Estimates the optics of all particles against the true model.</summary>
    public static (OpticsDraft Draft, OpticsState State) Estimate(
        InMemoryParticles particles, OpticsOptions options, int iterations, bool keepPoses = true, int threads = 2, int passes = 1,
        GaussianModel? reference = null)
    {
        var compute = new ComputeOptions { Threads = threads };
        var prepared = PreparedParticles.Of(particles, ImageOptions.AsTheyAre, compute);
        var state = OpticsState.Of(prepared);
        var estimator = new OpticsEstimator(particles, new OpticsSettings(options, Projectors.Gridding, 100, keepPoses), compute);
        Pose[] poses = [.. particles.Particles.Select(p => p.Pose)];
        OpticsDraft draft = null!;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            draft = new OpticsDraft(state, poses);
            var now = state;
            estimator.Estimate(
                // The reference is the truth: a limit beyond the images' own has it weighed as such.
                new OpticsTask(
                    0, [.. Enumerable.Range(0, poses.Length)], reference ?? Model, 2.5,
                    prepared.WithOptics(now.Groups, (i, p) => p with { OpticsIndex = now.GroupOf[i], Ctf = now.Ctf[i] }))
                {
                    Passes = passes,
                    FitsAmplitudes = passes > 1,
                },
                iteration == 0, draft, null, default);
            (state, poses) = (draft.State(), draft.Poses);
        }

        return (draft, state);
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
