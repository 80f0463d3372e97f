using TorchSharp;

namespace Gmm.Torch;

/// <summary>The managed kernels as a function that libtorch can differentiate.</summary>
internal sealed class ManagedProjection : autograd.SingleTensorFunction<ManagedProjection>
{
    /// <inheritdoc/>
    public override string Name => nameof(ManagedProjection);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (i, projector) = ProjectionBackward.Save(ctx, vars);
        return projector.Managed.Project(i[0], i[1], i[2], i[3], i[4]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        ProjectionBackward.Run(ctx, grad_output, (projector, i, g) => projector.Managed.Gradients(i[0], i[1], i[2], i[3], i[4], g));
}
