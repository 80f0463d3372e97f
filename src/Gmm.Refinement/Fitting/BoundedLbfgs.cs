namespace Gmm.Refinement;

/// <summary>
/// Limited-memory BFGS with a diagonal start matrix and bounds by projection (Nocedal and Wright, Numerical Optimization, section 7.2;
/// bounds after Bertsekas's two-metric projection: variables held at a bound by the gradient leave the direction).
/// </summary>
internal sealed class BoundedLbfgs
{
    private const int Memory = 10;
    private readonly int _n;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly double[] _maxStep;
    private readonly List<(double[] S, double[] Y, double Rho)> _pairs = [];
    private readonly double[] _direction;
    private readonly double[] _trial;
    private readonly double[] _trialGradient;
    private double _scale;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="lower">Lower bounds.</param>
    /// <param name="upper">Upper bounds.</param>
    /// <param name="maxStep">Largest change of each variable in one step.</param>
    /// <param name="firstScale">Factor on the diagonal step before curvature is known; below 1 where variables overlap.</param>
    public BoundedLbfgs(double[] lower, double[] upper, double[] maxStep, double firstScale)
    {
        _n = lower.Length;
        (_lower, _upper, _maxStep, _scale) = (lower, upper, maxStep, firstScale);
        _direction = new double[_n];
        _trial = new double[_n];
        _trialGradient = new double[_n];
    }

    /// <summary>One step.</summary>
    /// <param name="x">Variables, changed.</param>
    /// <param name="gradient">Gradient there, changed.</param>
    /// <param name="diagonal">Positive diagonal of an approximate Hessian.</param>
    /// <param name="loss">Loss at x.</param>
    /// <param name="evaluate">Loss and gradient at a point.</param>
    /// <param name="tries">Evaluations allowed.</param>
    /// <returns>The new loss; the old one where no step lowered it.</returns>
    public double Step(double[] x, double[] gradient, double[] diagonal, double loss, Func<double[], double[], double> evaluate, int tries = 8)
    {
        if (!Direction(x, gradient, diagonal))
        {
            _pairs.Clear();
            if (!Direction(x, gradient, diagonal))
            {
                return loss;
            }
        }

        var step = 1.0;
        for (var t = 0; t < tries; t++)
        {
            double slope = 0;
            for (var i = 0; i < _n; i++)
            {
                _trial[i] = Math.Clamp(x[i] + (step * _direction[i]), _lower[i], _upper[i]);
                slope += gradient[i] * (_trial[i] - x[i]);
            }

            var value = evaluate(_trial, _trialGradient);
            if (value <= loss + (1e-4 * slope))
            {
                Remember(x, gradient, diagonal);
                _trial.CopyTo(x, 0);
                _trialGradient.CopyTo(gradient, 0);
                return value;
            }

            // The parabola through the two values and the slope.
            var best = -slope / (2 * (value - loss - slope));
            step *= double.IsFinite(best) ? Math.Clamp(best, 0.1, 0.5) : 0.1;
        }

        _pairs.Clear();
        return loss;
    }

    private bool Direction(double[] x, double[] gradient, double[] diagonal)
    {
        var d = _direction;
        for (var i = 0; i < _n; i++)
        {
            d[i] = Held(x, gradient, i) ? 0 : gradient[i];
        }

        Span<double> alpha = stackalloc double[Memory];
        for (var p = _pairs.Count - 1; p >= 0; p--)
        {
            alpha[p] = _pairs[p].Rho * Dot(_pairs[p].S, d);
            Add(d, _pairs[p].Y, -alpha[p]);
        }

        for (var i = 0; i < _n; i++)
        {
            d[i] *= _scale / diagonal[i];
        }

        for (var p = 0; p < _pairs.Count; p++)
        {
            Add(d, _pairs[p].S, alpha[p] - (_pairs[p].Rho * Dot(_pairs[p].Y, d)));
        }

        double slope = 0;
        for (var i = 0; i < _n; i++)
        {
            d[i] = Held(x, gradient, i) ? 0 : Math.Clamp(-d[i], -_maxStep[i], _maxStep[i]);
            slope += d[i] * gradient[i];
        }

        return slope < 0;
    }

    private bool Held(double[] x, double[] gradient, int i) => (x[i] <= _lower[i] && gradient[i] > 0) || (x[i] >= _upper[i] && gradient[i] < 0);

    private void Remember(double[] x, double[] gradient, double[] diagonal)
    {
        var (s, y) = (new double[_n], new double[_n]);
        if (_pairs.Count == Memory)
        {
            (s, y, _) = _pairs[0];
            _pairs.RemoveAt(0);
        }

        double sy = 0, yhy = 0, ss = 0;
        for (var i = 0; i < _n; i++)
        {
            s[i] = _trial[i] - x[i];
            y[i] = _trialGradient[i] - gradient[i];
            sy += s[i] * y[i];
            yhy += y[i] * y[i] / diagonal[i];
            ss += s[i] * s[i] * diagonal[i];
        }

        if (sy > 1e-8 * Math.Sqrt(ss * yhy))
        {
            _pairs.Add((s, y, 1 / sy));
            _scale = sy / yhy;
        }
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);

    private static void Add(double[] a, double[] b, double factor) => System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(b, factor, a, a);
}
