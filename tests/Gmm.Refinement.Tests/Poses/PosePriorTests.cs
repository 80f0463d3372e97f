using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class PosePriorTests
{
    private static readonly MemorySource Noisy = PoseTestData.Particles(12, 6, 31);
    private static readonly PoseReference Reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, 6, 6);

    [Fact]
    public void No_information_is_no_prior_bit_for_bit()
    {
        var optimizer = new LevenbergMarquardtPoseOptimizer();
        for (var i = 0; i < Noisy.Particles.Count; i++)
        {
            var start = Off(i);
            var plain = optimizer.Optimize(WhiteNoise.Workspace(Reference, Noisy, i), start);
            var workspace = WhiteNoise.Workspace(Reference, Noisy, i);
            workspace.Prior = new PosePrior(Noisy.Particles[i].Pose, new double[25]);
            var free = optimizer.Optimize(workspace, start);
            Assert.Equal(plain.Pose, free.Pose);
            Assert.Equal(plain.Score, free.Score);
            Assert.Equal(plain.Covariance, free.Covariance);
            Assert.Equal(plain.Steps, free.Steps);
        }
    }

    [Fact]
    public void All_information_leaves_the_pose()
    {
        for (var i = 0; i < Noisy.Particles.Count; i++)
        {
            var start = Off(i);
            var workspace = WhiteNoise.Workspace(Reference, Noisy, i);
            workspace.Prior = new PosePrior(start, Diagonal(1e15, 1e15));
            var held = new LevenbergMarquardtPoseOptimizer().Optimize(workspace, start);
            Assert.Equal((start, PoseStatus.Refined), (held.Pose, held.Status));
        }
    }

    [Fact]
    public void Its_pull_is_the_difference_of_its_log_density()
    {
        var random = new Random(5);
        var centre = Draw.Pose(random, 4);
        var prior = new PosePrior(centre, Diagonal(40, 3), (12, -30, 25));
        var pose = Draw.Near(random, centre, 25, 4);
        double[] gradient = new double[5], matrix = new double[25];
        Assert.Equal(prior.LogDensity(pose), prior.Add(pose, gradient, matrix), 1e-12);
        for (var p = 0; p < 5; p++)
        {
            var step = new double[5];
            step[p] = 1e-5;
            var plus = prior.LogDensity(pose.Step(step));
            step[p] = -1e-5;
            Assert.Equal((plus - prior.LogDensity(pose.Step(step))) / 2e-5, gradient[p], 1e-6 * (1 + Math.Abs(gradient[p])));
        }

        Assert.Equal(0, prior.LogDensity(centre));
    }

    [Fact]
    public void A_pivot_keeps_shift_and_rotation_apart()
    {
        // Turned about the pivot, however far: the pivot's image does not move.
        var random = new Random(6);
        var centre = Draw.Pose(random, 4);
        (double X, double Y, double Z) pivot = (20, 35, -10);
        var turned = Rotation.FromRotationVector(0.3, -0.4, 0.2) * centre.Rotation;
        var (ax, ay, _) = centre.Rotation.Apply(pivot.X, pivot.Y, pivot.Z);
        var (bx, by, _) = turned.Apply(pivot.X, pivot.Y, pivot.Z);
        var y = new PosePrior(centre, new double[25], pivot).Displacement(new Pose(turned, centre.ShiftX + ax - bx, centre.ShiftY + ay - by));
        Assert.Equal(0.3, y[0], 1e-12);
        Assert.Equal(-0.4, y[1], 1e-12);
        Assert.Equal(0.2, y[2], 1e-12);
        Assert.Equal(0, Math.Abs(y[3]) + Math.Abs(y[4]), 1e-12);
    }

    [Fact]
    public void A_prior_draws_the_pose_to_its_centre_as_far_as_it_knows_more()
    {
        double free = 0, held = 0;
        for (var i = 0; i < Noisy.Particles.Count; i++)
        {
            var truth = Noisy.Particles[i].Pose;
            var workspace = WhiteNoise.Workspace(Reference, Noisy, i);
            free += Math.Pow(new LevenbergMarquardtPoseOptimizer().Optimize(workspace, Off(i)).Pose.Rotation.AngleTo(truth.Rotation), 2);
            workspace.Prior = new PosePrior(truth, Diagonal(1e6, 1e2));
            var estimate = new LevenbergMarquardtPoseOptimizer().Optimize(workspace, Off(i));
            held += Math.Pow(estimate.Pose.Rotation.AngleTo(truth.Rotation), 2);
            Assert.True(estimate.RotationSigmaDegrees < 180 / Math.PI * Math.Sqrt(3e-6));
        }

        Assert.True(held < 0.25 * free, $"{held} {free}");
    }

    [Fact]
    public void A_pivot_in_the_model_finds_the_same_pose()
    {
        var clean = PoseTestData.Particles(4, 0, 33);
        var bands = WhiteNoise.Reference(Scorers.Whitened, PoseTestData.Model, PoseTestData.Group, 0.5, [6], 1e-5).Bands;
        var optimizer = new LevenbergMarquardtPoseOptimizer(new LevenbergMarquardtOptions { FineSteps = 25, Tolerance = 1e-7 });
        for (var i = 0; i < clean.Particles.Count; i++)
        {
            var truth = clean.Particles[i].Pose;
            var found = optimizer.Optimize(
                WhiteNoise.Workspace(new PoseReference(bands, (10, -15, 20)), clean, i), Draw.Near(new Random(i), truth, 3, 1));
            Assert.InRange(found.Pose.Rotation.AngleTo(truth.Rotation) * (180 / Math.PI), 0, 6e-3);
        }
    }

    [Fact]
    public void A_part_that_stays_is_neither_moved_nor_noise()
    {
        // Particles whose lower half is turned against the upper; the pose of the lower half is sought, that of the upper known.
        var random = new Random(9);
        var model = PoseTestData.Model;
        int[] lower = [.. Enumerable.Range(0, model.Count).Where(j => model.Z[j] < 0)];
        var moving = WidthMask.Select(model, lower.Contains);
        var rest = WidthMask.Select(model, j => !lower.Contains(j));
        var bands = WhiteNoise.Reference(Scorers.Whitened, moving, PoseTestData.Group, 0.5, [6], 1e-5).Bands;
        var band = bands[0] with { Rest = new GriddingProjector(rest, bands[0].Projector.Disc, 1e-5) };
        var reference = new PoseReference([band]);
        var optimizer = new LevenbergMarquardtPoseOptimizer(new LevenbergMarquardtOptions { FineSteps = 25, Tolerance = 1e-7 });
        for (var i = 0; i < 4; i++)
        {
            var whole = Draw.Pose(random, 3);
            var part = Draw.Near(random, whole, 6, 1);
            var ctf = Draw.Ctf(random);
            var image = ExactImages.Of(moving, PoseTestData.Group, part, ctf, 0, random);
            var other = ExactImages.Of(rest, PoseTestData.Group, whole, ctf, 0, random);
            for (var p = 0; p < image.Length; p++)
            {
                image[p] += other[p];
            }

            var source = new MemorySource([PoseTestData.Group]);
            source.Add(new Particle(whole, ctf, 0, 1), image);
            var workspace = WhiteNoise.Workspace(reference, source, 0);
            workspace.Prepare(whole);
            Assert.InRange(optimizer.Optimize(workspace, whole).Pose.Rotation.AngleTo(part.Rotation) * (180 / Math.PI), 0, 0.02);
        }
    }

    private static double[] Diagonal(double rotation, double shift) =>
        [.. Enumerable.Range(0, 25).Select(i => i % 6 != 0 ? 0.0 : i / 6 < 3 ? rotation : shift)];

    private static Pose Off(int i) => Draw.Near(new Random(40 + i), Noisy.Particles[i].Pose, 2, 1);
}
