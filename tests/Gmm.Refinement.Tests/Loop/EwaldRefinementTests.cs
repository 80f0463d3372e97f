using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>Poses on the Ewald sphere, from images in which every Gaussian has the defocus of its own height.</summary>
public class EwaldRefinementTests(ITestOutputHelper output)
{
    private static readonly OpticsGroup s_optics = new() { PixelSize = 2, ImageSize = 48 };

    private static readonly AnalyticModel s_model = RandomGaussians.Make(7, 24, 2.0, 20);

    private static readonly MemorySource s_truth = CurvedImages.Make(s_model, s_optics, 120, sign: -1, noise: 0.6);

    private static readonly RefinementOptions s_options = new()
    {
        Iterations = 1,
        Gaussians = 20,
        Mask = SolventMasks.Sphere(48, 2, 34, 8),
        MaxResolution = 4.4,
        StopWhenStationary = false,
        EstimateScale = false,
    };

    [Fact]
    public void Poses_are_better_on_the_sphere_of_the_right_sign_and_the_images_find_it()
    {
        RefinementState flat = Run(EwaldMode.Off), right = Run(EwaldMode.Negative), found = Run(EwaldMode.Auto);
        double Error(RefinementState state) => PoseErrors.Compare(s_truth.Particles, state.Poses).RotationMedian;
        output.WriteLine(FormattableString.Invariant($"{Error(flat):F3} {Error(right):F3} {Error(found):F3} {found.Ewald}"));
        Assert.True(Error(right) < 0.9 * Error(flat), $"{Error(right)} {Error(flat)}");
        Assert.Null(right.Ewald);
        Assert.Equal(EwaldMode.Negative, found.Ewald!.Sign);
        Assert.All(found.Ewald.Evidence!.Both, e => Assert.Equal(-1, e.Sign));
        Assert.Empty(found.Ewald.Warnings());
    }

