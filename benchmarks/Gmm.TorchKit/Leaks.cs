using Gmm.Core;
using Gmm.Torch;

namespace Gmm.TorchKit;

/// <summary>Whether tensors are left behind by rounds of work.</summary>
internal sealed class Leaks(Device device)
{
    public int Run(int rounds)
    {
        var paper = new PaperCase(400);
        var set = new ImageSet(paper, 16);
        var bad = 0;
        foreach (var (form, memory) in new[] { (ProjectionForm.Direct, 1L << 30), (ProjectionForm.Direct, 1L << 22), (ProjectionForm.Gridding, 1L << 30) })
        {
            using var projector = new TorchProjector(paper.Disc, new TorchProjectorOptions { Form = form, MemoryBytes = memory });
            using var model = GaussianTensors.From(paper.Model, device);
            bad += Loop($"forward and backward, {form}, {memory >> 20} MiB", rounds, () =>
            {
                var angles = TorchRotations.EulerDegrees(set.True, device, ScalarType.Float32).requires_grad_();
                var shifts = TorchRotations.Shifts(set.True, device, ScalarType.Float32);
                projector.call(model.Centres, model.Amplitudes, model.Widths, angles, shifts).abs().sum().backward();
            });
        }

        using var reference = TorchPoseReference.From(set.Reference, device);
        bad += Loop("Levenberg-Marquardt", rounds, () =>
        {
            var (discs, transfers) = set.On(device);
            using var prepared = reference.Scorer.Prepare(discs, transfers);
            using var found = new TorchLevenbergMarquardt().Optimize(
                reference, prepared, TorchRotations.Rotations(set.Start, device), TorchRotations.Shifts(set.Start, device));
            found.ToEstimates();
        });
        bad += Loop("sums of half maps", rounds, () =>
        {
            using var sums = new TorchReconstructor(new Gmm.Maps.ReconstructionGrid(64, 196 / 64.0, 1.5), device);
            var (discs, transfers) = set.On(device);
            sums.Insert(paper.Disc, discs, transfers, TorchRotations.Rotations(set.True, device), TorchRotations.Shifts(set.True, device));
        });
        return bad;
    }

    private static int Loop(string what, int rounds, Action work)
    {
        void Once()
        {
            using var scope = NewDisposeScope();
            work();
        }

        // What is made once stays.
        Once();
        Once();
        var before = Tensor.TotalCount;
        for (var i = 0; i < rounds; i++)
        {
            Once();
        }

        var left = Tensor.TotalCount - before;
        Console.WriteLine($"{(left <= 0 ? "ok " : "BAD")} {what}: {left} tensors left by {rounds} rounds");
        return left <= 0 ? 0 : 1;
    }
}
