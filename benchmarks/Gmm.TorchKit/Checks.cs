using Gmm.Core;
using Gmm.Refinement;
using Gmm.Torch;

namespace Gmm.TorchKit;

/// <summary>What a device computes against the exact sum in float64 and against the managed kernels.</summary>
internal sealed class Checks(Device device, PaperCase paper)
{
    private int _bad;

    /// <summary>Runs all; returns how many are out of bounds.</summary>
    public int Run(int images)
    {
        foreach (var (form, type, bound) in new[]
        {
            (ProjectionForm.Direct, ScalarType.Float32, 1e-5), (ProjectionForm.Gridding, ScalarType.Float32, 2e-5),
            (ProjectionForm.Direct, ScalarType.Float64, 1e-12), (ProjectionForm.Gridding, ScalarType.Float64, 2e-5),
        })
        {
            Say($"projection, {form} {type}, worst ring", Projection(form, type), bound);
        }

        Gradients();
        Poses(images);
        Models();
        Console.WriteLine(_bad == 0 ? "check: all within bounds" : $"check: {_bad} OUT OF BOUNDS");
        return _bad;
    }

    private double Projection(ProjectionForm form, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (disc, poses) = (paper.Disc, PaperCase.Poses(3));
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-5 });
        using var model = GaussianTensors.From(paper.Model, device, type);
        using var no = no_grad();
        var found = projector.call(
            model.Centres, model.Amplitudes, model.Widths, TorchRotations.Rotations(poses, device, type), TorchRotations.Shifts(poses, device, type));
        var values = view_as_real(found).to(ScalarType.Float64).cpu().data<double>().ToArray();
        var exact = new DirectProjector<double>(paper.Model, disc);
        double[] re = new double[disc.Count], im = new double[disc.Count];
        double worst = 0;
        for (var b = 0; b < poses.Length; b++)
        {
            exact.Project(poses[b], re, im, exact.CreateScratch());
            for (var q = 0; q <= disc.Radius; q++)
            {
                double difference = 0, power = 0;
                for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
                {
                    double dr = values[2 * ((b * disc.Count) + i)] - re[i], di = values[(2 * ((b * disc.Count) + i)) + 1] - im[i];
                    difference += (dr * dr) + (di * di);
                    power += (re[i] * re[i]) + (im[i] * im[i]);
                }

                worst = Math.Max(worst, Math.Sqrt(difference / power));
            }
        }

        return worst;
    }

    /// <summary>float32 on the device against float64 by the direct form on the CPU, of a smooth function of all five inputs.</summary>
    private void Gradients()
    {
        var exact = Gradients(CPU, ScalarType.Float64, ProjectionForm.Direct, 8L << 30);
        string[] names = ["centres", "amplitudes", "widths", "angles", "shifts"];
        foreach (var (form, memory) in new[] { (ProjectionForm.Direct, 8L << 30), (ProjectionForm.Direct, 1L << 26), (ProjectionForm.Gridding, 8L << 30) })
        {
            var found = Gradients(device, ScalarType.Float32, form, memory);
            for (var i = 0; i < names.Length; i++)
            {
                var (a, b) = (found[i], exact[i]);
                var error = Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / b.Sum(y => y * y));
                Say($"gradient of {names[i]}, {form}, {memory >> 20} MiB", error, 2e-4);
            }
        }
    }

    private double[][] Gradients(Device on, ScalarType type, ProjectionForm form, long memory)
    {
        using var scope = NewDisposeScope();
        using var projector = new TorchProjector(paper.Disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-5, MemoryBytes = memory });
        var (m, poses) = (paper.Model, PaperCase.Poses(4, 9));
        Tensor Column(ReadOnlySpan<float> values) => tensor(values.ToArray()).to(type, on);
        Tensor[] inputs =
        [
            stack([Column(m.X), Column(m.Y), Column(m.Z)], 1), Column(m.Amplitudes), Column(m.Widths), TorchRotations.EulerDegrees(poses, on, type),
            TorchRotations.Shifts(poses, on, type),
        ];
        Array.ForEach(inputs, i => i.requires_grad = true);
        var weight = arange(paper.Disc.Count, dtype: type, device: on).cos();
        (view_as_real(projector.call(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4])) * weight.unsqueeze(1)).sum().backward();
        return [.. inputs.Select(i => i.grad!.to(ScalarType.Float64).cpu().reshape(-1).data<double>().ToArray())];
    }

    private void Poses(int images)
    {
        var set = new ImageSet(paper, images);
        var managed = set.Managed();
        foreach (var form in device.type == DeviceType.CPU ? new[] { ProjectionForm.Auto } : [ProjectionForm.Direct, ProjectionForm.Gridding])
        {
            using var scope = NewDisposeScope();
            using var reference = TorchPoseReference.From(set.Reference, device, new TorchProjectorOptions { Form = form, Accuracy = 1e-5 });
            var (discs, transfers) = set.On(device);
            using var prepared = reference.Scorer.Prepare(discs, transfers);
            using var found = new TorchLevenbergMarquardt().Optimize(
                reference, prepared, TorchRotations.Rotations(set.Start, device), TorchRotations.Shifts(set.Start, device));
            var poses = found.ToEstimates();
            double Off(IEnumerable<Pose> of) => Math.Sqrt(of.Zip(set.True, (p, t) => Math.Pow(p.Rotation.AngleTo(t.Rotation) * 180 / Math.PI, 2)).Average());
            var sigmas = poses.Zip(managed, (p, m) => m.Covariance is { } c
                ? p.Pose.Rotation.AngleTo(m.Pose.Rotation) / Math.Sqrt(c[0] + c[6] + c[12]) : 0).Max();
            Console.WriteLine(
                $"poses, {form}: rms error {Off(set.Start):F3} -> {Off(poses.Select(p => p.Pose)):F3} deg, managed {Off(managed.Select(p => p.Pose)):F3}");
            Say($"poses, {form}: worst difference from the managed, standard deviations", sigmas, 0.34);
        }
    }

    /// <summary>A small model fitted to a map, beside the managed fit.</summary>
    private void Models()
    {
        var few = new PaperCase(300).Model;
        var map = RenderedMap.Of(new GaussianModel(few.X, few.Y, few.Z, few.Amplitudes, Wide(few.Widths), 96, 2));
        var options = new ModelBuildOptions { Resolution = 8, Gaussians = 300 };
        FitResult managed = new ModelBuilder().Build(map, null, options), found = new TorchModelBuilder(device).Build(map, null, options);
        Console.WriteLine($"model fit: FSC {found.MeanFsc:F4} in {found.Iterations} iterations, managed {managed.MeanFsc:F4} in {managed.Iterations}");
        Say("model fit: FSC below the managed one's", managed.MeanFsc - found.MeanFsc, 2e-3);
    }

    private static float[] Wide(ReadOnlySpan<float> widths) => [.. widths.ToArray().Select(w => 3 * w)];

    private void Say(string what, double value, double bound)
    {
        var isGood = value <= bound;
        _bad += isGood ? 0 : 1;
        Console.WriteLine($"{(isGood ? "ok " : "BAD")} {what}: {value:E2} (bound {bound:E0})");
    }
}
