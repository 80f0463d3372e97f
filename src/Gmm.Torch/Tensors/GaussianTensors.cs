using Gmm.Core;
using TorchSharp.Modules;

namespace Gmm.Torch;

/// <summary>
/// A model as a module: what a <see cref="TorchProjector"/> projects, and what an optimiser of torch's changes. Its parameters are the centres and, for each
/// Gaussian, the logarithm of how many times wider and stronger it is than at the start: widths stay positive and amplitudes keep their sign whatever step is
/// taken, and where no step was taken the values are those given, to the last bit.
/// </summary>
/// <remarks>
/// A call gives the values at chosen Gaussians; <see cref="Centres"/>, <see cref="Amplitudes"/> and <see cref="Widths"/> those of all, as a part of the graph.
/// Tensors that come of other operations need no module: <see cref="TorchProjector.forward"/> takes any.
/// <example>
/// <code>
/// using var gaussians = GaussianTensors.From(model).to(device);
/// using var adam = torch.optim.Adam(gaussians.parameters(), 0.02);
/// var discs = projector.call(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, eulerDegrees, shifts);
/// </code>
/// </example>
/// </remarks>
public sealed class GaussianTensors : StateModule<Tensor, (Tensor Centres, Tensor Amplitudes, Tensor Widths)>
{
    /// <summary>Makes a module of values, which are copied.</summary>
    /// <param name="centres">[N, 3], angstrom from the box centre; Float32 or Float64, and so are the others.</param>
    /// <param name="amplitudes">[N], integrals.</param>
    /// <param name="widths">[N], standard deviations, angstrom, positive.</param>
    /// <param name="trainable">Whether gradients are wanted.</param>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    /// <exception cref="InvalidInputException">A value that is not finite, or a width that is not positive.</exception>
    public GaussianTensors(Tensor centres, Tensor amplitudes, Tensor widths, bool trainable = true)
        : base(nameof(GaussianTensors))
    {
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentNullException.ThrowIfNull(amplitudes);
        ArgumentNullException.ThrowIfNull(widths);
        TensorChecks.Gaussians(centres, amplitudes, widths);
        TensorChecks.Finite((centres, nameof(centres)), (amplitudes, nameof(amplitudes)));
        TensorChecks.Positive(widths, nameof(widths));
        using var no = no_grad();
        using var scope = NewDisposeScope();
        Hold("centres", centres, trainable);
        Hold("amplitude_logs", zeros_like(amplitudes), trainable);
        Hold("width_logs", zeros_like(widths), trainable);
        Fix("start_amplitudes", amplitudes);
        Fix("start_widths", widths);
    }

    /// <summary>[N, 3], angstrom from the box centre.</summary>
    public Parameter Centres => Own("centres");

    /// <summary>[N]: logarithms of the amplitudes over those at the start.</summary>
    public Parameter AmplitudeLogs => Own("amplitude_logs");

    /// <summary>[N]: logarithms of the widths over those at the start.</summary>
    public Parameter WidthLogs => Own("width_logs");

    /// <summary>[N], integrals: computed from their parameter at each call.</summary>
    public Tensor Amplitudes => Times("start_amplitudes", AmplitudeLogs);

    /// <summary>[N], standard deviations, angstrom: computed from their parameter at each call.</summary>
    public Tensor Widths => Times("start_widths", WidthLogs);

    /// <summary>Number of Gaussians.</summary>
    public long Count => Centres.shape[0];

    /// <summary>Copies a model to a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="trainable">Whether gradients are wanted.</param>
    /// <returns>The module.</returns>
    public static GaussianTensors From(GaussianModel model, Device? device = null, ScalarType dtype = ScalarType.Float32, bool trainable = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Tensor Column(ReadOnlySpan<float> values) => tensor(values.ToArray()).to(dtype, device ?? CPU);
        var centres = stack([Column(model.X), Column(model.Y), Column(model.Z)], 1);
        return new GaussianTensors(centres, Column(model.Amplitudes), Column(model.Widths), trainable);
    }

    /// <summary>Some of the Gaussians.</summary>
    /// <param name="input">[n] Int64: which.</param>
    /// <returns>[n, 3], [n] and [n].</returns>
    /// <exception cref="ArgumentException">Another shape, type or device.</exception>
    public override (Tensor Centres, Tensor Amplitudes, Tensor Widths) forward(Tensor input)
    {
        TensorChecks.Check(input, nameof(input), [TensorChecks.Any], "[n]", ScalarType.Int64, Centres.device);
        using var scope = NewDisposeScope();
        var values = (Centres.index_select(0, input), Amplitudes.index_select(0, input), Widths.index_select(0, input));
        scope.MoveToOuter(values.Item1, values.Item2, values.Item3);
        return values;
    }

    /// <summary>Copies the values back into a model.</summary>
    /// <param name="boxSize">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="provenance">Where the model comes from.</param>
    /// <returns>A model; float32.</returns>
    /// <exception cref="ArgumentException">A value that no model can have: one that is not finite.</exception>
    public GaussianModel ToModel(int boxSize, double pixelSize, string provenance = "")
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var columns = Centres.detach().to(ScalarType.Float32).t().contiguous().cpu();
        return new GaussianModel(
            TensorMemory.Read<float>(columns[0]),
            TensorMemory.Read<float>(columns[1]),
            TensorMemory.Read<float>(columns[2]),
            TensorMemory.Read<float>(Amplitudes.to(ScalarType.Float32)),
            TensorMemory.Read<float>(Widths.to(ScalarType.Float32)),
            boxSize,
            pixelSize,
            provenance);
    }

    private Tensor Times(string start, Tensor logs)
    {
        using var scope = NewDisposeScope();
        return (Fixed(start) * logs.exp()).MoveToOuterDisposeScope();
    }
}
