namespace Gmm.Torch;

/// <summary>What the modules that hold numbers of their own share: values by name, checkpoints that are checked.</summary>
/// <typeparam name="T">What a call takes.</typeparam>
/// <typeparam name="TResult">What a call gives.</typeparam>
public abstract class StateModule<T, TResult> : nn.Module<T, TResult>
{
    private protected StateModule(string name)
        : base(name)
    {
    }

    /// <summary>Loads a state, checked before anything is changed.</summary>
    /// <param name="source">Tensors by name.</param>
    /// <param name="strict">Whether the names must be the module's, all of them.</param>
    /// <param name="skip">Names that are not loaded.</param>
    /// <returns>Names that are missing, and names that are none of the module's.</returns>
    /// <exception cref="Core.InvalidInputException">A checkpoint of another kind or size; the tensor is named.</exception>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        StateChecks.Check(this, source, strict, skip);
        return base.load_state_dict(source, strict, skip);
    }

    /// <summary>Loads what <c>save</c> wrote, checked before anything is changed.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="strict">Whether the names must be the module's, all of them.</param>
    /// <param name="skip">Names that are not loaded.</param>
    /// <param name="loadedParameters">Receives each name of the file and whether it was loaded.</param>
    /// <returns>This module.</returns>
    /// <exception cref="Core.InvalidInputException">A checkpoint of another kind or size, or no checkpoint at all.</exception>
    public override nn.Module load(
        BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
    {
        using var scope = NewDisposeScope();
        var state = StateChecks.Read(reader, GetName());
        load_state_dict(state, strict, skip);
        if (loadedParameters is not null)
        {
            foreach (var name in state.Keys)
            {
                loadedParameters[name] = skip?.Contains(name) != true;
            }
        }

        return this;
    }

    // Read by name: moving a module to a device replaces its tensors.
    private protected TorchSharp.Modules.Parameter Own(string name) => get_parameter(name)!;

    private protected Tensor Fixed(string name) => get_buffer(name)!;

    private protected void Hold(string name, Tensor values, bool trainable) =>
        register_parameter(name, new TorchSharp.Modules.Parameter(values.detach().clone().DetachFromDisposeScope(), trainable));

    private protected void Fix(string name, Tensor values) => register_buffer(name, values.detach().clone().DetachFromDisposeScope());
}
