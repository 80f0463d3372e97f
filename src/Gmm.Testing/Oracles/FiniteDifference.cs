using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// Derivatives by central differences, f'(0) = (f(h) - f(-h)) / 2h + O(h^2): the check of a derivative that somebody worked out on paper.
/// </summary>
/// <remarks>
/// The step h: about 1e-5 of the scale on which f bends where f is float64; where f is computed in float32, whose noise e is divided by h, about the cube root
/// of e, 2e-3 to 1e-2.
/// </remarks>
public static class FiniteDifference
{
    /// <summary>The slope of a function at 0.</summary>
    /// <param name="value">The function.</param>
    /// <param name="step">h.</param>
    /// <returns>(f(h) - f(-h)) / 2h.</returns>
    public static double Slope(Func<double, double> value, double step)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (value(step) - value(-step)) / (2 * step);
    }

    /// <summary>The slopes of many functions at 0.</summary>
    /// <param name="values">The functions' values at a place.</param>
    /// <param name="step">h.</param>
    /// <returns>(f(h) - f(-h)) / 2h of each.</returns>
    public static double[] Slopes(Func<double, double[]> values, double step)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] up = values(step), down = values(-step), slopes = new double[up.Length];
        for (var i = 0; i < up.Length; i++)
        {
            slopes[i] = (up[i] - down[i]) / (2 * step);
        }

        return slopes;
    }

    /// <summary>The second derivative of a function at 0.</summary>
    /// <param name="value">The function.</param>
    /// <param name="step">h.</param>
    /// <returns>(f(h) - 2 f(0) + f(-h)) / h^2.</returns>
    public static double Curvature(Func<double, double> value, double step)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (value(step) - (2 * value(0)) + value(-step)) / (step * step);
    }

    /// <summary>The gradient of a function of many numbers.</summary>
    /// <param name="value">The function.</param>
    /// <param name="at">Where.</param>
    /// <param name="step">h, the same for every number.</param>
    /// <returns>As many derivatives as numbers.</returns>
    public static double[] Gradient(Func<double[], double> value, ReadOnlySpan<double> at, double step)
    {
        var point = at.ToArray();
        var gradient = new double[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            var kept = point[i];
            gradient[i] = Slope(
                h =>
                {
                    point[i] = kept + h;
                    return value(point);
                }, step);
            point[i] = kept;
        }

        return gradient;
    }

    /// <summary>The derivatives of a function of a pose with respect to a step from it (<see cref="Pose.Step"/>).</summary>
    /// <param name="value">The function.</param>
    /// <param name="at">The pose.</param>
    /// <param name="radians">h of the three rotations.</param>
    /// <param name="angstrom">h of the two shifts.</param>
    /// <returns>Five derivatives: three per radian, two per angstrom.</returns>
    public static double[] PoseGradient(Func<Pose, double> value, Pose at, double radians = 2e-3, double angstrom = 2e-2) =>
        [.. Enumerable.Range(0, Pose.ParameterCount).Select(p => Slope(h => value(Along(at, p, h)), StepOf(p, radians, angstrom)))];

    /// <summary>The pose that one parameter of a step leads to.</summary>
    /// <param name="pose">The pose to leave.</param>
    /// <param name="parameter">0 to 2 for a rotation about x, y, z; 3 and 4 for a shift along x, y.</param>
    /// <param name="length">Radians, or angstrom.</param>
    /// <returns>The pose.</returns>
    public static Pose Along(Pose pose, int parameter, double length)
    {
        Span<double> step = stackalloc double[Pose.ParameterCount];
        step.Clear();
        step[parameter] = length;
        return pose.Step(step);
    }

    internal static double StepOf(int parameter, double radians, double angstrom) => parameter < 3 ? radians : angstrom;
}
