using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Anchors move, and every Gaussian by an average of the anchors' displacements with weights exp(-d^2 / 2 sd^2), normalised over the
/// anchors, so that motion does not depend on how dense they are (docs/heterogeneity.md, Decoders), times the focus mask.
/// </summary>
/// <remarks>
/// A plain average cannot go beyond the outermost anchors: the far end of a domain that tilts would move as its last anchor does, a tenth
/// too little. So the average is that of a local linear fit, w_a (1 + (x - m)^T S^-1 (x_a - m)) with m and S the weighted mean and covariance of the
/// anchors, and a ridge on S: translations are kept exactly, rotations and strains nearly, and the map from anchors to Gaussians stays linear.
/// </remarks>
public sealed class AnchorDeformer : IDeformer
{
    /// <summary>Relative change of amplitude per unit of its control, so that controls of displacement and amplitude are of one size.</summary>
    public const float AmplitudeUnit = 0.1f;

    /// <summary>
    /// Ridge of the local linear fit, in units of the anchors' influence squared: what little anchors tell about a slope is not extrapolated.
    /// </summary>
    private const double Ridge = 0.02;

    /// <summary>Ridge of a fit of the anchors' displacements to those of Gaussians, of the greatest diagonal element.</summary>
    private const double FitRidge = 1e-3;

    private readonly AnchorSet _anchors;
    private readonly float[] _weights;
    private readonly int _gaussians;
    private readonly int _channels;

    /// <summary>Makes the weights.</summary>
    /// <param name="model">The neutral model.</param>
    /// <param name="anchors">The anchors.</param>
    /// <param name="mask">0 to 1 for each Gaussian.</param>
    /// <param name="amplitudes">Whether amplitudes change too.</param>
    internal AnchorDeformer(GaussianModel model, AnchorSet anchors, ReadOnlySpan<float> mask, bool amplitudes)
    {
        _anchors = anchors;
        _gaussians = model.Count;
        _channels = Controls(1, amplitudes);
        _weights = new float[anchors.Count * _gaussians];
        Span<double> w = stackalloc double[anchors.Count];
        for (var j = 0; j < _gaussians; j++)
        {
            Weigh(anchors, model.X[j], model.Y[j], model.Z[j], w);
            for (var a = 0; a < w.Length; a++)
            {
                _weights[(a * _gaussians) + j] = (float)(mask[j] * w[a]);
            }
        }
    }

    /// <summary>What the encoder sees of a particle, where gradients are pulled back by this.</summary>
    internal int FeatureCount => AnchorFeatures.Count(_anchors.Count, _channels == 4);

    /// <summary>3, or 4 with amplitudes.</summary>
    public int Channels => _channels;

    /// <summary>Anchors x Gaussians, anchor by anchor: how much each anchor moves each Gaussian, times the focus mask.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <inheritdoc/>
    public int ControlCount => _channels * _anchors.Count;

    /// <summary>Number of controls of so many anchors: a displacement each, and a change of amplitude if wanted.</summary>
    internal static int Controls(int anchors, bool amplitudes) => (amplitudes ? 4 : 3) * anchors;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> controls, ModelDeformation result)
    {
        ArgumentNullException.ThrowIfNull(result);
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
    public void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
    {
        ArgumentNullException.ThrowIfNull(gradient);
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
        ArgumentNullException.ThrowIfNull(target);
        // Least squares over the Gaussians, each direction by itself; the ridge keeps anchors at rest that move nothing.
        var n = _anchors.Count;
        var matrix = new double[n * n];
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                matrix[(a * n) + b] = matrix[(b * n) + a] = TensorPrimitives.Dot<float>(
                    _weights.AsSpan(a * _gaussians, _gaussians), _weights.AsSpan(b * _gaussians, _gaussians));
            }
        }

        var most = Enumerable.Range(0, n).Max(a => matrix[(a * n) + a]);
        for (var a = 0; a < n; a++)
        {
            matrix[(a * n) + a] += FitRidge * most;
        }

        controls.Clear();
        var solver = new Cholesky(n, new double[Cholesky.MemoryFor(n)]);
        if (!solver.TryFactor(matrix))
        {
            return;
        }

        for (var c = 0; c < _channels; c++)
        {
            var wanted = c switch { 0 => target.X, 1 => target.Y, 2 => target.Z, _ => target.Amplitudes };
            double[] right = new double[n], found = new double[n];
            for (var a = 0; a < n; a++)
            {
                right[a] = TensorPrimitives.Dot<float>(_weights.AsSpan(a * _gaussians, _gaussians), wanted);
            }

            solver.Solve(right, found);
            for (var a = 0; a < n; a++)
            {
                controls[(c * n) + a] = (float)(c == 3 ? found[a] / AmplitudeUnit : found[a]);
            }
        }
    }

    /// <summary>The anchors' weights at a place; they sum to 1.</summary>
    private static void Weigh(AnchorSet anchors, double x, double y, double z, Span<double> w)
    {
        var inverse = 0.5 / (anchors.Width * anchors.Width);
        var nearest = double.MaxValue;
        for (var a = 0; a < w.Length; a++)
        {
            double dx = x - anchors.X[a], dy = y - anchors.Y[a], dz = z - anchors.Z[a];
            w[a] = inverse * ((dx * dx) + (dy * dy) + (dz * dz));
            nearest = Math.Min(nearest, w[a]);
        }

        // Relative to the nearest anchor: far from all of them the weights would underflow.
        double sum = 0, mx = 0, my = 0, mz = 0;
        for (var a = 0; a < w.Length; a++)
        {
            w[a] = Math.Exp(nearest - w[a]);
            sum += w[a];
        }

        for (var a = 0; a < w.Length; a++)
        {
            w[a] /= sum;
            (mx, my, mz) = (mx + (w[a] * anchors.X[a]), my + (w[a] * anchors.Y[a]), mz + (w[a] * anchors.Z[a]));
        }

        var ridge = Ridge * anchors.Width * anchors.Width;
        Span<double> s = [ridge, 0, 0, 0, ridge, 0, 0, 0, ridge];
        for (var a = 0; a < w.Length; a++)
        {
            Span<double> d = [anchors.X[a] - mx, anchors.Y[a] - my, anchors.Z[a] - mz];
            for (var i = 0; i < 9; i++)
            {
                s[i] += w[a] * d[i / 3] * d[i % 3];
            }
        }

        Span<double> slope = [x - mx, y - my, z - mz];
        if (Cholesky.TrySolve(s, slope, 0, slope))
        {
            for (var a = 0; a < w.Length; a++)
            {
                w[a] *= 1 + (slope[0] * (anchors.X[a] - mx)) + (slope[1] * (anchors.Y[a] - my)) + (slope[2] * (anchors.Z[a] - mz));
            }
        }
    }
}
