using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>
/// What is known of B particles' poses beforehand: <see cref="PosePrior"/> on tensors, with the same displacement and density. Disposes its tensors.
/// </summary>
public sealed class TorchPosePriors : IDisposable
{
    /// <summary>Makes priors, which take the tensors over.</summary>
    /// <param name="rotations">[B, 3, 3] Float64: the most probable rotations.</param>
    /// <param name="shifts">[B, 2] Float64: the most probable shifts, angstrom.</param>
    /// <param name="information">[B, 5, 5] Float64: inverse covariances of three radians and two angstrom; 0 says nothing.</param>
    /// <param name="pivots">[B, 3] Float64: the pivots, angstrom from the box centre in the structure's frame.</param>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    /// <exception cref="InvalidInputException">A value that is not finite.</exception>
    public TorchPosePriors(Tensor rotations, Tensor shifts, Tensor information, Tensor pivots)
    {
        const int n = Pose.ParameterCount;
        ArgumentNullException.ThrowIfNull(rotations);
        ArgumentNullException.ThrowIfNull(shifts);
        ArgumentNullException.ThrowIfNull(information);
        ArgumentNullException.ThrowIfNull(pivots);
        TensorChecks.Check(rotations, nameof(rotations), [TensorChecks.Any, 3, 3], "[B, 3, 3]", ScalarType.Float64, null);
        var (b, device) = (rotations.shape[0], rotations.device);
        TensorChecks.Check(shifts, nameof(shifts), [b, 2], "[B, 2]", ScalarType.Float64, device);
        TensorChecks.Check(information, nameof(information), [b, n, n], "[B, 5, 5]", ScalarType.Float64, device);
        TensorChecks.Check(pivots, nameof(pivots), [b, 3], "[B, 3]", ScalarType.Float64, device);
        TensorChecks.Finite(
            (rotations, nameof(rotations)), (shifts, nameof(shifts)), (information, nameof(information)), (pivots, nameof(pivots)));
        (Rotations, Shifts) = (rotations.DetachFromDisposeScope(), shifts.DetachFromDisposeScope());
        (Information, Pivots) = (information.DetachFromDisposeScope(), pivots.DetachFromDisposeScope());
    }

    private TorchPosePriors(TorchPosePriors source, Func<Tensor, Tensor> choose)
    {
        (Rotations, Shifts) = (choose(source.Rotations).DetachFromDisposeScope(), choose(source.Shifts).DetachFromDisposeScope());
        (Information, Pivots) = (choose(source.Information).DetachFromDisposeScope(), choose(source.Pivots).DetachFromDisposeScope());
    }

    /// <summary>[B, 3, 3] Float64.</summary>
    public Tensor Rotations { get; }

    /// <summary>[B, 2] Float64, angstrom.</summary>
    public Tensor Shifts { get; }

    /// <summary>[B, 5, 5] Float64.</summary>
    public Tensor Information { get; }

    /// <summary>[B, 3] Float64, angstrom.</summary>
    public Tensor Pivots { get; }

    /// <summary>Copies priors to a device.</summary>
    /// <param name="priors">For each particle its prior; null says nothing.</param>
    /// <param name="device">Where to.</param>
    /// <returns>The priors; null where no particle has one.</returns>
    public static TorchPosePriors? From(IReadOnlyList<PosePrior?> priors, Device device)
    {
        ArgumentNullException.ThrowIfNull(priors);
        if (priors.All(p => p is null))
        {
            return null;
        }

        const int n = Pose.ParameterCount;
        double[] information = new double[n * n * priors.Count], pivots = new double[3 * priors.Count];
        var centres = new Pose[priors.Count];
        for (var b = 0; b < centres.Length; b++)
        {
            centres[b] = priors[b]?.Centre ?? Pose.Identity;
            priors[b]?.Information.CopyTo(information.AsSpan(n * n * b));
            (pivots[3 * b], pivots[(3 * b) + 1], pivots[(3 * b) + 2]) = priors[b]?.Pivot ?? default;
        }

        using var scope = NewDisposeScope();
        return new TorchPosePriors(
            TorchRotations.Rotations(centres, device),
            TorchRotations.Shifts(centres, device),
            TensorMemory.Write(information, [centres.Length, n, n], device),
            TensorMemory.Write(pivots, [centres.Length, 3], device));
    }

