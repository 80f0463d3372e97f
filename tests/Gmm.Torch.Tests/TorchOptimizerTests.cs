using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch.Tests;

public class TorchOptimizerTests
{
    private static readonly SimulatedImages Set = new(40);

    [TorchFact]
    public void Levenberg_Marquardt_finds_the_managed_poses()
    {
        var estimates = Optimize(new TorchLevenbergMarquardt(), Set.Whitened);
        var reference = Set.Reference(Set.Whitened);
        var managed = new LevenbergMarquardtPoseOptimizer();
        double before = 0, after = 0;
        for (var b = 0; b < estimates.Length; b++)
        {
            var expected = managed.Optimize(Set.Workspace(reference, b), Set.Start[b]);
            Assert.Equal(expected.Status, estimates[b].Status);
            // The managed optimizer stops where a step would gain 0.05 of log-likelihood, a third of a standard deviation. The same steps are tried
            // here, so poses agree far better; where rounding makes one of the two try a step more, to that.
            var sigma = expected.Covariance!;
            var rotation = estimates[b].Pose.Rotation.AngleTo(expected.Pose.Rotation) / Math.Sqrt(sigma[0] + sigma[6] + sigma[12]);
            Assert.InRange(rotation, 0, estimates[b].Steps == expected.Steps ? 0.01 : 0.34);
            Assert.InRange(Math.Abs(estimates[b].Pose.ShiftX - expected.Pose.ShiftX), 0, 0.34 * Math.Sqrt(sigma[18]));
            Assert.InRange(Math.Abs(estimates[b].Score.Objective - expected.Score.Objective), 0, 0.05);
            Assert.InRange(Math.Abs(estimates[b].StartScore.Objective - expected.StartScore.Objective), 0, 1e-3 * Math.Abs(expected.StartScore.Objective));
            Assert.InRange(Samples.RelativeError(estimates[b].Covariance!, sigma), 0, 0.05);
            before += Set.Start[b].Rotation.AngleTo(Set.True[b].Rotation);
            after += estimates[b].Pose.Rotation.AngleTo(Set.True[b].Rotation);
        }

        Assert.InRange(after, 0, 0.5 * before);
    }

    [TorchFact]
    public void Ring_correlation_is_climbed_as_the_managed_optimizer_climbs_it()
    {
        var estimates = Optimize(new TorchLevenbergMarquardt(), Set.Rings);
        var reference = Set.Reference(Set.Rings);
        for (var b = 0; b < estimates.Length; b++)
        {
            var expected = new LevenbergMarquardtPoseOptimizer().Optimize(Set.Workspace(reference, b), Set.Start[b]);
            Assert.Null(estimates[b].Covariance);
            Assert.InRange(Math.Abs(estimates[b].Score.Objective - expected.Score.Objective), 0, 5e-4);
        }
    }

    [TorchFact]
    public void Adam_takes_the_managed_optimizers_steps()
    {
        var estimates = Optimize(new TorchAdam(), Set.Rings);
        var reference = Set.Reference(Set.Rings);
        for (var b = 0; b < estimates.Length; b++)
        {
            var expected = new AdamPoseOptimizer().Optimize(Set.Workspace(reference, b), Set.Start[b]);
            // Ten steps of 1e-3 radian. Adam's first steps are the gradient's sign, so a coordinate with a gradient of nearly nothing may go either way.
            Assert.InRange(estimates[b].Pose.Rotation.AngleTo(expected.Pose.Rotation), 0, 2e-4);
            Assert.InRange(Math.Abs(estimates[b].Score.Objective - expected.Score.Objective), 0, 1e-4);
            Assert.Equal(10, estimates[b].Steps);
        }
    }

    [TorchTheory]
    [InlineData(ProjectionForm.Direct, 1L << 24)]
    [InlineData(ProjectionForm.Gridding, 1L << 26)]
    public void Pieces_and_forms_find_the_same_poses(ProjectionForm form, long memory)
    {
        var whole = Optimize(new TorchLevenbergMarquardt(), Set.Whitened);
        var pieces = Optimize(new TorchLevenbergMarquardt(), Set.Whitened, new TorchProjectorOptions { Form = form, Accuracy = 1e-6, MemoryBytes = memory });
        for (var b = 0; b < whole.Length; b++)
        {
            Assert.InRange(whole[b].Pose.Rotation.AngleTo(pieces[b].Pose.Rotation), 0, 0.34 * whole[b].RotationSigmaDegrees * Math.PI / 180);
        }
    }

