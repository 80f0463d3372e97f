using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Evaluation of many poses in pieces that fit the projector's memory.</summary>
internal static class PoseBatches
{
    /// <summary>Checks what an optimizer is given.</summary>
    public static void Check(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts, TorchPosePriors? priors)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(images);
        var device = reference.Gaussians.Centres.device;
        var count = reference.Projector.Disc.Count;
        TensorChecks.Check(images.Values, nameof(images), [TensorChecks.Any, count], "[B, K]", TensorChecks.ComplexOf(reference.Type), device);
        TensorChecks.Check(rotations, nameof(rotations), [images.Count, 3, 3], "[B, 3, 3]", ScalarType.Float64, device);
        TensorChecks.Check(shifts, nameof(shifts), [images.Count, 2], "[B, 2]", ScalarType.Float64, device);
        if (priors is not null)
        {
            TensorChecks.Check(priors.Information, nameof(priors), [images.Count, Pose.ParameterCount, Pose.ParameterCount], "[B, 5, 5]", null, device);
        }

        TensorChecks.Finite((rotations, nameof(rotations)), (shifts, nameof(shifts)));
    }

    /// <summary>Scores and derivatives at poses.</summary>
    public static Evaluation Evaluate(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts, TorchPosePriors? priors)
    {
        using var scope = NewDisposeScope();
        List<Tensor> scores = [], gradients = [], matrices = [];
        ForPieces(reference, images, (piece, first, count) =>
        {
            using var inner = NewDisposeScope();
            var jacobian = reference.Projector.ProjectWithPoseDerivatives(
                reference.Gaussians, rotations.narrow(0, first, count).to(reference.Type), shifts.narrow(0, first, count).to(reference.Type));
            if (piece.Rest is { } rest)
            {
                jacobian.select(1, 0).add_(rest);
            }

            var found = reference.Scorer.Evaluate(piece, jacobian);
            scores.Add(Scores(found.Score).MoveToOuterDisposeScope());
            gradients.Add(found.Gradient.MoveToOuterDisposeScope());
            matrices.Add(found.GaussNewton.MoveToOuterDisposeScope());
        });
        var result = new Evaluation(cat(scores, 0), cat(gradients, 0), cat(matrices, 0));
        if (priors is not null)
        {
            var (objective, gradient, information) = priors.Add(rotations, shifts, result.Scores.select(1, 0), result.Gradient, result.Information);
            result = new Evaluation(cat([objective.unsqueeze(1), result.Scores.narrow(1, 1, 2)], 1), gradient, information);
        }

        scope.MoveToOuter(result.Scores, result.Gradient, result.Information);
        return result;
    }

    /// <summary>Runs work on pieces of the images.</summary>
    public static void ForPieces(TorchPoseReference reference, TorchImages images, Action<TorchImages, long, long> work)
    {
        var chunks = Chunks.Choose("poses", images.Count, 1, reference.BytesPerImage, 0, reference.Projector.MemoryBytes);
        chunks.Run(images.Count, (first, count) =>
        {
            using var piece = first == 0 && count == images.Count ? null : images.Range(first, count);
            work(piece ?? images, first, count);
        });
    }

    /// <summary>[B, 3] Float64 of a score.</summary>
    public static Tensor Scores(TorchScore score) => stack([score.Objective.detach(), score.Correlation.detach(), score.Scale], 1).to(ScalarType.Float64);

    /// <summary>At B poses.</summary>
    /// <param name="Scores">[B, 3] Float64: objective, correlation, scale.</param>
    /// <param name="Gradient">[B, 5] Float64.</param>
    /// <param name="Information">[B, 5, 5] Float64.</param>
    internal readonly record struct Evaluation(Tensor Scores, Tensor Gradient, Tensor Information);
}
