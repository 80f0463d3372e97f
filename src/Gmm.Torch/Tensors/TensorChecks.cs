using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// Checks of tensors before they reach libtorch, where a wrong shape can end the process instead of throwing (matmul has no error trap).
/// </summary>
internal static class TensorChecks
{
    /// <summary>Any extent.</summary>
    public const long Any = -1;

    /// <summary>Checks a tensor's shape, type and device.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <param name="shape">Extents; <see cref="Any"/> where any will do.</param>
    /// <param name="names">The shape in words, such as "[B, 3]".</param>
    /// <param name="dtype">Type, or null for any.</param>
    /// <param name="device">Device, or null for any.</param>
    public static void Check(Tensor? tensor, string name, ReadOnlySpan<long> shape, string names, ScalarType? dtype, Device? device)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.IsInvalid)
        {
            throw new ArgumentException($"{name} has been disposed.", name);
        }

        var actual = tensor.shape;
        var fits = actual.Length == shape.Length;
        for (var d = 0; fits && d < shape.Length; d++)
        {
            fits = shape[d] == Any || shape[d] == actual[d];
        }

        if (!fits)
        {
            throw new ArgumentException($"{name} must have the shape {names}{Numbers(shape)}, not [{string.Join(", ", actual)}].", name);
        }

        if (dtype is { } type && tensor.dtype != type)
        {
            throw new ArgumentException($"{name} must be {type}, not {tensor.dtype}.", name);
        }

        if (device is not null && !Same(tensor.device, device))
        {
            throw new ArgumentException($"{name} must be on {device}, not on {tensor.device}.", name);
        }
    }

    /// <summary>Throws where a value is not finite, naming the first row of the first tensor that has one.</summary>
    /// <param name="tensors">Each [B, ...], with what the caller calls it; all on one device.</param>
    public static void Finite(params ReadOnlySpan<(Tensor Tensor, string Name)> tensors)
    {
        using var scope = NewDisposeScope();
        using var no = no_grad();
        // One number comes back from the device for all; what is wrong is looked for only when something is. (A complex tensor is looked at as real.)
        static Tensor Real(Tensor tensor) => tensor.is_complex() ? view_as_real(tensor) : tensor;
        var good = Real(tensors[0].Tensor).isfinite().all();
        foreach (var (tensor, _) in tensors[1..])
        {
            good = good & Real(tensor).isfinite().all();
        }

        if (TensorMemory.Item<bool>(good))
        {
            return;
        }

        foreach (var (tensor, name) in tensors)
        {
            var bad = Real(tensor).reshape(tensor.shape[0], -1).isfinite().all(1).logical_not().nonzero();
            if (bad.shape[0] > 0)
            {
                throw new InvalidInputException($"{name}[{bad[0, 0].item<long>()}] has a value that is not a number; {name} must be finite.");
            }
        }
    }

    /// <summary>Throws where a value is not a positive number, naming the first.</summary>
    /// <param name="tensor">[B].</param>
    /// <param name="name">What the caller calls it.</param>
    public static void Positive(Tensor tensor, string name)
    {
        using var scope = NewDisposeScope();
        using var no = no_grad();
        var good = (tensor > 0) & tensor.isfinite();
        if (!TensorMemory.Item<bool>(good.all()))
        {
            throw new InvalidInputException($"{name}[{good.logical_not().nonzero()[0, 0].item<long>()}] is not a positive number; {name} must be positive.");
        }
    }

    /// <summary>Checks the tensors of a model: one type, one device, at least one Gaussian.</summary>
    /// <param name="centres">[N, 3].</param>
    /// <param name="amplitudes">[N].</param>
    /// <param name="widths">[N].</param>
    public static void Gaussians(Tensor centres, Tensor amplitudes, Tensor widths)
    {
        Real(centres, nameof(centres));
        Check(centres, nameof(centres), [Any, 3], "[N, 3]", null, null);
        var n = centres.shape[0];
        if (n == 0)
        {
            throw new ArgumentException("centres must have at least one row.", nameof(centres));
        }

        Check(amplitudes, nameof(amplitudes), [n], "[N]", centres.dtype, centres.device);
        Check(widths, nameof(widths), [n], "[N]", centres.dtype, centres.device);
    }

    /// <summary>Checks a matrix of magnification.</summary>
    /// <param name="magnification">[2, 2], of any real type.</param>
    /// <param name="device">Where the rest is.</param>
    public static void Magnification(Tensor magnification, Device device)
    {
        Real(magnification, nameof(magnification));
        Check(magnification, nameof(magnification), [2, 2], "[2, 2]", null, device);
    }

    /// <summary>The complex type of a real one.</summary>
    public static ScalarType ComplexOf(ScalarType real) => real == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32;

    /// <summary>Throws unless the type is float32 or float64.</summary>
    public static void Real(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"{name} must be Float32 or Float64, not {tensor.dtype}.", name);
        }
    }

    private static bool Same(Device a, Device b) => a.type == b.type && (a.type == DeviceType.CPU || Math.Max(0, a.index) == Math.Max(0, b.index));

    private static string Numbers(ReadOnlySpan<long> shape)
    {
        if (shape.Contains(Any))
        {
            var parts = new List<string>();
            foreach (var s in shape)
            {
                parts.Add(s == Any ? "any" : s.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            return $" = [{string.Join(", ", parts)}]";
        }

        return $" = [{string.Join(", ", shape.ToArray())}]";
    }
}