    [TorchFact]
    public void Empty_images_and_references_fail_and_keep_their_pose()
    {
        using var scope = NewDisposeScope();
        using var reference = TorchPoseReference.From(Set.Reference(Set.Whitened), CPU);
        var (discs, transfers) = Set.Tensors();
        discs[3] = zeros_like(discs[3]);
        using var images = reference.Scorer.Prepare(discs, transfers);
        foreach (ITorchPoseOptimizer optimizer in new ITorchPoseOptimizer[] { new TorchLevenbergMarquardt(), new TorchAdam(2) })
        {
            using var found = optimizer.Optimize(reference, images, TorchRotations.Rotations(Set.Start), TorchRotations.Shifts(Set.Start));
            var estimates = found.ToEstimates();
            Assert.Equal(PoseStatus.Failed, estimates[3].Status);
            Assert.InRange(estimates[3].Pose.Rotation.AngleTo(Set.Start[3].Rotation), 0, 1e-7);
            Assert.Equal(PoseStatus.Refined, estimates[4].Status);
        }
    }

    [TorchFact]
    public void Poses_beyond_their_bounds_fail()
    {
        var estimates = Optimize(new TorchLevenbergMarquardt(new LevenbergMarquardtOptions { MaximumShiftAngstrom = 0.2 }), Set.Whitened);
        Assert.Contains(estimates, e => e.Status == PoseStatus.Failed);
        Assert.All(estimates.Index().Where(e => e.Item.Status == PoseStatus.Failed), e => Assert.Equal(Set.Start[e.Index].ShiftX, e.Item.Pose.ShiftX, 1e-12));
    }

    [TorchFact]
    public void Live_tensors_stay_flat()
    {
        using var reference = TorchPoseReference.From(Set.Reference(Set.Whitened), CPU);
        long Run(ITorchPoseOptimizer optimizer)
        {
            using (var scope = NewDisposeScope())
            {
                var (discs, transfers) = Set.Tensors();
                using var images = reference.Scorer.Prepare(discs, transfers);
                using var found = optimizer.Optimize(reference, images, TorchRotations.Rotations(Set.Start), TorchRotations.Shifts(Set.Start));
            }

            return Tensor.TotalCount;
        }

        // TorchSharp counts every new Parameter once too often (its constructor takes the tensor's handle without taking it from the count), and Adam has two.
        foreach (var (optimizer, parameters) in new (ITorchPoseOptimizer, int)[] { (new TorchLevenbergMarquardt(), 0), (new TorchAdam(3), 2) })
        {
            Run(optimizer);
            var before = Run(optimizer);
            Assert.Equal(before + parameters, Run(optimizer));
            Assert.Equal(before + (2 * parameters), Run(optimizer));
        }
    }

    [TorchFact]
    public void Symmetric_systems_solve_and_say_what_is_not_positive()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var a = randn([6, 5, 5], dtype: ScalarType.Float64);
        var matrices = bmm(a, a.transpose(1, 2)) * tensor(new double[] { 1, 1e2, 1e-2, 1, 1e2 }).unsqueeze(1) * tensor(new double[] { 1, 1e2, 1e-2, 1, 1e2 });
        matrices[2] = -matrices[2];
        matrices[4] = zeros_like(matrices[4]);
        matrices[5, 1, 1] = double.NaN;
        var right = randn([6, 5, 2], dtype: ScalarType.Float64);
        var (solution, positive) = SymmetricSystems.Solve(matrices, zeros([6], dtype: ScalarType.Float64), right);
        Assert.Equal([true, true, false, true, false, false], TensorMemory.Read<bool>(positive));
        foreach (var b in new[] { 0, 1, 3 })
        {
            Assert.InRange(Samples.RelativeError(Samples.Reals(mm(matrices[b], solution[b])), Samples.Reals(right[b])), 0, 1e-8);
        }
    }

    private static PoseEstimate[] Optimize(ITorchPoseOptimizer optimizer, IPoseScorer scorer, TorchProjectorOptions? options = null)
    {
        using var scope = NewDisposeScope();
        using var reference = TorchPoseReference.From(Set.Reference(scorer), CPU, options);
        var (discs, transfers) = Set.Tensors();
        using var images = reference.Scorer.Prepare(discs, transfers);
        using var found = optimizer.Optimize(reference, images, TorchRotations.Rotations(Set.Start), TorchRotations.Shifts(Set.Start));
        return found.ToEstimates();
    }
}
