using Gmm.Core;

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
    private readonly GaussianVolumeTransform _transform;
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[][] _columns = new float[5][];
    private readonly GaussianGradient _gradient;
    private readonly int _count;
    private readonly double[][] _curvature;
    private readonly double _logMin;
    private readonly double _logMax;
    private readonly ParallelOptions _parallel;

    public FitObjective(FitTarget target, int count, double amplitudeUnit, double minWidth, double maxWidth, double tolerance, ComputeOptions options)
    {
        _target = target;
        _count = count;
        Unit = amplitudeUnit;
        _parallel = options.Parallelism;
        (_logMin, _logMax) = (Math.Log(minWidth), Math.Log(maxWidth) + 1e-9);
        _transform = new GaussianVolumeTransform(target.Ball, tolerance, options);
        _re = new float[target.Ball.Count];
        _im = new float[target.Ball.Count];
        _gradient = new GaussianGradient(count);
        for (var c = 0; c < 5; c++)
        {
            _columns[c] = new float[count];
        }

        Fsc = new double[target.Ball.Radius + 1];
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
        var map = _transform.AmplitudeGradientMap(_re, _im, width);
        var m = _transform.GridSize;
        var cell = _target.Ball.BoxLength / m;
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
        for (var j = 0; j < n; j++)
        {
            _columns[0][j] = (float)variables[j];
            _columns[1][j] = (float)variables[n + j];
            _columns[2][j] = (float)variables[(2 * n) + j];
            _columns[3][j] = (float)(variables[(3 * n) + j] * Unit);
            _columns[4][j] = (float)Math.Exp(variables[(4 * n) + j]);
        }

        var columns = new GaussianColumns(_columns[0], _columns[1], _columns[2], _columns[3], _columns[4]);
        _transform.Forward(columns, _re, _im);
        var loss = Compare();
        _transform.Adjoint(columns, _re, _im, _gradient);
        for (var j = 0; j < n; j++)
        {
            gradient[j] = _gradient.X[j];
            gradient[n + j] = _gradient.Y[j];
            gradient[(2 * n) + j] = _gradient.Z[j];
            gradient[(3 * n) + j] = _gradient.Amplitudes[j] * Unit;
            gradient[(4 * n) + j] = _gradient.Widths[j] * (double)_columns[4][j];
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

    /// <summary>Shell sums, and the coefficients replaced by the loss's derivatives. Fixed chunks of rows keep the sums' order.</summary>
    private double Compare()
    {
        var shells = _target.Power.Length;
        const int chunks = 16;
        var sums = new double[chunks][];
        var factor = new float[shells];
        for (var q = 1; q < shells; q++)
        {
            factor[q] = _target.Power[q] > 0 ? (float)(4 * _target.Weights[q] / _target.Power[q]) : 0;
        }

        var n = _re.Length;
        Guarded.For(0, chunks, _parallel, c =>
        {
            var own = sums[c] = new double[3 * shells];
            var shell = _target.Ball.Shells;
            int first = (int)((long)n * c / chunks), end = (int)((long)n * (c + 1) / chunks);
            for (var i = first; i < end; i++)
            {
                int q = shell[i];
                double fr = _re[i], fi = _im[i], tr = _target.Re[i], ti = _target.Im[i];
                own[3 * q] += (fr * tr) + (fi * ti);
                own[(3 * q) + 1] += (fr * fr) + (fi * fi);
                double dr = fr - tr, di = fi - ti;
                own[(3 * q) + 2] += (dr * dr) + (di * di);
                _re[i] = (float)(factor[q] * dr);
                _im[i] = (float)(factor[q] * di);
            }
        });

        double loss = 0, cross = 0, own2 = 0;
        for (var q = 1; q < shells; q++)
        {
            double ft = 0, ff = 0, dd = 0;
            for (var c = 0; c < chunks; c++)
            {
                ft += 2 * sums[c][3 * q];
                ff += 2 * sums[c][(3 * q) + 1];
                dd += 2 * sums[c][(3 * q) + 2];
            }

            var p = _target.Power[q];
            Fsc[q] = ff > 0 && p > 0 ? ft / Math.Sqrt(ff * p) : 0;
            if (p > 0)
            {
                var w = _target.Weights[q] / p;
                loss += w * dd;
                cross += w * ft;
                own2 += w * ff;
            }
        }

        Fsc[0] = 1;
        BestScale = own2 > 0 ? cross / own2 : 1;
        return loss;
    }
}
