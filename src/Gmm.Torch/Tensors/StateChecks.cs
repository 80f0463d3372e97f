using Gmm.Core;

namespace Gmm.Torch;

/// <summary>Checks of a checkpoint before a module takes it: libtorch's own error names neither tensor nor shape.</summary>
internal static class StateChecks
{
    /// <summary>Throws where a state is not one of this module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="state">The tensors of a checkpoint, by name.</param>
    /// <param name="strict">Whether each must be one of the module's, and each of the module's be there.</param>
    /// <param name="skip">Names that are not loaded.</param>
    /// <exception cref="InvalidInputException">A tensor that is missing, too much or of another shape; it is named.</exception>
    public static void Check(nn.Module module, Dictionary<string, Tensor> state, bool strict, IList<string>? skip)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = module.state_dict();
        var kind = module.GetName();
        foreach (var (name, tensor) in own)
        {
            if (skip?.Contains(name) == true)
            {
                continue;
            }

            if (!state.TryGetValue(name, out var found))
            {
                if (strict)
                {
                    throw new InvalidInputException($"The checkpoint is not one of {kind}: it has no tensor {name}, but {Names(state.Keys)}.");
                }
            }
            else if (!found.shape.AsSpan().SequenceEqual(tensor.shape))
            {
                throw new InvalidInputException(
                    $"{name} of the checkpoint must have the shape [{string.Join(", ", tensor.shape)}] of this {kind}, "
                    + $"not [{string.Join(", ", found.shape)}].");
            }
            else if (found.is_complex() != tensor.is_complex())
            {
                throw new InvalidInputException($"{name} of the checkpoint must be {tensor.dtype}, not {found.dtype}.");
            }
        }

        if (strict && state.Keys.FirstOrDefault(k => !own.ContainsKey(k) && skip?.Contains(k) != true) is { } unknown)
        {
            throw new InvalidInputException($"The checkpoint is not one of {kind}: {unknown} is none of its tensors, which are {Names(own.Keys)}.");
        }
    }

    /// <summary>Reads the tensors of a checkpoint in torch's format.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="kind">The module it is read for.</param>
    /// <returns>Tensors by name, on the CPU.</returns>
    /// <exception cref="InvalidInputException">It is no such file, or is damaged.</exception>
    public static Dictionary<string, Tensor> Read(BinaryReader reader, string kind)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            var count = reader.Read7BitEncodedInt64();
            var state = new Dictionary<string, Tensor>();
            for (long t = 0; t < count; t++)
            {
                state.Add(reader.ReadString(), TensorExtensionMethods.Load(reader));
            }

            return state;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or NotImplementedException or OverflowException
            or System.Runtime.InteropServices.ExternalException)
        {
            throw new InvalidInputException($"This is no checkpoint of {kind} as torch saves it, or it is damaged: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Take(8));
}
