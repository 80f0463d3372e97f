using System.Diagnostics;
using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Which form of projection is the faster on a device, by a short measurement there.</summary>
/// <param name="DirectPerSecond">Images per second, projected with their five pose derivatives in the direct form.</param>
/// <param name="GriddingPerSecond">The same in the gridding form.</param>
public sealed record ProjectionMeasurement(double DirectPerSecond, double GriddingPerSecond)
{
    private const int Images = 8;
    private const int Runs = 3;

    /// <summary>The faster.</summary>
    public ProjectionForm Form => GriddingPerSecond > DirectPerSecond ? ProjectionForm.Gridding : ProjectionForm.Direct;

    /// <summary>Projects eight images of random Gaussians in both forms, four times each.</summary>
    /// <param name="device">The device.</param>
    /// <param name="disc">The coefficients that are going to be compared.</param>
    /// <param name="gaussians">Roughly how many Gaussians the models will have.</param>
    /// <param name="options">Accuracy and memory; defaults if null. The form does not matter.</param>
    /// <returns>Rates. They depend on what else the machine does: a run that is to be repeated to the bit keeps the form, not the measurement.</returns>
    /// <exception cref="InvalidInputException">The device has too little memory for one image.</exception>
    public static ProjectionMeasurement On(Device device, FourierDisc disc, int gaussians, TorchProjectorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(disc);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gaussians);
        using var scope = NewDisposeScope();
        using var no = no_grad();
        var random = new Random(1);
        float Coordinate() => (float)(0.5 * disc.BoxLength * (random.NextDouble() - 0.5));
        float[] Column(Func<float> value) => [.. Enumerable.Range(0, gaussians).Select(_ => value())];
        // Most widths of a fitted model are at their lower bound, a quarter of the resolution.
        var width = (float)(0.25 * disc.BoxLength / disc.Radius);
        var model = new GaussianModel(
            Column(Coordinate), Column(Coordinate), Column(Coordinate), Column(() => 1), Column(() => width), Math.Max(2, (2 * disc.Radius) + 2),
            disc.BoxLength / Math.Max(2, (2 * disc.Radius) + 2));
        using var onDevice = GaussianTensors.From(model, device, trainable: false);
        var poses = Enumerable.Range(0, Images).Select(i => new Pose(Rotation.FromEuler(new EulerAngles(40 * i, 20 * i, 10 * i)), 0, 0)).ToArray();
        Tensor rotations = TorchRotations.Rotations(poses, device, ScalarType.Float32), shifts = TorchRotations.Shifts(poses, device, ScalarType.Float32);
        double Rate(ProjectionForm form)
        {
            using var projector = new TorchProjector(disc, (options ?? new TorchProjectorOptions()) with { Form = form });
            double best = 0;
            // The first run makes tables and loads kernels.
            for (var run = 0; run <= Runs; run++)
            {
                using var inner = NewDisposeScope();
                var clock = Stopwatch.StartNew();
                var found = projector.ProjectWithPoseDerivatives(onDevice, rotations, shifts);
                TensorMemory.Item<float>(found.real.sum());
                best = run == 0 ? 0 : Math.Max(best, Images / clock.Elapsed.TotalSeconds);
            }

            return best;
        }

        return new ProjectionMeasurement(Rate(ProjectionForm.Direct), Rate(ProjectionForm.Gridding));
    }
}