    [Fact]
    public void Halves_that_contradict_each_other_stay_on_the_plane_and_say_so()
    {
        var opposite = CurvedImages.Make(s_model, s_optics, 120, sign: 1, noise: 0.6);
        var mixed = Disturbed(i => s_truth.Particles[i].Half == 1 ? s_truth.Images[i] : opposite.Images[i]);
        var found = JobTestData.Run(mixed, s_options with { Ewald = EwaldMode.Auto });
        var flat = JobTestData.Run(mixed, s_options);
        Assert.Equal(EwaldMode.Off, found.Ewald!.Sign);
        Assert.Equal((-1, 1), (found.Ewald.Evidence!.Half1.Sign, found.Ewald.Evidence.Half2.Sign));
        Assert.Contains("contradict each other", Assert.Single(found.Ewald.Warnings()), StringComparison.Ordinal);
        Assert.Equal(flat.Particles, found.Particles);

        var silent = new EwaldRecord(EwaldMode.Off, new(new EwaldEvidence(50, -80, 100), new EwaldEvidence(3, -9, 100)));
        Assert.Contains("only the images of half 1", Assert.Single(silent.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_asks_the_images_resumes_to_the_same_bytes()
    {
        using var work = new WorkFolder();
        var star = JobTestData.Write(CurvedImages.Make(s_model, s_optics, 60, sign: -1, noise: 0.6, kilovolt: 5), work["in"]);
        RunRecord Run(string folder, int iterations, bool resume)
        {
            using var particles = StarParticles.Open(star);
            var options = s_options with { Ewald = EwaldMode.Auto, Iterations = iterations };
            return new RefinementJob(particles, options, new ComputeOptions { Threads = 2 }, new JobOptions { Folder = work[folder], Resume = resume }).Run();
        }

        var whole = Run("whole", 1, resume: false);
        Run("run", 1, resume: false);
        foreach (var file in Directory.GetFiles(work["run"], "*it001*", SearchOption.AllDirectories).Append(work["run/run_data.star"]))
        {
            File.Delete(file);
        }

        var resumed = Run("run", 1, resume: true);
        WorkFolder.SameRun(work["whole"], work["run"]);
        Assert.NotNull(resumed.Iterations[0].Ewald!.Evidence);
        Assert.Equal(whole.Iterations[^1].Ewald, resumed.Iterations[^1].Ewald);
    }

    [Fact]
    public void The_normal_equations_are_those_of_the_curved_image()
    {
        var model = new GaussianModel(
            [.. s_model.Gaussians.Select(g => (float)g.X)], [.. s_model.Gaussians.Select(g => (float)g.Y)], [.. s_model.Gaussians.Select(g => (float)g.Z)],
            [.. s_model.Gaussians.Select(g => (float)g.Amplitude)], [.. s_model.Gaussians.Select(g => (float)g.Width)], 48, 2);
        var flat = WhiteNoise.Reference(Scorers.Whitened, model, s_optics, 0.05, [4.4], 1e-6);
        var workspace = new PoseWorkspace(new PoseReference(flat.Bands) { EwaldSign = -1 });
        Assert.True(workspace.Image.Read(new ParticleImages(s_truth, 4.4), 3));
        workspace.Prepare();
        const int n = Pose.ParameterCount;
        var pose = Draw.Near(new Random(5), s_truth.Particles[3].Pose, 1, 0.3);
        double[] gradient = new double[n], information = new double[n * n], ignored = new double[n * n];
        var score = workspace.Evaluate(0, pose, gradient, information);
        Assert.Equal(workspace.Score(0, pose).Objective, score.Objective, 1e-6 * score.Objective);
        for (var p = 0; p < n; p++)
        {
            var h = p < 3 ? 1e-3 : 1e-2;
            double[] above = new double[n], below = new double[n], step = new double[n];
            step[p] = h;
            var up = workspace.Evaluate(0, pose.Step(step), above, ignored).Objective;
            step[p] = -h;
            var down = workspace.Evaluate(0, pose.Step(step), below, ignored).Objective;
            Assert.Equal((up - down) / (2 * h), gradient[p], 2e-3 * Math.Sqrt(information[p * (n + 1)] * score.Objective));
        }

        // Where the image is what is predicted, the matrix is the objective's own curvature.
        var truth = s_truth.Particles[3].Pose;
        var exact = new PoseJacobian<float>(flat.Disc);
        workspace.Image.Project(flat.Bands[0].Projector, truth, exact.Re, exact.Im, flat.Bands[0].Projector.CreateScratch());
        exact.Re.CopyTo(workspace.Re);
        exact.Im.CopyTo(workspace.Im);
        workspace.Prepare();
        workspace.Evaluate(0, truth, gradient, information);
        for (var p = 0; p < n; p++)
        {
            var h = p < 3 ? 2e-4 : 2e-3;
            double[] above = new double[n], below = new double[n], step = new double[n];
            step[p] = h;
            workspace.Evaluate(0, truth.Step(step), above, ignored);
            step[p] = -h;
            workspace.Evaluate(0, truth.Step(step), below, ignored);
            for (var q = 0; q < n; q++)
            {
                var scale = Math.Sqrt(information[p * (n + 1)] * information[q * (n + 1)]);
                Assert.Equal((below[q] - above[q]) / (2 * h), information[(p * n) + q], 0.02 * scale);
            }
        }
    }

    [Fact]
    public void What_cannot_see_the_sphere_is_refused()
    {
        var options = s_options with { Ewald = EwaldMode.Positive };
        options.Validate();
        foreach (var wrong in new[]
        {
            options with { Scorer = Scorers.RingCorrelation },
            options with { Optics = new OpticsOptions() },
            options with { Reconstructor = new FourierReconstructor { EwaldSign = 1 } },
        })
        {
            Assert.Contains("Ewald", Assert.Throws<ArgumentException>(wrong.Validate).Message, StringComparison.Ordinal);
        }

        var flat = Assert.Throws<InvalidOperationException>(
            () => JobTestData.Run(Disturbed(i => s_truth.Images[i]), options with { Projector = Projectors.Direct }));
        Assert.Contains("knows no Ewald sphere", flat.Message, StringComparison.Ordinal);
    }

    private static RefinementState Run(EwaldMode mode) => JobTestData.Run(Disturbed(i => s_truth.Images[i]), s_options with { Ewald = mode });

    private static InMemoryParticles Disturbed(Func<int, float[]> image)
    {
        var random = new Random(52);
        return new InMemoryParticles(
            [s_optics],
            [.. s_truth.Particles.Select(p => p with { Pose = Draw.Near(random, p.Pose, 2, 0.5) })],
            [.. Enumerable.Range(0, s_truth.Particles.Count).Select(i => (ReadOnlyMemory<float>)image(i))]);
    }
}
