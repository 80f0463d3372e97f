using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Anchors move, and every Gaussian by the average of the anchors' displacements with weights exp(-d^2 / 2 sd^2), normalised over the
/// anchors, so that motion does not depend on how dense they are (method.md 12.3, 20.3), times the focus mask.
/// </summary>
internal sealed class AnchorDeformer : IDeformer
{
    /// <summary>Relative change of amplitude per unit of its control, so that controls of displacement and amplitude are of one size.</summary>
    private const float AmplitudeUnit = 0.1f;

    private readonly AnchorSet _anchors;
    private readonly float[] _weights;
    private readonly int _gaussians;
    private readonly int _channels;

    /// <summary>Makes the weights.</summary>
    /// <param name="model">The neutral model.</param>
    /// <param name="anchors">The anchors.</param>
    /// <param name="mask">0 to 1 for each Gaussian.</param>
    /// <param name="amplitudes">Whether amplitudes change too.</param>
    public AnchorDeformer(GaussianModel model, AnchorSet anchors, ReadOnlySpan<float> mask, bool amplitudes)
    {
        _anchors = anchors;
        _gaussians = model.Count;
        _channels = amplitudes ? 4 : 3;
        _weights = new float[anchors.Count * _gaussians];
        var inverse = 0.5 / (anchors.Width * anchors.Width);
        Span<double> w = stackalloc double[anchors.Count];
        for (var j = 0; j < _gaussians; j++)
        {
            var nearest = double.MaxValue;
            for (var a = 0; a < w.Length; a++)
            {
                double dx = model.X[j] - anchors.X[a], dy = model.Y[j] - anchors.Y[a], dz = model.Z[j] - anchors.Z[a];
                w[a] = inverse * ((dx * dx) + (dy * dy) + (dz * dz));
                nearest = Math.Min(nearest, w[a]);
            }

            // Relative to the nearest anchor: far from all of them the weights would underflow.
            double sum = 0;
            for (var a = 0; a < w.Length; a++)
            {
                w[a] = Math.Exp(nearest - w[a]);
                sum += w[a];
            }

            for (var a = 0; a < w.Length; a++)
            {
                _weights[(a * _gaussians) + j] = (float)(mask[j] * w[a] / sum);
            }
        }
    }

    /// <inheritdoc/>
    public int ControlCount => _channels * _anchors.Count;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> controls, ModelDeformation result)
    {
        result.Clear();
        var n = _anchors.Count;
        for (var a = 0; a < n; a++)
        {
            var w = _weights.AsSpan(a * _gaussians, _gaussians);
            TensorPrimitives.MultiplyAdd(w, controls[a], result.X, result.X);
            TensorPrimitives.MultiplyAdd(w, controls[n + a], result.Y, result.Y);
            TensorPrimitives.MultiplyAdd(w, controls[(2 * n) + a], result.Z, result.Z);
            if (_channels == 4)
            {
                TensorPrimitives.MultiplyAdd(w, AmplitudeUnit * controls[(3 * n) + a], result.Amplitudes, result.Amplitudes);
            }
        }
    }

    /// <inheritdoc/>
    public void PullBack(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
    {
        var n = _anchors.Count;
        for (var a = 0; a < n; a++)
        {
            var w = _weights.AsSpan(a * _gaussians, _gaussians);
            result[a] = TensorPrimitives.Dot<float>(w, gradient.X);
            result[n + a] = TensorPrimitives.Dot<float>(w, gradient.Y);
            result[(2 * n) + a] = TensorPrimitives.Dot<float>(w, gradient.Z);
            if (_channels == 4)
            {
                result[(3 * n) + a] = AmplitudeUnit * TensorPrimitives.Dot<float>(w, gradient.Amplitudes);
            }
        }
    }

    /// <inheritdoc/>
    public void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result) => Apply(rates, result);

    /// <inheritdoc/>
    public void Fit(ModelDeformation target, Span<float> controls)
    {
        var n = _anchors.Count;
        for (var a = 0; a < n; a++)
        {
            var w = _weights.AsSpan(a * _gaussians, _gaussians);
            var scale = 1 / Math.Max(TensorPrimitives.Sum<float>(w), 1e-6f);
            controls[a] = scale * TensorPrimitives.Dot<float>(w, target.X);
            controls[n + a] = scale * TensorPrimitives.Dot<float>(w, target.Y);
            controls[(2 * n) + a] = scale * TensorPrimitives.Dot<float>(w, target.Z);
            if (_channels == 4)
            {
                controls[(3 * n) + a] = scale * TensorPrimitives.Dot<float>(w, target.Amplitudes) / AmplitudeUnit;
            }
        }
    }
}
