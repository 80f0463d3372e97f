using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>Tilt series of a model whose true poses are known, images by the exact projector.</summary>
public class TiltSeriesTests
{
    private const int Tilts = 5;
    private const double Step = 12;
    private const double Resolution = SimulatedSeries.Resolution;

    private static readonly OpticsGroup s_group = SimulatedSeries.Group;
    private static readonly GaussianModel s_model = SimulatedSeries.Model;

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        var series = Series(1, 0.05, 3, own: 1);
        var source = series.Source;
        var geometry = new SeriesGeometry(source.Particles, [.. Enumerable.Range(0, Tilts)]);
        var prior = new TiltSeriesPrior { RotationSigmaDegrees = 5, PositionSigmaAngstrom = 4, ShiftSigmaAngstrom = 2 };
        var workspace = Workspace(source, 0, 0.05);
        var climb = new SeriesClimb(workspace, geometry, geometry.Split(series.Starts), prior, 0);
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

    [Theory]
    [InlineData(5, 12, 60, 1.2)]
    [InlineData(41, 3, 24, 3.4)]
    public void Poses_reach_the_Cramer_Rao_bound_of_the_series(int tilts, double step, int count, double noise)
    {
        var series = new SimulatedSeries(count, tilts, step, noise, 21);
        var (overBound, normalised) = series.Errors(Refine(series));

        // Chi-square of three degrees of freedom and so many particles: the ratio's standard deviation is about 6 and 8 %.
        Assert.InRange(overBound, 0.8, 1.2);
        Assert.InRange(normalised, 0.6, 1.5);
    }

    [Fact]
    public void Series_damped_by_their_exposure_and_multiplied_by_their_CTF_reach_the_bound_too()
    {
        // 120 electrons per square angstrom in the end: a seventh of the signal at 10 A is left of the last image.
        var series = new SimulatedSeries(40, 11, 6, 1.7, 23, exposure: 12);
        var premultiplied = series.Premultiplied();
        var (overBound, normalised) = series.Errors(series.Refine(null, premultiplied));
        var undamped = premultiplied.WithParticles((_, p) => p with { Ctf = p.Ctf with { PreExposure = 0 } });
        var (without, _) = series.Errors(series.Refine(null, undamped));
        Assert.InRange(overBound, 0.8, 1.2);
        Assert.InRange(normalised, 0.6, 1.5);
        Assert.True(without > 1.05 * overBound, $"{overBound:F3} with the damping, {without:F3} without");
    }

    [Fact]
    public void Images_keep_their_tilts_to_each_other_and_one_half_is_all_of_a_particle()
    {
        var series = Series(4, 1, 9, own: 0);
        var (source, truth) = (series.Source, series.Truth);
        var estimates = Refine(series);
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

        var error = Assert.Throws<InvalidInputException>(() => series.Names.Require(split));
        Assert.Contains("all images of a particle must be in one half", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_shifts_are_found_where_they_are_allowed()
    {
        var series = Series(8, 0.6, 31, own: 2);
        var truth = series.Truth;
        double Error(double sigma)
        {
            var found = Refine(series, new TiltSeriesPrior { ShiftSigmaAngstrom = sigma });
            return Math.Sqrt(found.Select((e, i) =>
                Math.Pow(e!.Pose.ShiftX - truth[i].ShiftX, 2) + Math.Pow(e.Pose.ShiftY - truth[i].ShiftY, 2)).Average());
        }

        Assert.InRange(Error(2), 0, 0.6 * Error(0));
    }

    [Fact]
    public void A_rotation_that_is_far_off_is_found_where_it_is_sought()
    {
        var series = Series(2, 1, 17, own: 0, degrees: 40);
        double Worst(TiltSeriesPrior? prior) =>
            Refine(series, prior, prior is null).Select((e, i) => e!.Pose.Rotation.AngleTo(series.Truth[i].Rotation) * (180 / Math.PI)).Max();
        Assert.InRange(Worst(null), 10, 180);
        Assert.InRange(Worst(new TiltSeriesPrior { RotationSigmaDegrees = 20 }), 0, 5);
    }

    [Fact]
    public void The_loop_brings_series_back_against_a_map_that_is_given_on_any_number_of_threads()
    {
        var series = Series(24, 1, 41, own: 0);
        var (source, truth) = (series.Source, series.Truth);
        var map = RenderedMap.Of(s_model);
        RefinementState Run(int threads)
        {
            var options = new RefinementOptions { TiltSeries = series.Names, Reference = new GivenReference(map, Resolution, 1), Iterations = 1 };
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
        Assert.InRange(Median(one.Poses), 0, 0.4 * Median(series.Starts));
        Assert.All(one.Particles, p => Assert.Equal(PoseStatus.Refined, p.Status));
    }

    [Fact]
    public void What_series_cannot_be_refined_with_is_refused()
    {
        var options = new RefinementOptions { TiltSeries = new TiltSeries(["a", "a", "b", "b"]) };
        options.Validate();
        Assert.Throws<ArgumentException>(() => (options with { Scorer = Scorers.RingCorrelation }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { Optimizer = new AdamPoseOptimizer() }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { RelaxSymmetry = SymmetryGroup.Parse("C2") }).Validate());
        Assert.Throws<ArgumentException>(() => new TiltSeries(["a"], new TiltSeriesPrior { ShiftSigmaAngstrom = -1 }));
        Assert.Throws<ArgumentException>(() => new TiltSeries(["a"], new TiltSeriesPrior { RotationSigmaDegrees = double.NaN }));
        Assert.Throws<ArgumentException>(() => new TiltSeries([]));
    }

    /// <summary>Series of five tilts, twelve degrees apart.</summary>
    private static SimulatedSeries Series(int count, double noise, int seed, double own, double degrees = 0) =>
        new(count, Tilts, Step, noise, seed, own, degrees);

    private static PoseEstimate?[] Refine(SimulatedSeries series, TiltSeriesPrior? prior = null, bool mayFail = false)
    {
        var results = series.Refine(prior);
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
}
