using Gmm.Core;
using Gmm.Refinement;
using TorchSharp.Modules;

namespace Gmm.Torch;

/// <summary>
/// The published optimizer: torch's Adam on Euler angles (radians) and shifts (in units of the box), a fixed number of steps, the last value kept;
/// <see cref="AdamPoseOptimizer"/> is the managed one. The gradient comes from automatic differentiation of projector and scorer.
/// </summary>
/// <param name="steps">Number of steps; 10 as published.</param>
/// <param name="learningRate">Learning rate; 1e-3 as published.</param>
public sealed class TorchAdam(int steps = 10, double learningRate = 1e-3) : ITorchPoseOptimizer
{
    // TensorFlow's default, which the published program uses; torch's is 1e-8.
    private const double Epsilon = 1e-7;

    /// <inheritdoc/>
    public TorchPoses Optimize(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts, TorchPosePriors? priors = null)
    {
        ArgumentNullException.ThrowIfNull(rotations);
        PoseBatches.Check(reference, images, rotations, shifts, priors);
        using var scope = NewDisposeScope();
        // Particles do not depend on each other, nor does Adam's state of one on another: pieces change nothing.
        List<Tensor> foundRotations = [], foundShifts = [], first = [], last = [];
        PoseBatches.ForPieces(reference, images, (piece, start, count) =>
        {
            using var inner = NewDisposeScope();
            using var known = priors?.Range(start, count);
            var (r, t, before, after) = Run(reference, piece, rotations.narrow(0, start, count), shifts.narrow(0, start, count), known);
            foundRotations.Add(r.MoveToOuterDisposeScope());
            foundShifts.Add(t.MoveToOuterDisposeScope());
            first.Add(before.MoveToOuterDisposeScope());
            last.Add(after.MoveToOuterDisposeScope());
        });
        using var no = no_grad();
        Tensor startScores = cat(first, 0), scores = cat(last, 0);
        // Exactly 0: the image or the reference is empty, so that nothing was compared.
        var usable = scores.select(1, 0).isfinite() & (scores.select(1, 0) != 0);
        return new TorchPoses(
            where(usable.reshape(-1, 1, 1), cat(foundRotations, 0), rotations),
            where(usable.unsqueeze(1), cat(foundShifts, 0), shifts),
            where(usable.unsqueeze(1), scores, startScores),
            startScores,
            full([images.Count, 5, 5], double.NaN, dtype: ScalarType.Float64, device: rotations.device),
            full([images.Count], steps, dtype: ScalarType.Int64, device: rotations.device),
            usable);
    }

    private (Tensor Rotations, Tensor Shifts, Tensor StartScores, Tensor Scores) Run(
        TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts, TorchPosePriors? priors)
    {
        const double degrees = 180 / Math.PI;
        var length = reference.Projector.Disc.BoxLength;
        using var angles = new Parameter(TorchRotations.EulerDegrees(TorchRotations.ToPoses(rotations, shifts), rotations.device) / degrees);
        using var offsets = new Parameter(shifts / length);
        using var adam = optim.Adam([angles, offsets], learningRate, 0.9, 0.999, Epsilon);
        Tensor? start = null;
        (Tensor, Tensor) Pose() => (TorchRotations.FromEuler(angles * degrees), offsets * length);
        TorchScore Score()
        {
            var (r, t) = Pose();
            var g = reference.Gaussians;
            var discs = reference.Projector.Project(g.Centres.detach(), g.Amplitudes.detach(), g.Widths.detach(), r.to(reference.Type), t.to(reference.Type));
            var score = reference.Scorer.Score(images, images.Rest is { } rest ? discs + rest : discs);
            return priors is null ? score : score with { Objective = score.Objective + priors.LogDensity(r, t) };
        }

        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            var score = Score();
            start ??= PoseBatches.Scores(score).MoveToOuterDisposeScope();
            (-score.Objective).sum().backward();
            adam.step();
        }

        using var no = no_grad();
        var last = PoseBatches.Scores(Score());
        var (rotation, shift) = Pose();
        return (rotation, shift, start ?? last, last);
    }
}
