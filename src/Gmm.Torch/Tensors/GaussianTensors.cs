using Gmm.Core;

namespace Gmm.Torch;

/// <summary>A model as tensors on a device: what a <see cref="TorchProjector"/> projects. Disposes its tensors.</summary>
/// <remarks>
/// Any of the tensors can be a leaf with <c>requires_grad</c>, or the result of other operations. They are kept out of dispose scopes until
/// <see cref="Dispose"/>.
/// </remarks>
/// <param name="centres">[N, 3], angstrom from the box centre.</param>
/// <param name="amplitudes">[N], integrals.</param>
/// <param name="widths">[N], standard deviations, angstrom.</param>
public sealed class GaussianTensors(Tensor centres, Tensor amplitudes, Tensor widths) : IDisposable
{
    /// <summary>[N, 3], angstrom from the box centre.</summary>
    public Tensor Centres { get; } = centres.DetachFromDisposeScope();

    /// <summary>[N], integrals.</summary>
    public Tensor Amplitudes { get; } = amplitudes.DetachFromDisposeScope();

    /// <summary>[N], standard deviations, angstrom.</summary>
    public Tensor Widths { get; } = widths.DetachFromDisposeScope();

    /// <summary>Number of Gaussians.</summary>
    public long Count => Centres.shape[0];

    /// <summary>Copies a model to a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <returns>The tensors, without gradients.</returns>
    public static GaussianTensors From(GaussianModel model, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        var n = model.Count;
        var centres = new float[3 * n];
        for (var j = 0; j < n; j++)
        {
            (centres[3 * j], centres[(3 * j) + 1], centres[(3 * j) + 2]) = (model.X[j], model.Y[j], model.Z[j]);
        }

        Tensor Move(float[] values, params long[] shape) => tensor(values).reshape(shape).to(dtype, device ?? CPU);
        return new GaussianTensors(
            Move(centres, n, 3), Move(model.Amplitudes.ToArray(), n), Move(model.Widths.ToArray(), n));
    }

    /// <summary>Copies the values back into a model.</summary>
    /// <param name="boxSize">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="provenance">Where the model comes from.</param>
    /// <returns>A model; float32.</returns>
    /// <exception cref="InvalidInputException">A value that no model can have, such as a width that is not positive.</exception>
    public GaussianModel ToModel(int boxSize, double pixelSize, string provenance = "")
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var columns = Centres.detach().to(ScalarType.Float32).t().contiguous().cpu();
        return new GaussianModel(
            TensorMemory.Read<float>(columns[0]),
            TensorMemory.Read<float>(columns[1]),
            TensorMemory.Read<float>(columns[2]),
            TensorMemory.Read<float>(Amplitudes.detach().to(ScalarType.Float32)),
            TensorMemory.Read<float>(Widths.detach().to(ScalarType.Float32)),
            boxSize,
            pixelSize,
            provenance);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Centres.Dispose();
        Amplitudes.Dispose();
        Widths.Dispose();
    }
}
