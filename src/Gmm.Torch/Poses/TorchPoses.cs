using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>What a batched optimizer found for B particles, on their device. Disposes its tensors.</summary>
/// <param name="rotations">[B, 3, 3] Float64.</param>
/// <param name="shifts">[B, 2] Float64, angstrom.</param>
/// <param name="scores">[B, 3] Float64: objective, correlation and scale at these poses.</param>
/// <param name="startScores">[B, 3] Float64: the same at the poses they started from.</param>
/// <param name="covariances">[B, 5, 5] Float64; NaN where there is none.</param>
/// <param name="steps">[B] Int64: steps tried.</param>
/// <param name="refined">[B] Bool: whether the pose can be used; where not, it is the one it started from.</param>
public sealed class TorchPoses(
    Tensor rotations, Tensor shifts, Tensor scores, Tensor startScores, Tensor covariances, Tensor steps, Tensor refined) : IDisposable
{
    /// <summary>[B, 3, 3] Float64.</summary>
    public Tensor Rotations { get; } = rotations.DetachFromDisposeScope();

    /// <summary>[B, 2] Float64, angstrom.</summary>
    public Tensor Shifts { get; } = shifts.DetachFromDisposeScope();

    /// <summary>[B, 3] Float64: objective, correlation and scale at these poses.</summary>
    public Tensor Scores { get; } = scores.DetachFromDisposeScope();

    /// <summary>[B, 3] Float64: the same at the poses they started from.</summary>
    public Tensor StartScores { get; } = startScores.DetachFromDisposeScope();

    /// <summary>[B, 5, 5] Float64: posterior covariance of a pose step (three radians, two angstrom); NaN where there is none.</summary>
    public Tensor Covariances { get; } = covariances.DetachFromDisposeScope();

    /// <summary>[B] Int64: steps tried.</summary>
    public Tensor Steps { get; } = steps.DetachFromDisposeScope();

    /// <summary>[B] Bool: whether the pose can be used; where not, it is the one it started from.</summary>
    public Tensor Refined { get; } = refined.DetachFromDisposeScope();

    /// <summary>Copies everything back.</summary>
    /// <returns>B estimates.</returns>
    public PoseEstimate[] ToEstimates()
    {
        var poses = TorchRotations.ToPoses(Rotations, Shifts);
        double[] scores = TensorMemory.Read<double>(Scores), starts = TensorMemory.Read<double>(StartScores);
        var covariances = TensorMemory.Read<double>(Covariances);
        var steps = TensorMemory.Read<long>(Steps);
        var refined = TensorMemory.Read<bool>(Refined);
        var result = new PoseEstimate[poses.Length];
        for (var b = 0; b < result.Length; b++)
        {
            var covariance = covariances.AsSpan(25 * b, 25);
            result[b] = new PoseEstimate(
                poses[b],
                new PoseScore(scores[3 * b], scores[(3 * b) + 1], scores[(3 * b) + 2]),
                new PoseScore(starts[3 * b], starts[(3 * b) + 1], starts[(3 * b) + 2]),
                double.IsNaN(covariance[0]) ? null : covariance.ToArray(),
                (int)steps[b],
                refined[b] ? PoseStatus.Refined : PoseStatus.Failed);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { Rotations, Shifts, Scores, StartScores, Covariances, Steps, Refined })
        {
            tensor.Dispose();
        }
    }
}
