using TorchSharp;

namespace Gmm.Torch;

/// <summary>A projection in chunks: nothing is kept of the forward pass, and the backward pass computes each chunk again.</summary>
internal sealed class ChunkedProjection : autograd.SingleTensorFunction<ChunkedProjection>
{
    /// <inheritdoc/>
    public override string Name => nameof(ChunkedProjection);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (i, projector) = ProjectionBackward.Save(ctx, vars);
        return projector.ProjectInChunks(i[0], i[1], i[2], i[3], i[4]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => ProjectionBackward.Run(ctx, grad_output, Gradients);

    private static Tensor?[] Gradients(TorchProjector projector, Tensor[] inputs, Tensor gradient)
    {
        var kernel = projector.Kernel(inputs[0]);
        var chunks = projector.ChunksFor(kernel, inputs[0], inputs[2], gradient.shape[0], 1, true);
        var totals = Array.ConvertAll(inputs, i => i.requires_grad ? zeros_like(i) : null);
        chunks.Run(gradient.shape[0], (first, count) =>
        {
            // Added to the totals at the end, so that a chunk that did not fit leaves nothing behind.
            using var outer = NewDisposeScope();
            var sums = Array.ConvertAll(totals, t => t is null ? null : zeros_like(t));
            for (long j = 0; j < inputs[0].shape[0]; j += chunks.Gaussians)
            {
                var n = Math.Min(chunks.Gaussians, inputs[0].shape[0] - j);
                using var scope = NewDisposeScope();
                // The range of each input that this chunk uses.
                (long Start, long Length)[] range = [(j, n), (j, n), (j, n), (first, count), (first, count)];
                var leaves = inputs.Select((input, p) =>
                    input.detach().narrow(0, range[p].Start, range[p].Length).requires_grad_(input.requires_grad)).ToArray();
                using var on = enable_grad();
                var output = kernel.Sum(TorchProjector.Seen(leaves[0], leaves[3], leaves[4]), leaves[1], leaves[2], null).squeeze(1);
                var wanted = leaves.Where(l => l.requires_grad).ToArray();
                var found = autograd.grad([output], wanted, [gradient.narrow(0, first, count)]);
                using var off = no_grad();
                for (int p = 0, f = 0; p < sums.Length; p++)
                {
                    sums[p]?.narrow(0, range[p].Start, range[p].Length).add_(found[f++]);
                }
            }

            for (var p = 0; p < totals.Length; p++)
            {
                totals[p]?.add_(sums[p]!);
            }
        });
        return totals;
    }
}
