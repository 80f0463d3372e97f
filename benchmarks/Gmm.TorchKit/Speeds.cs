using System.Diagnostics;
using Gmm.Torch;

namespace Gmm.TorchKit;

/// <summary>Projections, gradients and poses per second on a device, and the managed optimizer on all processors of the machine.</summary>
internal sealed class Speeds(Device device, PaperCase paper)
{
    private static long TensorsMade => DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount;

    public void Run(int images)
    {
        var set = new ImageSet(paper, images);
        using var model = GaussianTensors.From(paper.Model, device);
        using var rotations = TorchRotations.Rotations(set.True, device, ScalarType.Float32);
        using var shifts = TorchRotations.Shifts(set.True, device, ScalarType.Float32);
        foreach (var form in Forms)
        {
            using var projector = new TorchProjector(paper.Disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-4 });
            Tensor Project() => projector.call(model.Centres, model.Amplitudes, model.Widths, rotations, shifts);
            Report($"{form}: projections", images, () =>
            {
                using var no = no_grad();
                Project();
            });
            Report($"{form}: with the gradient of all Gaussians", images, () => Project().abs().sum().backward());
            Report($"{form}: with five pose derivatives", images, () => projector.ProjectWithPoseDerivatives(model, rotations, shifts));
        }

        Report("managed Levenberg-Marquardt, all processors", images, () => set.Managed());
        foreach (var form in Forms)
        {
            Climb($"{form}: Levenberg-Marquardt, upload and preparation with it", set, form, Environment.ProcessorCount);
        }
    }

    /// <summary>The pose step with different numbers of threads of libtorch and of the library.</summary>
    public void Threads(int images)
    {
        var set = new ImageSet(paper, images);
        var policy = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "not set, so Gmm.Torch has set PASSIVE";
        Console.WriteLine($"OMP_WAIT_POLICY: {policy}");
        for (var torchs = 1; torchs <= Environment.ProcessorCount; torchs *= 2)
        {
            set_num_threads(torchs);
            foreach (var form in Forms)
            {
                Climb($"{torchs} torch threads, {form}: Levenberg-Marquardt", set, form, torchs);
            }
        }
    }

    private ProjectionForm[] Forms => device.type == DeviceType.CPU
        ? [ProjectionForm.Direct, ProjectionForm.Gridding, ProjectionForm.Managed]
        : [ProjectionForm.Direct, ProjectionForm.Gridding];

    private void Climb(string what, ImageSet set, ProjectionForm form, int threads)
    {
        using var reference = TorchPoseReference.From(set.Reference, device, new TorchProjectorOptions { Form = form, Accuracy = 1e-4, Threads = threads });
        Report(what, set.Start.Length, () =>
        {
            var (discs, transfers) = set.On(device);
            using var prepared = reference.Scorer.Prepare(discs, transfers);
            using var found = new TorchLevenbergMarquardt().Optimize(
                reference, prepared, TorchRotations.Rotations(set.Start, device), TorchRotations.Shifts(set.Start, device));
            found.ToEstimates();
        });
    }

    private void Report(string what, int images, Action work)
    {
        double best = double.MaxValue, processor = double.MaxValue;
        long made = 0;
        for (var run = 0; run < 3; run++)
        {
            using var scope = NewDisposeScope();
            var (before, used, clock) = (TensorsMade, Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
            work();
            if (device.type == DeviceType.CUDA)
            {
                cuda.synchronize(device);
            }

            best = Math.Min(best, clock.Elapsed.TotalSeconds);
            processor = Math.Min(processor, (Process.GetCurrentProcess().TotalProcessorTime - used).TotalSeconds);
            made = TensorsMade - before;
        }

        Console.WriteLine($"{what}: {images / best:F1}/s; processor {1e3 * processor / images:F3} ms each; {made} tensors");
    }
}
