namespace Gmm.Refinement;

/// <summary>
/// The whitened least squares of a model against a target, L = sum_q w_q sum_k |F_k - T_k|^2 / P_q over the shells q, its gradient,
/// the diagonal of its Gauss-Newton matrix, and the FSC by shell.
/// </summary>
/// <remarks>
/// Variables are held as one vector of 5 N: x, y, z (angstrom), amplitude / amplitude unit, log width. The diagonal is in closed form: the
/// derivative of one Gaussian has the same modulus at every k of a shell, whatever its place.
/// </remarks>
internal sealed class FitObjective
{
    private const int TableSize = 200;
    private readonly FitTarget _target;
    private readonly IFitLoss _loss;
    private readonly int _count;
    private readonly float[] _gaussians;
    private readonly float[] _gradient;
    private readonly double[] _shells;
    private readonly double[][] _curvature;
    private readonly double _logMin;
    private readonly double _logMax;

    /// <summary>Makes the objective.</summary>
    /// <param name="target">What is fitted.</param>
    /// <param name="loss">Compares with it; not disposed.</param>
    /// <param name="count">Number of Gaussians.</param>
    /// <param name="amplitudeUnit">The amplitude that the variable 1 stands for.</param>
    /// <param name="minWidth">Smallest width, angstrom.</param>
    /// <param name="maxWidth">Largest width, angstrom.</param>
    public FitObjective(FitTarget target, IFitLoss loss, int count, double amplitudeUnit, double minWidth, double maxWidth)
    {
        (_target, _loss, _count, Unit) = (target, loss, count, amplitudeUnit);
        (_logMin, _logMax) = (Math.Log(minWidth), Math.Log(maxWidth) + 1e-9);
        (_gaussians, _gradient) = (new float[5 * count], new float[5 * count]);
        _shells = new double[3 * (target.Radius + 1)];
        Fsc = new double[target.Radius + 1];
        _curvature = CurvatureTable();
    }

    /// <summary>FSC by shell of the last evaluation; shell 0 is 1.</summary>
    public double[] Fsc { get; }

    /// <summary>Mean of the FSC over shells 1 to the last.</summary>
    public double MeanFsc => Fsc.Skip(1).Average();

    /// <summary>Least-squares factor on the amplitudes of the last evaluation.</summary>
    public double BestScale { get; private set; }

    /// <summary>The amplitude that the variable 1 stands for.</summary>
    public double Unit { get; set; }

    /// <summary>Evaluations so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>The Gauss-Newton curvature of a single amplitude (in units) at a width.</summary>
    /// <param name="width">Width, angstrom.</param>
    /// <returns>The curvature.</returns>
    public double AmplitudeCurvature(double width) => Curvature(0, Math.Log(width)) * Unit * Unit;

    /// <summary>
    /// Places where the last evaluation misses density: minima of the derivative with respect to the amplitude of a Gaussian of a
    /// given width, the strongest first.
    /// </summary>
    /// <param name="width">Width of the Gaussian, angstrom.</param>
    /// <returns>Places in angstrom and the derivative per amplitude unit, negative.</returns>
    public List<(float X, float Y, float Z, double Derivative)> Missing(double width)
    {
        var map = _loss.AmplitudeGradient(width, out var m);
        var cell = _target.BoxLength / m;
        var found = new List<(float X, float Y, float Z, double Derivative)>();
        for (var z = 1; z < m - 1; z++)
        {
            for (var y = 1; y < m - 1; y++)
            {
                for (var x = 1; x < m - 1; x++)
                {
                    var o = (((z * m) + y) * m) + x;
                    var v = map[o];
                    if (v < 0 && v < map[o - 1] && v < map[o + 1] && v < map[o - m] && v < map[o + m] && v < map[o - (m * m)] && v < map[o + (m * m)])
                    {
                        found.Add(((float)((x - (m / 2)) * cell), (float)((y - (m / 2)) * cell), (float)((z - (m / 2)) * cell), v * Unit));
                    }
                }
            }
        }

        return [.. found.OrderBy(f => f.Derivative)];
    }

