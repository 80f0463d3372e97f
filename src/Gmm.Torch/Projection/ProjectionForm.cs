namespace Gmm.Torch;

/// <summary>How a <see cref="TorchProjector"/> computes its sums.</summary>
public enum ProjectionForm
{
    /// <summary><see cref="Managed"/> for float32 on the CPU, <see cref="Direct"/> otherwise.</summary>
    Auto = 0,

    /// <summary>The exact separable sum as a batched complex matrix product: 8 N flop per coefficient, any device and type.</summary>
    Direct = 1,

    /// <summary>
    /// Each Gaussian deposited on a fine grid with index_add, then a Fourier transform: exact to the accuracy asked for, any device and type.
    /// </summary>
    Gridding = 2,

    /// <summary>
    /// The kernels of Gmm.Core on CPU tensors, float32. In the backward pass a rotation matrix receives the part of the gradient that keeps
    /// it a rotation: all there is to the gradient with respect to Euler angles, rotation vectors or other parameters of rotations.
    /// </summary>
    Managed = 3,
}
