using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Every Gaussian has displacements of its own, times the focus mask: the controls of the plain network decoder.</summary>
/// <param name="mask">0 to 1 for each Gaussian.</param>
internal sealed class FreeDeformer(float[] mask) : IDeformer
{
    private readonly int _n = mask.Length;

    /// <inheritdoc/>
    public int ControlCount => 3 * _n;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> controls, ModelDeformation result)
    {
        TensorPrimitives.Multiply(controls[.._n], mask, result.X);
        TensorPrimitives.Multiply(controls.Slice(_n, _n), mask, result.Y);
        TensorPrimitives.Multiply(controls.Slice(2 * _n, _n), mask, result.Z);
        result.Amplitudes.Clear();
    }

    /// <inheritdoc/>
    public void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
    {
        TensorPrimitives.Multiply(gradient.X, mask, result[.._n]);
        TensorPrimitives.Multiply(gradient.Y, mask, result.Slice(_n, _n));
        TensorPrimitives.Multiply(gradient.Z, mask, result.Slice(2 * _n, _n));
    }

    /// <inheritdoc/>
    public void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result) => Apply(rates, result);

    /// <inheritdoc/>
    public void Fit(ModelDeformation target, Span<float> controls)
    {
        for (var j = 0; j < _n; j++)
        {
            // At the rim of the mask a Gaussian hardly moves, whatever its control is.
            var scale = mask[j] > 0 ? 1 / Math.Max(mask[j], 0.1f) : 0;
            (controls[j], controls[_n + j], controls[(2 * _n) + j]) = (scale * target.X[j], scale * target.Y[j], scale * target.Z[j]);
        }
    }
}
