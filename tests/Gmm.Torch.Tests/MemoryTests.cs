using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch.Tests;

public class MemoryTests
{
    /// <summary>Modules made in a round: TorchSharp counts every new Parameter once too often.</summary>
    private const int Parameters = 3 + 2 + 11 + 2;

    [TorchFact]
    public void Two_hundred_rounds_of_everything_leave_nothing_behind()
    {
        var set = new SimulatedImages(3, radius: 8, gaussians: 12);
        using var reference = TorchPoseReference.From(set.Reference(set.Whitened), CPU);
        using var ctf = new TorchCtf(set.Disc);
        using var sums = new TorchReconstructor(new ReconstructionGrid(16, 90 / 16.0, 1.5));
        CtfParameters[] parameters = [.. Enumerable.Range(0, 3).Select(_ => new CtfParameters { DefocusU = 9000, DefocusV = 9500 })];
        void Round()
        {
            using var scope = NewDisposeScope();
            using var gaussians = GaussianTensors.From(set.Model);
            using var poses = PoseTensors.From(set.Start);
            using var optics = CtfTensors.From(parameters, new Aberrations(new double[6], new double[4]));
            var (discs, transfers) = set.Tensors();
            using var images = reference.Scorer.Prepare(discs, transfers);
            var (rotations, shifts) = poses.call(arange(3));
            var terms = optics.call(arange(3));
            var projections = reference.Projector.Project(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, rotations, shifts);
            (-reference.Scorer.Score(images, projections * ctf.call(terms) * ctf.OddFactor(terms)).Objective.sum()).backward();
            Tensor from = TorchRotations.Rotations(set.Start), at = TorchRotations.Shifts(set.Start);
            using var climbed = new TorchLevenbergMarquardt().Optimize(reference, images, from, at);
            using var descended = new TorchAdam(1).Optimize(reference, images, from, at);
            sums.Insert(set.Disc, discs, transfers, from, at);
            gaussians.load_state_dict(gaussians.state_dict());
        }

        Round();
        Round();
        var before = Tensor.TotalCount;
        for (var round = 0; round < 200; round++)
        {
            Round();
        }

        // What earlier tests left to the garbage collector may go meanwhile.
        Assert.InRange(Tensor.TotalCount - (200 * Parameters), 0, before);
    }
}
