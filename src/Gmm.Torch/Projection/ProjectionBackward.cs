using TorchSharp;

namespace Gmm.Torch;

/// <summary>What the custom functions of the projector share: inputs saved, every exception kept from libtorch, which would end the process.</summary>
internal static class ProjectionBackward
{
    /// <summary>Inputs that are tensors: centres, amplitudes, widths, rotations, shifts.</summary>
    public const int Inputs = 5;

    private const string Key = "projector";

    /// <summary>Saves the inputs and gives the projector.</summary>
    public static (Tensor[] Inputs, TorchProjector Projector) Save(autograd.AutogradContext context, object[] arguments)
    {
        var inputs = Array.ConvertAll(arguments[..Inputs], a => (Tensor)a);
        var projector = (TorchProjector)arguments[Inputs];
        context.save_for_backward([.. inputs]);
        context.save_data(Key, projector);
        return (inputs, projector);
    }

    /// <summary>Runs a backward pass. Never throws.</summary>
    /// <param name="context">The context of the forward pass.</param>
    /// <param name="gradient">[B, K] from libtorch.</param>
    /// <param name="compute">Gives the five gradients; null where one is not wanted.</param>
    public static List<Tensor> Run(autograd.AutogradContext context, Tensor gradient, Func<TorchProjector, Tensor[], Tensor, Tensor?[]> compute)
    {
        // Dispose scopes belong to threads, and libtorch may call from one of its own.
        using var scope = NewDisposeScope();
        var projector = (TorchProjector)context.get_data(Key);
        Tensor?[] gradients;
        try
        {
            var inputs = context.get_saved_variables();
            try
            {
                gradients = compute(projector, [.. inputs], gradient);
            }
#pragma warning disable CA1031 // An exception that leaves this method ends the process; the next forward throws it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                projector.BackwardError = e;
                gradients = [.. inputs.Select(i => i.requires_grad ? full_like(i, double.NaN) : null)];
            }
        }
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            projector.BackwardError = e;
            gradients = new Tensor?[Inputs];
        }

        foreach (var g in gradients)
        {
            if (g is not null)
            {
                projector.HandedOver.Add(g);
            }
        }

        // This handle is libtorch's gift to us, made outside our scope.
        gradient.Dispose();
        return [.. gradients.Append(null).Select(g => g!)];
    }
}
