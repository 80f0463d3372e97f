namespace Gmm.Torch.Tests;

/// <summary>What a step of the batched Levenberg-Marquardt costs beside arithmetic: docs/torch.md claims the bounds.</summary>
public class StepCostTests
{
    [TorchTheory]
    [InlineData(ProjectionForm.Direct, 1, 360)]
    [InlineData(ProjectionForm.Gridding, 2, 660)]
    public void A_step_waits_once_for_the_device_and_launches_a_bounded_number_of_operations(ProjectionForm form, long syncs, long operations)
    {
        var set = new SimulatedImages(6, gaussians: 40);
        using var scope = NewDisposeScope();
        using var reference = TorchPoseReference.From(set.Reference(set.Whitened), CPU, new TorchProjectorOptions { Form = form });
        var (discs, transfers) = set.Tensors();
        using var images = reference.Scorer.Prepare(discs, transfers);
        Tensor rotations = TorchRotations.Rotations(set.Start), shifts = TorchRotations.Shifts(set.Start);
        DeviceCost Cost(int steps)
        {
            var options = new Refinement.LevenbergMarquardtOptions { FineSteps = steps, Tolerance = -1e9 };
            return DeviceCost.Of(() => new TorchLevenbergMarquardt(options).Optimize(reference, images, rotations, shifts).Dispose());
        }

        Cost(1);
        var (two, five) = (Cost(2), Cost(5));
        Assert.Equal(syncs * 3, five.Syncs - two.Syncs);
        // The number of particles under way; gridding also asks for the widths.
        Assert.InRange((five.Bytes - two.Bytes) / 3, 8, form == ProjectionForm.Direct ? 8 : 2000);
        Assert.InRange((five.Operations - two.Operations) / 3, 50, operations);
    }
}
