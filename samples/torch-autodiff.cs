#:project ../src/Gmm.Torch/Gmm.Torch.csproj
#:property PublishAot=false
// Gradient descent on a model's coordinates and on particles' Euler angles together, through projector and score. Run: dotnet run samples/torch-autodiff.cs
using Gmm.Core;
using Gmm.Torch;
using TorchSharp;
using static TorchSharp.torch;

var device = TorchDevices.Parse(args.FirstOrDefault() ?? "cpu"); // or cuda
manual_seed(1);

// The truth: 300 Gaussians seen from 64 sides.
const int gaussians = 300, images = 64;
var disc = new FourierDisc(boxLength: 100, radius: 25); // to 4 angstrom
using var projector = new TorchProjector(disc, new TorchProjectorOptions { Form = ProjectionForm.Direct });
var centres = (rand(gaussians, 3, device: device) - 0.5) * 50;
Tensor amplitudes = ones(gaussians, device: device), widths = full(gaussians, 1.5, device: device);
var angles = rand(images, 3, device: device) * tensor(new float[] { 360, 180, 360 }).to(device);
var shifts = zeros(images, 2, device: device);
var observed = projector.call(centres, amplitudes, widths, angles, shifts);

// What we start from: every centre half an angstrom off along each axis, every angle one degree.
var model = (centres + (0.5 * randn_like(centres))).AsParameter();
var view = (angles + randn_like(angles)).AsParameter();

// The score: the mean Fourier ring correlation, without a CTF here.
using var scorer = new TorchRingCorrelationScorer(disc);
using var prepared = scorer.Prepare(observed, ones(images, disc.Count, device: device));

// Angstrom and degrees: each has its own learning rate.
using var ofModel = optim.Adam([model], 0.03);
using var ofView = optim.Adam([view], 0.05);
for (var step = 0; step <= 100; step++)
{
    using var scope = NewDisposeScope(); // releases what a step allocates
    ofModel.zero_grad();
    ofView.zero_grad();
    var score = scorer.Score(prepared, projector.call(model, amplitudes, widths, view, shifts)).Objective.mean();
    (-score).backward();
    ofModel.step();
    ofView.step();
    if (step % 20 == 0)
    {
        var error = (model - centres).detach().square().sum(1).mean().sqrt().item<float>();
        Console.WriteLine($"step {step,3}: mean FRC {score.item<float>():F4}, centres off by {error:F3} A (rms), {Tensor.TotalCount} live tensors");
    }
}

return scorer.Score(prepared, projector.call(model, amplitudes, widths, view, shifts)).Objective.mean().item<float>() > 0.97 ? 0 : 1;

internal static class Extensions
{
    public static TorchSharp.Modules.Parameter AsParameter(this Tensor tensor) => new(tensor.detach());
}