    /// <summary>The log-densities of poses, less their maxima. Differentiable.</summary>
    /// <param name="rotations">[B, 3, 3] Float64.</param>
    /// <param name="shifts">[B, 2] Float64, angstrom.</param>
    /// <returns>[B]: 0 or less.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    public Tensor LogDensity(Tensor rotations, Tensor shifts)
    {
        TensorChecks.Check(rotations, nameof(rotations), Rotations.shape, "[B, 3, 3]", ScalarType.Float64, Rotations.device);
        TensorChecks.Check(shifts, nameof(shifts), Shifts.shape, "[B, 2]", ScalarType.Float64, Rotations.device);
        using var scope = NewDisposeScope();
        var y = Displacement(rotations, shifts).unsqueeze(2);
        return (bmm(y.transpose(1, 2), bmm(Information, y)).reshape(-1) * -0.5).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rotations.Dispose();
        Shifts.Dispose();
        Information.Dispose();
        Pivots.Dispose();
    }

    /// <summary>Some of the priors.</summary>
    /// <param name="index">[b], Int64.</param>
    internal TorchPosePriors Select(Tensor index)
    {
        using var scope = NewDisposeScope();
        return new TorchPosePriors(this, t => t.index_select(0, index));
    }

    /// <summary>Priors first..first+count-1.</summary>
    internal TorchPosePriors Range(long first, long count)
    {
        using var scope = NewDisposeScope();
        return new TorchPosePriors(this, t => t.narrow(0, first, count));
    }

    /// <summary>Adds the priors to scores and their derivatives at poses (<see cref="PosePrior.Add"/>).</summary>
    /// <returns>Objectives, [B, 5] gradients and [B, 5, 5] matrices.</returns>
    internal (Tensor Objective, Tensor Gradient, Tensor Information) Add(
        Tensor rotations, Tensor shifts, Tensor objective, Tensor gradient, Tensor information)
    {
        using var scope = NewDisposeScope();
        var y = Displacement(rotations, shifts).unsqueeze(2);
        var pull = bmm(Information, y);
        var jacobian = Jacobian(rotations, y.squeeze(2).narrow(1, 0, 3)).transpose(1, 2);
        var sums = (
            objective - (bmm(y.transpose(1, 2), pull).reshape(-1) * 0.5),
            gradient - bmm(jacobian, pull).squeeze(2),
            information + bmm(jacobian, bmm(Information, jacobian.transpose(1, 2))));
        scope.MoveToOuter(sums.Item1, sums.Item2, sums.Item3);
        return sums;
    }

    /// <summary>[B, 5]: the rotation vector from the centre, and how the pivot has moved in the image.</summary>
    private Tensor Displacement(Tensor rotations, Tensor shifts)
    {
        var pivots = Pivots.unsqueeze(2);
        var way = shifts - Shifts + bmm(rotations - Rotations, pivots).squeeze(2).narrow(1, 0, 2);
        return cat([TorchRotations.ToRotationVector(bmm(rotations, Rotations.transpose(1, 2))), way], 1);
    }

    /// <summary>[B, 5, 5]: derivatives of the displacement with respect to a pose step.</summary>
    private Tensor Jacobian(Tensor rotations, Tensor vectors)
    {
        var ofRotation = TorchRotations.InverseLeftJacobian(vectors);
        var pivot = bmm(rotations, Pivots.unsqueeze(2)).squeeze(2);
        Tensor x = pivot.select(1, 0), y = pivot.select(1, 1), z = pivot.select(1, 2), o = zeros_like(x), one = ones_like(x);
        // A rotation w moves the pivot's image by w x (A p).
        var ofPivot = stack([o, z, -y, one, o, -z, o, x, o, one], 1).reshape(-1, 2, 5);
        var upper = cat([ofRotation, zeros([vectors.shape[0], 3, 2], dtype: vectors.dtype, device: vectors.device)], 2);
        return cat([upper, ofPivot], 1);
    }
}
