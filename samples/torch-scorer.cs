#:project ../src/Gmm.Torch/Gmm.Torch.csproj
#:property PublishAot=false
// A scorer of one's own on tensors, in the batched optimizer: spoilt Fourier coefficients do not lead it astray. Run: dotnet run samples/torch-scorer.cs
using Gmm.Core;
using Gmm.Torch;
using TorchSharp;
using static TorchSharp.torch;

var device = TorchDevices.Parse(args.FirstOrDefault() ?? "cpu"); // or cuda
manual_seed(1);

// 200 Gaussians seen from 64 sides, with noise; one coefficient in fifty is spoilt.
const int gaussians = 200, images = 64;
const double noise = 20, spoilt = 200;
var disc = new FourierDisc(boxLength: 100, radius: 20); // to 5 angstrom
var projectorOptions = new TorchProjectorOptions { Form = ProjectionForm.Direct };
using var projector = new TorchProjector(disc, projectorOptions);
var centres = (rand(gaussians, 3, device: device) - 0.5) * 50;
Tensor amplitudes = ones(gaussians, device: device), widths = full(gaussians, 1.5, device: device);
var truth = TorchRotations.FromEuler(rand(images, 3, ScalarType.Float64, device) * tensor(new double[] { 360, 180, 360 }).to(device));
var shifts = zeros(images, 2, ScalarType.Float64, device);
var deviation = where(rand(images, disc.Count, device: device) < 0.02, spoilt, noise).to(ScalarType.Float32);
deviation = deviation.unsqueeze(2) * randn(images, disc.Count, 2, device: device);
var observed = projector.call(centres, amplitudes, widths, truth.to(ScalarType.Float32), shifts.to(ScalarType.Float32)) + view_as_complex(deviation);

// The start: three degrees off about each axis.
var start = bmm(TorchRotations.FromRotationVector(randn(images, 3, ScalarType.Float64, device) * (3 * Math.PI / 180)), truth);
var power = Enumerable.Repeat(2 * noise * noise, disc.Radius + 1).ToArray();
var weight = Enumerable.Repeat(1.0, disc.Radius + 1).ToArray();
Console.WriteLine($"at the start        {Error(start),6:F3} degrees off (median)");
var normal = Refine(new TorchWhitenedScorer(disc, power, weight, 1));
var robust = Refine(new StudentScorer(disc, noise, 4));
Console.WriteLine($"normal distribution {normal,6:F3} degrees\nStudent's t         {robust,6:F3} degrees");
return robust < normal ? 0 : 1;

double Refine(ITorchScorer scorer)
{
    using var scope = NewDisposeScope();
    var model = new GaussianTensors(centres, amplitudes, widths, trainable: false);
    using var reference = new TorchPoseReference(model, new TorchProjector(disc, projectorOptions), scorer, 5);
    using var prepared = scorer.Prepare(observed, ones(images, disc.Count, device: device));
    using var found = new TorchLevenbergMarquardt().Optimize(reference, prepared, start, shifts);
    return Error(found.Rotations);
}

double Error(Tensor rotations)
{
    using var scope = NewDisposeScope();
    return (((rotations * truth).sum([1, 2]) - 1) * 0.5).clamp(-1, 1).acos().median().item<double>() * 180 / Math.PI;
}

/// <summary>log p = -(nu + 2) / 2 log(1 + |r|^2 / (nu s^2)) of every r = D - T F with noise s in either part, as in custom-scorer.cs.</summary>
internal sealed class StudentScorer(FourierDisc disc, double noise, double nu) : ITorchScorer
{
    public FourierDisc Disc => disc;
    public bool IsLogLikelihood => true;
    public TorchImages Prepare(Tensor images, Tensor transfers) => new(images.clone(), transfers.clone(), images.abs().square().sum(1));

    public TorchScore Score(TorchImages images, Tensor projections)
    {
        var squares = (images.Values - (images.Transfer * projections)).abs().square();
        var objective = ((squares / (nu * noise * noise)) + 1).log().sum(1) * (-0.5 * (nu + 2));
        return new TorchScore(objective, objective.sign(), ones_like(objective.detach()));
    }

    public TorchScoreDerivatives Evaluate(TorchImages images, Tensor jacobian)
    {
        using var no = no_grad();
        var seen = jacobian * images.Transfer.unsqueeze(1);
        var residual = images.Values - seen.select(1, 0);
        // The weight of a coefficient falls with its residual.
        var root = ((nu + 2) / (residual.abs().square() + (nu * noise * noise))).sqrt();
        var columns = view_as_real(seen.narrow(1, 1, Pose.ParameterCount) * root.unsqueeze(1)).flatten(2);
        var gradient = bmm(columns, view_as_real(residual * root).flatten(1).unsqueeze(2)).squeeze(2);
        var matrix = bmm(columns, columns.transpose(1, 2));
        return new TorchScoreDerivatives(Score(images, jacobian.select(1, 0)), gradient.to(ScalarType.Float64), matrix.to(ScalarType.Float64));
    }

    public void Dispose() { }
}
