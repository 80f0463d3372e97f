using Gmm.Core;
using TorchSharp.Modules;

namespace Gmm.Torch;

/// <summary>
/// Poses of particles as a module, for an optimiser of torch's: Euler angles in degrees and shifts in angstrom. A call gives the poses of a batch.
/// </summary>
/// <remarks>
/// Where tilt is 0 or 180 degrees, rot and psi are one angle: gradients stay right, but a step of both counts twice. An optimiser with one step for all wants
/// parameters of like size: a degree and an angstrom are that for a structure of about 60 angstrom radius.
/// <example>
/// <code>
/// using var poses = PoseTensors.From([.. particles.Particles.Select(p => p.Pose)]).to(device);
/// var (rotations, shifts) = poses.call(batch["index"]);
/// var discs = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, rotations, shifts);
/// </code>
/// </example>
/// </remarks>
public sealed class PoseTensors : StateModule<Tensor, (Tensor Rotations, Tensor Shifts)>
{
    /// <summary>Makes a module of values, which are copied.</summary>
    /// <param name="angles">[B, 3]: rot, tilt, psi in degrees; Float32 or Float64, and so are the shifts.</param>
    /// <param name="shifts">[B, 2], angstrom: minus RELION's origins.</param>
    /// <param name="trainable">Whether gradients are wanted.</param>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    /// <exception cref="InvalidInputException">A value that is not finite.</exception>
    public PoseTensors(Tensor angles, Tensor shifts, bool trainable = true)
        : base(nameof(PoseTensors))
    {
        ArgumentNullException.ThrowIfNull(shifts);
        TensorChecks.Real(angles, nameof(angles));
        TensorChecks.Check(angles, nameof(angles), [TensorChecks.Any, 3], "[B, 3]", null, null);
        TensorChecks.Check(shifts, nameof(shifts), [angles.shape[0], 2], "[B, 2]", angles.dtype, angles.device);
        TensorChecks.Finite((angles, nameof(angles)), (shifts, nameof(shifts)));
        using var no = no_grad();
        using var scope = NewDisposeScope();
        Hold("angles", angles, trainable);
        Hold("shifts", shifts, trainable);
    }

    /// <summary>[B, 3]: rot, tilt, psi in degrees.</summary>
    public Parameter Angles => Own("angles");

    /// <summary>[B, 2], angstrom: minus RELION's origins.</summary>
    public Parameter Shifts => Own("shifts");

    /// <summary>[B, 3, 3]: RELION's matrices, computed from the angles at each call.</summary>
    public Tensor Rotations => TorchRotations.FromEuler(Angles);

    /// <summary>Number of particles.</summary>
    public long Count => Angles.shape[0];

    /// <summary>Copies poses to a device.</summary>
    /// <param name="poses">B poses.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="trainable">Whether gradients are wanted.</param>
    /// <returns>The module.</returns>
    public static PoseTensors From(IReadOnlyList<Pose> poses, Device? device = null, ScalarType dtype = ScalarType.Float32, bool trainable = true)
    {
        using var scope = NewDisposeScope();
        return new PoseTensors(TorchRotations.EulerDegrees(poses, device, dtype), TorchRotations.Shifts(poses, device, dtype), trainable);
    }

    /// <summary>The poses of some particles.</summary>
    /// <param name="input">[b] Int64: which.</param>
    /// <returns>[b, 3, 3] rotation matrices and [b, 2] shifts, angstrom.</returns>
    /// <exception cref="ArgumentException">Another shape, type or device.</exception>
    public override (Tensor Rotations, Tensor Shifts) forward(Tensor input)
    {
        TensorChecks.Check(input, nameof(input), [TensorChecks.Any], "[b]", ScalarType.Int64, Angles.device);
        using var scope = NewDisposeScope();
        var values = (TorchRotations.FromEuler(Angles.index_select(0, input)), Shifts.index_select(0, input));
        scope.MoveToOuter(values.Item1, values.Item2);
        return values;
    }

    /// <summary>Copies the values back.</summary>
    /// <returns>B poses.</returns>
    public Pose[] ToPoses()
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        return TorchRotations.ToPoses(TorchRotations.FromEuler(Angles.to(ScalarType.Float64)), Shifts);
    }
}
