using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// Projects a model on a device (<see cref="IProjector{T}"/> on tensors). <see cref="TorchProjector"/> is the ready one; one of your own goes into a
/// <see cref="TorchPoseReference"/>, and with it into the batched optimizers.
/// </summary>
public interface ITorchProjector : IDisposable
{
    /// <summary>The coefficients computed.</summary>
    FourierDisc Disc { get; }

    /// <summary>Bytes of working memory that a call may take, roughly: what calls it takes images in pieces that fit.</summary>
    long MemoryBytes { get; }

    /// <summary>Projects, differentiable in every input.</summary>
    /// <param name="centres">[N, 3], angstrom from the box centre; Float32 or Float64, and so are the others.</param>
    /// <param name="amplitudes">[N], integrals.</param>
    /// <param name="widths">[N], standard deviations, angstrom.</param>
    /// <param name="orientations">[B, 3, 3] RELION's matrices, or [B, 3] rot, tilt, psi in degrees.</param>
    /// <param name="shifts">[B, 2], angstrom: minus RELION's origins.</param>
    /// <returns>[B, K] complex, in the disc's order.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    Tensor Project(Tensor centres, Tensor amplitudes, Tensor widths, Tensor orientations, Tensor shifts);

    /// <summary>
    /// The projections and their five derivatives with respect to a pose step (see <see cref="Pose.Step"/> and <see cref="PoseJacobian{T}"/>). Not
    /// differentiable.
    /// </summary>
    /// <param name="gaussians">The model.</param>
    /// <param name="rotations">[B, 3, 3].</param>
    /// <param name="shifts">[B, 2], angstrom.</param>
    /// <returns>[B, 6, K] complex: the projection, d/dw_x, d/dw_y, d/dw_z per radian, d/dt_x, d/dt_y per angstrom.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    Tensor ProjectWithPoseDerivatives(GaussianTensors gaussians, Tensor rotations, Tensor shifts);

    /// <summary>Projects a model deformed in another way for every image, differentiable.</summary>
    /// <param name="gaussians">The neutral model.</param>
    /// <param name="deformations">[B, 4, N]: displacements along x, y and z, angstrom, and relative changes of amplitude.</param>
    /// <param name="rotations">[B, 3, 3].</param>
    /// <param name="shifts">[B, 2], angstrom.</param>
    /// <returns>[B, K] complex.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    Tensor ProjectDeformed(GaussianTensors gaussians, Tensor deformations, Tensor rotations, Tensor shifts);
}
