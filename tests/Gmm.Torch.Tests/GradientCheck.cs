namespace Gmm.Torch.Tests;

/// <summary>Gradients in float64 against central differences, along random directions: torch's gradcheck.</summary>
internal static class GradientCheck
{
    /// <summary>The largest relative difference over inputs.</summary>
    /// <param name="function">A scalar of the inputs.</param>
    /// <param name="inputs">Float64 leaves; what is wanted to be differentiated.</param>
    /// <param name="steps">For each input the step of its differences.</param>
    /// <param name="seed">Of the directions.</param>
    public static double Worst(Func<Tensor[], Tensor> function, Tensor[] inputs, double[] steps, int seed = 1)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var leaves = Array.ConvertAll(inputs, i => i.detach().clone().requires_grad_());
        var value = function(leaves);
        value.backward();
        double worst = 0;
        for (var p = 0; p < inputs.Length; p++)
        {
            using var inner = NewDisposeScope();
            using var no = no_grad();
            var direction = randn(inputs[p].shape, dtype: ScalarType.Float64, generator: generator);
            double At(double step)
            {
                var moved = Array.ConvertAll(inputs, i => i.detach());
                moved[p] = inputs[p].detach() + (step * direction);
                return function(moved).item<double>();
            }

            // Four points: the error of the differences falls with the fourth power of the step.
            var h = steps[p];
            var numeric = ((8 * (At(h) - At(-h))) - (At(2 * h) - At(-2 * h))) / (12 * h);
            var analytic = (leaves[p].grad! * direction).sum().item<double>();
            worst = Math.Max(worst, Math.Abs(numeric - analytic) / Math.Max(Math.Abs(analytic), 1e-3 * Math.Abs(value.item<double>())));
        }

        return worst;
    }
}
