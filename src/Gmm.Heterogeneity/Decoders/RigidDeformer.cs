using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The Gaussians of the focus mask as one rigid body: three controls of rotation about the mask's centroid (angstrom at the body's radius
/// of gyration) and three of shift. The displacement is blended by the mask (docs/heterogeneity.md, Decoders).
/// </summary>
public sealed class RigidDeformer : IDeformer
{
    /// <summary>Rotation vector and shift.</summary>
    internal const int Controls = 6;

    private readonly float[] _mask;
    private readonly double[] _arms;
    private readonly (double X, double Y, double Z) _centre;
    private readonly double _radius;

    /// <summary>Finds the centroid and the radius.</summary>
    /// <param name="model">The neutral model.</param>
    /// <param name="mask">0 to 1 for each Gaussian, not all 0.</param>
    internal RigidDeformer(GaussianModel model, float[] mask)
        : this(model, mask, Centroid(model, mask))
    {
        double sum = 0, square = 0;
        for (var j = 0; j < model.Count; j++)
        {
            double w = mask[j] * Math.Abs((double)model.Amplitudes[j]), ax = _arms[3 * j], ay = _arms[(3 * j) + 1], az = _arms[(3 * j) + 2];
            (sum, square) = (sum + w, square + (w * ((ax * ax) + (ay * ay) + (az * az))));
        }

        _radius = Math.Max(1, Math.Sqrt(square / sum));
    }

    private RigidDeformer(GaussianModel model, float[] mask, (double X, double Y, double Z) centre, double radius = 1)
    {
        (_mask, _centre, _radius) = (mask, centre, radius);
        _arms = new double[3 * model.Count];
        for (var j = 0; j < model.Count; j++)
        {
            (_arms[3 * j], _arms[(3 * j) + 1], _arms[(3 * j) + 2]) = (model.X[j] - centre.X, model.Y[j] - centre.Y, model.Z[j] - centre.Z);
        }
    }

    /// <summary>Radius of gyration, angstrom: the rotation vector is the first three controls over it.</summary>
    public double Radius => _radius;

    /// <summary>Each Gaussian's place relative to the centroid: x, y, z, angstrom.</summary>
    public ReadOnlySpan<double> Arms => _arms;

    /// <inheritdoc/>
    public int ControlCount => Controls;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> controls, ModelDeformation result)
    {
        ArgumentNullException.ThrowIfNull(result);
        result.Clear();
        var rotation = Turn(controls);
        for (var j = 0; j < _mask.Length; j++)
        {
            var m = _mask[j];
            if (m == 0)
            {
                continue;
            }

            double ax = _arms[3 * j], ay = _arms[(3 * j) + 1], az = _arms[(3 * j) + 2];
            var (x, y, z) = rotation.Apply(ax, ay, az);
            result.X[j] = m * (float)(x - ax + controls[3]);
            result.Y[j] = m * (float)(y - ay + controls[4]);
            result.Z[j] = m * (float)(z - az + controls[5]);
        }
    }

    /// <inheritdoc/>
    public void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        var rotation = Turn(controls);
        double fx = 0, fy = 0, fz = 0, tx = 0, ty = 0, tz = 0;
        for (var j = 0; j < _mask.Length; j++)
        {
            if (_mask[j] == 0)
            {
                continue;
            }

            double gx = _mask[j] * gradient.X[j], gy = _mask[j] * gradient.Y[j], gz = _mask[j] * gradient.Z[j];
            var (x, y, z) = rotation.Apply(_arms[3 * j], _arms[(3 * j) + 1], _arms[(3 * j) + 2]);
            (fx, fy, fz) = (fx + gx, fy + gy, fz + gz);
            tx += (y * gz) - (z * gy);
            ty += (z * gx) - (x * gz);
            tz += (x * gy) - (y * gx);
        }

        // The velocity is (L w') x arm with L the left Jacobian of SO(3): its transpose takes the torque back.
        var (rx, ry, rz) = LeftJacobian(controls).Transpose().Apply(tx, ty, tz);
        (result[0], result[1], result[2]) = ((float)(rx / _radius), (float)(ry / _radius), (float)(rz / _radius));
        (result[3], result[4], result[5]) = ((float)fx, (float)fy, (float)fz);
    }

    /// <inheritdoc/>
    public void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result)
    {
        ArgumentNullException.ThrowIfNull(result);
        result.Clear();
        var rotation = Turn(controls);
        var (wx, wy, wz) = LeftJacobian(controls).Apply(rates[0] / _radius, rates[1] / _radius, rates[2] / _radius);
        for (var j = 0; j < _mask.Length; j++)
        {
            var m = _mask[j];
            if (m == 0)
            {
                continue;
            }

            var (x, y, z) = rotation.Apply(_arms[3 * j], _arms[(3 * j) + 1], _arms[(3 * j) + 2]);
            result.X[j] = m * (float)((wy * z) - (wz * y) + rates[3]);
            result.Y[j] = m * (float)((wz * x) - (wx * z) + rates[4]);
            result.Z[j] = m * (float)((wx * y) - (wy * x) + rates[5]);
        }
    }

    /// <summary>The same body on another model's Gaussians: the same controls are the same rigid motion.</summary>
    /// <param name="model">The other model.</param>
    /// <param name="mask">0 to 1 for each of its Gaussians.</param>
    /// <returns>The deformer.</returns>
    internal RigidDeformer On(GaussianModel model, float[] mask) => new(model, mask, _centre, _radius);

    private static (double X, double Y, double Z) Centroid(GaussianModel model, float[] mask)
    {
        double sum = 0, x = 0, y = 0, z = 0;
        for (var j = 0; j < model.Count; j++)
        {
            var w = mask[j] * Math.Abs((double)model.Amplitudes[j]);
            (sum, x, y, z) = (sum + w, x + (w * model.X[j]), y + (w * model.Y[j]), z + (w * model.Z[j]));
        }

        return (x / sum, y / sum, z / sum);
    }

    private Rotation Turn(ReadOnlySpan<float> controls) =>
        Rotation.FromRotationVector(controls[0] / _radius, controls[1] / _radius, controls[2] / _radius);

    /// <summary>I + (1 - cos t) / t^2 [w] + (t - sin t) / t^3 [w]^2, which takes a change of the rotation vector to the angular velocity.</summary>
    private Rotation LeftJacobian(ReadOnlySpan<float> controls)
    {
        double x = controls[0] / _radius, y = controls[1] / _radius, z = controls[2] / _radius;
        double t2 = (x * x) + (y * y) + (z * z), t = Math.Sqrt(t2);
        var a = t < 1e-3 ? 0.5 - (t2 / 24) : (1 - Math.Cos(t)) / t2;
        var b = t < 1e-3 ? (1.0 / 6) - (t2 / 120) : (t - Math.Sin(t)) / (t2 * t);
        return new Rotation(
            1 - (b * ((y * y) + (z * z))), (b * x * y) - (a * z), (b * x * z) + (a * y),
            (b * x * y) + (a * z), 1 - (b * ((x * x) + (z * z))), (b * y * z) - (a * x),
            (b * x * z) - (a * y), (b * y * z) + (a * x), 1 - (b * ((x * x) + (y * y))));
    }
}
