#:project ../src/Gmm.Torch/Gmm.Torch.csproj
#:property PublishAot=false
// Projections, gradients and poses per second on a device, and the managed kernels in the
// same process. Run: dotnet run benchmarks/torch-speed.cs [cpu|cuda] [images]
using System.Diagnostics;
using Gmm.Core;
using Gmm.Refinement;
using Gmm.Torch;
using TorchSharp;
using static TorchSharp.torch;

var device = TorchDevices.Parse(args.ElementAtOrDefault(0) ?? "cpu");
var images = int.Parse(args.ElementAtOrDefault(1) ?? "16", System.Globalization.CultureInfo.InvariantCulture);
manual_seed(1);

// The paper's timing case: 7,374 Gaussians, box 196 at 1 angstrom, 3 angstrom.
const int gaussians = 7374;
var disc = FourierDisc.ForResolution(196, 1, 3);
var random = new Random(1);
float Coordinate() => (float)((random.NextDouble() - 0.5) * 90);
float[] Column(Func<float> value) => [.. Enumerable.Range(0, gaussians).Select(_ => value())];
var model = new GaussianModel(
    Column(Coordinate), Column(Coordinate), Column(Coordinate), Column(() => 1f), Column(() => (float)(1 + random.NextDouble())), 196, 1);
var poses = Enumerable.Range(0, images).Select(_ => new Pose(
    Rotation.FromEuler(new EulerAngles(360 * random.NextDouble(), 180 * random.NextDouble(), 360 * random.NextDouble())), random.NextDouble(),
    random.NextDouble())).ToArray();
Console.WriteLine($"TorchSharp for libtorch {__version__}, {device}, {get_num_threads()} torch threads, {Environment.ProcessorCount} processors; "
    + $"N {gaussians}, radius {disc.Radius}, {disc.Count} coefficients, {images} images");

using var model32 = GaussianTensors.From(model, device);
model32.Centres.requires_grad = true;
using var rotations = TorchRotations.Rotations(poses, device, ScalarType.Float32);
using var shifts = TorchRotations.Shifts(poses, device, ScalarType.Float32);
foreach (var form in new[] { ProjectionForm.Direct, ProjectionForm.Gridding, ProjectionForm.Managed })
{
    if (form == ProjectionForm.Managed && device.type != DeviceType.CPU)
    {
        continue;
    }

    using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = form, Accuracy = 1e-4 });
    Report($"{form}: projections", () =>
    {
        using var no = no_grad();
        projector.call(model32.Centres, model32.Amplitudes, model32.Widths, rotations, shifts);
    });
    Report(
        $"{form}: projections and gradients of centres",
        () => projector.call(model32.Centres, model32.Amplitudes, model32.Widths, rotations, shifts).abs().sum().backward());
    Report($"{form}: projections and pose derivatives", () => projector.ProjectWithPoseDerivatives(model32, rotations, shifts));
}

// Poses: white noise, start about a degree off.
var exact = new GriddingProjector(model, disc);
double[] noise = [.. Enumerable.Repeat(2.0 * 200 * 200, disc.Radius + 1)], weight = [.. Enumerable.Repeat(1.0, disc.Radius + 1)];
var reference = new PoseReference([new PoseBand(exact, new WhitenedCorrelationScorer(disc, noise, weight, 1), 3)]);
var (re, im) = (new float[images][], new float[images][]);
var ones = new float[disc.Count];
Array.Fill(ones, 1f);
for (var b = 0; b < images; b++)
{
    (re[b], im[b]) = (new float[disc.Count], new float[disc.Count]);
    exact.Project(poses[b], re[b], im[b], exact.CreateScratch());
    for (var i = 0; i < disc.Count; i++)
    {
        re[b][i] += (float)(200 * Gauss());
        im[b][i] += (float)(200 * Gauss());
    }
}

var starts = poses.Select(p => p.Step([0.01 * Gauss(), 0.01 * Gauss(), 0.01 * Gauss(), 0.5 * Gauss(), 0.5 * Gauss()])).ToArray();
Report("managed Levenberg-Marquardt: poses", () => Parallel.For(0, images, b =>
{
    var workspace = new PoseWorkspace(reference);
    re[b].CopyTo(workspace.Re, 0);
    im[b].CopyTo(workspace.Im, 0);
    ones.CopyTo(workspace.Transfer, 0);
    workspace.Prepare();
    new LevenbergMarquardtPoseOptimizer().Optimize(workspace, starts[b]);
}));
foreach (var form in new[] { ProjectionForm.Auto, ProjectionForm.Direct })
{
    using var onDevice = TorchPoseReference.From(reference, device, new TorchProjectorOptions { Form = form, Accuracy = 1e-4 });
    Report($"{form}: batched Levenberg-Marquardt: poses", () =>
    {
        using var discs = complex(stack(re.Select(r => tensor(r))), stack(im.Select(r => tensor(r)))).to(device);
        using var prepared = onDevice.Scorer.Prepare(discs, ones_like(discs.real));
        using var found = new TorchLevenbergMarquardt().Optimize(
            onDevice, prepared, TorchRotations.Rotations(starts, device), TorchRotations.Shifts(starts, device));
        found.ToEstimates();
    });
}

return;

double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

void Report(string what, Action work)
{
    var best = double.MaxValue;
    for (var run = 0; run < 3; run++)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        work();
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }

        best = Math.Min(best, clock.Elapsed.TotalSeconds);
    }

    Console.WriteLine($"{what}: {images / best:F1}/s");
}
