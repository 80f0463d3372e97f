using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>Tilt series of a model whose true poses are known, images by the exact projector.</summary>
public class TiltSeriesTests
{
    private const int Tilts = 5;
    private const double Step = 12;
    private const double Resolution = 10;

    private static readonly OpticsGroup s_group = new() { PixelSize = 4, ImageSize = 40 };
    private static readonly GaussianModel s_model = PoseTestData.Ball(120, 45, 7, s_group.ImageSize, s_group.PixelSize);

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        var (source, _, starts) = Series(1, 0.05, 3, own: 1);
        var geometry = new SeriesGeometry(source.Particles, [.. Enumerable.Range(0, Tilts)]);
        var prior = new TiltSeriesPrior { RotationSigmaDegrees = 5, PositionSigmaAngstrom = 4, ShiftSigmaAngstrom = 2 };
        var workspace = Workspace(source, 0, 0.05);
        var climb = new SeriesClimb(workspace, geometry, geometry.Split(starts), prior, 0);
        int n = climb.Parameters;
        double[] gradient = new double[n], matrix = new double[n * n], other = new double[n], otherMatrix = new double[n * n];
        climb.Evaluate(gradient, matrix);
        climb.Accept();
        Assert.Equal(6 + (2 * Tilts), n);
        for (var p = 0; p < n; p++)
        {
            var h = p < 3 ? 1e-4 : 1e-2;
            double At(double along)
            {
                var step = new double[n];
                step[p] = along;
                climb.Move(step);
                return climb.Evaluate(other, otherMatrix);
            }

            var difference = (At(h) - At(-h)) / (2 * h);
            Assert.InRange(gradient[p], difference - (1e-2 * Math.Abs(difference)) - 0.02, difference + (1e-2 * Math.Abs(difference)) + 0.02);
        }
    }

    [Fact]
    public void A_series_of_one_image_is_an_ordinary_particle()
    {
        var source = PoseTestData.Particles(1, 0.5, 5, s_model, [s_group]);
        var reference = PoseTestData.Reference(s_model, s_group, 0.5, Resolution);
        var start = source.Particles[0].Pose.Step([0.05, -0.04, 0.03, 1, -1]);
        var plain = new PoseEstimate?[1];
        new ParticlePoseRefiner(source, new LevenbergMarquardtPoseOptimizer(), [reference], Resolution).Refine([0], [start], plain, new ComputeOptions());
        var series = new PoseEstimate?[1];
        new SeriesPoseRefiner(source, new SeriesOptimizer(new LevenbergMarquardtOptions(), new TiltSeriesPrior()), [reference], Resolution)
            .Refine([[0]], [start], series, new ComputeOptions(), CancellationToken.None);
        Assert.Equal(PoseStatus.Refined, series[0]!.Status);
        Assert.InRange(series[0]!.Pose.Rotation.AngleTo(plain[0]!.Pose.Rotation) * (180 / Math.PI), 0, 0.3 * plain[0]!.RotationSigmaDegrees);
        Assert.Equal(plain[0]!.RotationSigmaDegrees, series[0]!.RotationSigmaDegrees, 0.05 * plain[0]!.RotationSigmaDegrees);
        Assert.Equal(plain[0]!.ShiftSigmaAngstrom, series[0]!.ShiftSigmaAngstrom, 0.05 * plain[0]!.ShiftSigmaAngstrom);
    }

    [Fact]
    public void Poses_reach_the_Cramer_Rao_bound_of_the_series()
    {
        const double noise = 1.2;
        const int count = 60;
        var (source, truth, starts) = Series(count, noise, 21, own: 0);
        var estimates = Refine(source, starts, noise);
        double squares = 0, normalised = 0, bound = 0;
        for (var s = 0; s < count; s++)
        {
            var information = Information(source, truth, s, noise);
            var covariance = new double[36];
            Assert.True(Cholesky.TryInvert(6, information, covariance));
            var (x, y, z) = RotationVector.Of(estimates[s * Tilts]!.Pose.Rotation * truth[s * Tilts].Rotation.Transpose());
            squares += (x * x) + (y * y) + (z * z);
            bound += covariance[0] + covariance[7] + covariance[14];
            normalised += ((x * x) + (y * y) + (z * z)) / Math.Pow(estimates[s * Tilts]!.RotationSigmaDegrees * (Math.PI / 180), 2) / count;
        }

        // Chi-square of three degrees of freedom and sixty particles: the ratio's standard deviation is about 6 %.
        Assert.InRange(Math.Sqrt(squares / bound), 0.85, 1.2);
        Assert.InRange(normalised, 0.65, 1.4);
    }

    [Fact]
    public void Images_keep_their_tilts_to_each_other_and_one_half_is_all_of_a_particle()
    {
        var (source, truth, starts) = Series(4, 1, 9, own: 0);
        var estimates = Refine(source, starts, 1);
        for (var i = 0; i < estimates.Length; i++)
        {
            var first = i - (i % Tilts);
            var turn = estimates[i]!.Pose.Rotation * estimates[first]!.Pose.Rotation.Transpose();
            var wanted = truth[i].Rotation * truth[first].Rotation.Transpose();
            Assert.InRange(turn.AngleTo(wanted), 0, 1e-6);
        }

        var split = new MemorySource([s_group]);
        foreach (var (p, i) in source.Particles.Select((p, i) => (p, i)))
        {
            split.Add(p with { Half = i == 3 ? 3 - p.Half : p.Half }, new float[40 * 40]);
        }

        var error = Assert.Throws<InvalidInputException>(() => Names(4).Require(split));
        Assert.Contains("all images of a particle must be in one half", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_shifts_are_found_where_they_are_allowed()
    {
        const double noise = 0.6;
        var (source, truth, starts) = Series(8, noise, 31, own: 2);
        double Error(double sigma)
        {
            var found = Refine(source, starts, noise, new TiltSeriesPrior { ShiftSigmaAngstrom = sigma });
            return Math.Sqrt(found.Select((e, i) =>
                Math.Pow(e!.Pose.ShiftX - truth[i].ShiftX, 2) + Math.Pow(e.Pose.ShiftY - truth[i].ShiftY, 2)).Average());
        }

        Assert.InRange(Error(2), 0, 0.6 * Error(0));
    }

    [Fact]
    public void A_rotation_that_is_far_off_is_found_where_it_is_sought()
    {
        const double noise = 1;
        var (source, truth, starts) = Series(2, noise, 17, own: 0, degrees: 40);
        double Worst(TiltSeriesPrior? prior) =>
            Refine(source, starts, noise, prior, prior is null).Select((e, i) => e!.Pose.Rotation.AngleTo(truth[i].Rotation) * (180 / Math.PI)).Max();
        Assert.InRange(Worst(null), 10, 180);
        Assert.InRange(Worst(new TiltSeriesPrior { RotationSigmaDegrees = 20 }), 0, 5);
    }

    [Fact]
    public void The_loop_brings_series_back_against_a_map_that_is_given_on_any_number_of_threads()
    {
        const int count = 24;
        var (source, truth, starts) = Series(count, 1, 41, own: 0);
        var map = RenderedMap.Of(s_model);
        RefinementState Run(int threads)
        {
            var options = new RefinementOptions { TiltSeries = Names(count), Reference = new GivenReference(map, Resolution, 1), Iterations = 1 };
            var loop = new RefinementLoop(source, options, new ComputeOptions { Threads = threads });
            var state = loop.Start();
            while (!loop.IsFinished(state))
            {
                state = loop.Next(state);
            }

            return state;
        }

        RefinementState one = Run(1), two = Run(2);
        Assert.Equal(one.Particles, two.Particles);
        double Median(IReadOnlyList<Pose> poses) =>
            Medians.OfFinite(poses.Select((p, i) => p.Rotation.AngleTo(truth[i].Rotation) * (180 / Math.PI)));
        Assert.InRange(Median(one.Poses), 0, 0.4 * Median(starts));
        Assert.All(one.Particles, p => Assert.Equal(PoseStatus.Refined, p.Status));
    }

    [Fact]
    public void What_series_cannot_be_refined_with_is_refused()
    {
        var options = new RefinementOptions { TiltSeries = Names(2) };
        options.Validate();
        Assert.Throws<ArgumentException>(() => (options with { Scorer = Scorers.RingCorrelation }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { Optimizer = new AdamPoseOptimizer() }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { RelaxSymmetry = SymmetryGroup.Parse("C2") }).Validate());
        Assert.Throws<ArgumentException>(() => new TiltSeries(["a"], new TiltSeriesPrior { ShiftSigmaAngstrom = -1 }));
        Assert.Throws<ArgumentException>(() => new TiltSeries(["a"], new TiltSeriesPrior { RotationSigmaDegrees = double.NaN }));
        Assert.Throws<ArgumentException>(() => new TiltSeries([]));
    }

    private static TiltSeries Names(int count) => new([.. Enumerable.Range(0, count * Tilts).Select(i => $"p{i / Tilts}")]);

    /// <summary>Series at true poses with images; their source has the tilts at disturbed places, and the starts are those.</summary>
    private static (MemorySource Source, Pose[] Truth, Pose[] Starts) Series(int count, double noise, int seed, double own, double degrees = 0)
    {
        var random = new Random(seed);
        var source = new MemorySource([s_group]);
        var truth = new List<Pose>();
        for (var s = 0; s < count; s++)
        {
            var first = Draw.Pose(random, 4);
            var wrong = Rotation.FromRotationVector(0.06 * Draw.Normal(random), 0.06 * Draw.Normal(random), 0.06 * Draw.Normal(random));
            if (degrees > 0)
            {
                wrong = Rotation.FromRotationVector(0.6 * degrees * Math.PI / 180, 0.8 * degrees * Math.PI / 180, 0);
            }

            double dx = 3 * Draw.Normal(random), dy = 3 * Draw.Normal(random), dz = 3 * Draw.Normal(random);
            for (var t = 0; t < Tilts; t++)
            {
                var tilt = Rotation.FromRotationVector(0, Step * (t - (Tilts / 2)) * Math.PI / 180, 0);
                var (x, y, _) = tilt.Apply(dx, dy, dz);
                var pose = new Pose(
                    (tilt * first.Rotation).Orthonormalized(), first.ShiftX + (own * Draw.Normal(random)), first.ShiftY + (own * Draw.Normal(random)));
                truth.Add(pose);
                var ctf = Draw.Ctf(random);
                var start = new Pose((tilt * wrong * first.Rotation).Orthonormalized(), first.ShiftX + x, first.ShiftY + y);
                source.Add(new Particle(start, ctf, 0, 1 + (s % 2)), ExactImages.Of(s_model, s_group, pose, ctf, noise, random));
            }
        }

        return (source, [.. truth], [.. source.Particles.Select(p => p.Pose)]);
    }

    private static PoseEstimate?[] Refine(MemorySource source, Pose[] starts, double noise, TiltSeriesPrior? prior = null, bool mayFail = false)
    {
        var results = new PoseEstimate?[starts.Length];
        var count = starts.Length / Tilts;
        var reference = PoseTestData.Reference(s_model, s_group, noise, Resolution);
        new SeriesPoseRefiner(source, new SeriesOptimizer(new LevenbergMarquardtOptions(), prior ?? new TiltSeriesPrior()), [reference], Resolution)
            .Refine([.. Names(count).Among(Enumerable.Range(0, starts.Length))], starts, results, new ComputeOptions { Threads = 2 }, CancellationToken.None);
        Assert.All(results, r => Assert.True(mayFail || r!.Status == PoseStatus.Refined));
        return results;
    }

    private static SeriesWorkspace Workspace(MemorySource source, int series, double noise)
    {
        var workspace = new SeriesWorkspace([PoseTestData.Reference(s_model, s_group, noise, Resolution)]);
        var images = new Gmm.Maps.ParticleImages(source, Resolution);
        var image = workspace.Buffers(0);
        var (re, im, transfer) = (image.Re, image.Im, image.Transfer);
        for (var t = 0; t < Tilts; t++)
        {
            Assert.True(images.Read((series * Tilts) + t, re, im, transfer));
            workspace.Add(0, 1);
        }

        return workspace;
    }

    /// <summary>
    /// The Fisher information of the first image's rotation and of the shift in its frame, by its definition, each image's amplitude unknown.
    /// </summary>
    private static double[] Information(MemorySource source, Pose[] truth, int series, double noise)
    {
        var disc = FourierDisc.ForResolution(s_group.ImageSize, s_group.PixelSize, Resolution);
        var sum = new double[36];
        for (var t = 0; t < Tilts; t++)
        {
            var i = (series * Tilts) + t;
            var own = CramerRao.Information(s_model, disc, s_group, source.Particles[i].Ctf, truth[i], noise);
            var r = truth[i].Rotation * truth[series * Tilts].Rotation.Transpose();
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