    /// <summary>Loss and gradient.</summary>
    /// <param name="variables">5 N values.</param>
    /// <param name="gradient">Set to 5 N derivatives.</param>
    /// <returns>The loss.</returns>
    public double Evaluate(ReadOnlySpan<double> variables, Span<double> gradient)
    {
        var n = _count;
        for (var j = 0; j < 3 * n; j++)
        {
            _gaussians[j] = (float)variables[j];
        }

        for (var j = 0; j < n; j++)
        {
            _gaussians[(3 * n) + j] = (float)(variables[(3 * n) + j] * Unit);
            _gaussians[(4 * n) + j] = (float)Math.Exp(variables[(4 * n) + j]);
        }

        _loss.Compare(_gaussians, _shells, _gradient);
        var loss = Loss();
        for (var j = 0; j < 3 * n; j++)
        {
            gradient[j] = _gradient[j];
        }

        for (var j = 0; j < n; j++)
        {
            gradient[(3 * n) + j] = _gradient[(3 * n) + j] * Unit;
            gradient[(4 * n) + j] = _gradient[(4 * n) + j] * (double)_gaussians[(4 * n) + j];
        }

        Evaluations++;
        return loss;
    }

    /// <summary>The diagonal of the Gauss-Newton matrix.</summary>
    /// <param name="variables">5 N values.</param>
    /// <param name="diagonal">Set to 5 N positive values.</param>
    public void Diagonal(ReadOnlySpan<double> variables, Span<double> diagonal)
    {
        var n = _count;
        double sum = 0;
        for (var j = 0; j < n; j++)
        {
            sum += Math.Abs(variables[(3 * n) + j]);
        }

        // A Gaussian that is almost dead has no curvature of its own; it is moved like a weak one.
        var floor = Math.Pow(0.2 * sum / n, 2);
        for (var j = 0; j < n; j++)
        {
            var width = variables[(4 * n) + j];
            var a2 = (Math.Pow(variables[(3 * n) + j], 2) + floor) * Unit * Unit;
            diagonal[j] = diagonal[n + j] = diagonal[(2 * n) + j] = a2 * Curvature(1, width);
            diagonal[(3 * n) + j] = Curvature(0, width) * Unit * Unit;
            diagonal[(4 * n) + j] = a2 * Curvature(2, width);
        }
    }

    private double Curvature(int kind, double logWidth)
    {
        var t = Math.Clamp((logWidth - _logMin) / (_logMax - _logMin), 0, 1) * (TableSize - 1);
        var i = Math.Min(TableSize - 2, (int)t);
        return _curvature[kind][i] + ((t - i) * (_curvature[kind][i + 1] - _curvature[kind][i]));
    }

    private double[][] CurvatureTable()
    {
        double[][] table = [new double[TableSize], new double[TableSize], new double[TableSize]];
        for (var i = 0; i < TableSize; i++)
        {
            var s2 = Math.Exp(2 * (_logMin + ((_logMax - _logMin) * i / (TableSize - 1))));
            for (var q = 1; q < _target.Power.Length; q++)
            {
                var k2 = Math.Pow(q / _target.Ball.BoxLength, 2);
                var w = _target.Power[q] > 0 ? 2 * _target.Weights[q] / _target.Power[q] * _target.Counts[q] : 0;
                var e = w * Math.Exp(-4 * Math.PI * Math.PI * s2 * k2);
                table[0][i] += e;
                table[1][i] += e * 4 * Math.PI * Math.PI * k2 / 3;
                table[2][i] += e * Math.Pow(4 * Math.PI * Math.PI * s2 * k2, 2);
            }
        }

        return table;
    }

    /// <summary>The loss, and what else the shells' sums tell.</summary>
    private double Loss()
    {
        double loss = 0, cross = 0, own = 0;
        for (var q = 1; q <= _target.Radius; q++)
        {
            double ft = 2 * _shells[3 * q], ff = 2 * _shells[(3 * q) + 1], dd = 2 * _shells[(3 * q) + 2];
            var p = _target.Power[q];
            Fsc[q] = ff > 0 && p > 0 ? ft / Math.Sqrt(ff * p) : 0;
            if (p > 0)
            {
                var w = _target.Weights[q] / p;
                loss += w * dd;
                cross += w * ft;
                own += w * ff;
            }
        }

        Fsc[0] = 1;
        BestScale = own > 0 ? cross / own : 1;
        return loss;
    }
}
