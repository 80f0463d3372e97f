using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The state of one fit, moved from stage to stage.</summary>
internal sealed class FitRun : IDisposable
{
    private const double FirstScale = 0.2;
    private readonly int _n;
    private readonly FitOptions _fit;
    private readonly Func<FitTarget, IFitLoss> _createLoss;
    private readonly IProgress<FitProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly double _minWidth;
    private readonly double _maxWidth;
    private readonly double[] _variables;
    private readonly double[] _gradient;
    private double _unit = 1;
    private IFitLoss? _loss;
    private FitObjective? _objective;
    private FitTarget? _target;
    private int _evaluations;
    private int _reseeded;

    public FitRun(
        GaussianModel start, FitOptions fit, double minWidth, double maxWidth, Func<FitTarget, IFitLoss> createLoss,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        (_n, _fit, _createLoss, _progress, _cancellation) = (start.Count, fit, createLoss, progress, cancellation);
        (_minWidth, _maxWidth) = (minWidth, maxWidth);
        _variables = new double[5 * _n];
        _gradient = new double[5 * _n];
        for (var j = 0; j < _n; j++)
        {
            _variables[j] = start.X[j];
            _variables[_n + j] = start.Y[j];
            _variables[(2 * _n) + j] = start.Z[j];
            _variables[(3 * _n) + j] = fit.AllowNegative ? start.Amplitudes[j] : Math.Max(0, start.Amplitudes[j]);
            _variables[(4 * _n) + j] = Math.Log(Math.Clamp(start.Widths[j], minWidth, maxWidth));
        }
    }

    /// <summary>Iterations over all stages.</summary>
    public int Iterations { get; private set; }

    /// <summary>Iterates on a target until a number of iterations, or little progress.</summary>
    /// <param name="target">The target.</param>
    /// <param name="iterations">Most iterations.</param>
    /// <returns>Whether it stopped because of little progress.</returns>
    public bool Stage(FitTarget target, int iterations)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (!ReferenceEquals(target, _target))
        {
            Enter(target);
        }

        var objective = _objective!;
        var loss = objective.Evaluate(_variables, _gradient);
        var lbfgs = Optimizer();
        var diagonal = new double[5 * _n];
        var history = new Queue<double>([loss]);
        for (var i = 0; i < iterations; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            objective.Diagonal(_variables, diagonal);
            var next = lbfgs.Step(_variables, _gradient, diagonal, loss, (v, g) => objective.Evaluate(v, g));
            Iterations++;
            _progress?.Report(new FitProgress(Iterations, _fit.MaxIterations, target.Ball.BoxLength / target.Ball.Radius, objective.MeanFsc, next));
            if (next >= loss)
            {
                return true;
            }

            loss = next;
            history.Enqueue(loss);
            if (history.Count > 5 && history.Dequeue() - loss < (objective.MeanFsc >= _fit.GoalFsc ? 0.05 : 0.01) * loss)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Share of the Gaussians that are dead.</summary>
    /// <param name="share">A Gaussian is dead below this share of the mean amplitude.</param>
    /// <returns>0 to 1.</returns>
    public double DeadShare(double share) => Dead(share).Count / (double)_n;

    /// <summary>Puts dead Gaussians where density is missing.</summary>
    /// <param name="share">A Gaussian is dead below this share of the mean amplitude.</param>
    /// <param name="spacing">Mean distance of neighbours, angstrom.</param>
    /// <returns>How many were moved.</returns>
    public int Reseed(double share, double spacing)
    {
        var dead = Dead(share);
        if (dead.Count == 0)
        {
            return 0;
        }

        var width = Math.Clamp(0.4 * spacing, _minWidth, _maxWidth);
        var curvature = _objective!.AmplitudeCurvature(width);
        var places = _objective.Missing(width);
        var moved = Math.Min(dead.Count, places.Count);
        for (var d = 0; d < moved; d++)
        {
            var j = dead[d];
            var (x, y, z, derivative) = places[d];
            (_variables[j], _variables[_n + j], _variables[(2 * _n) + j]) = (x, y, z);
            _variables[(3 * _n) + j] = Math.Min(1, -0.3 * derivative / curvature);
            _variables[(4 * _n) + j] = Math.Log(width);
        }

        _reseeded += moved;
        return moved;
    }

    /// <summary>The model without its dead Gaussians.</summary>
    /// <param name="map">The map it belongs to.</param>
    /// <param name="provenance">One line.</param>
    /// <returns>The result.</returns>
    public FitResult Result(DensityMap map, string provenance)
    {
        var keep = Enumerable.Range(0, _n).Where(j => _variables[(3 * _n) + j] != 0).ToArray();
        if (keep.Length == 0)
        {
            throw new InvalidInputException("no Gaussian fits the map: it has no positive density near the start model");
        }

        float[] Column(int c, Func<double, double> convert) => [.. keep.Select(j => (float)convert(_variables[(c * _n) + j]))];
        var model = new GaussianModel(
            Column(0, v => v), Column(1, v => v), Column(2, v => v), Column(3, v => v * _unit), Column(4, Math.Exp), map.Size, map.PixelSize, provenance);
        _evaluations += _objective!.Evaluations;
        return new FitResult(model, _objective.MeanFsc, [.. _objective.Fsc], Iterations, _evaluations, _reseeded, _n - keep.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _loss?.Dispose();

    private void Enter(FitTarget target)
    {
        _evaluations += _objective?.Evaluations ?? 0;
        for (var j = 0; j < _n; j++)
        {
            _variables[(3 * _n) + j] *= _unit;
        }

        // The common scale is solved for, then amplitudes are held in units of their mean.
        Dispose();
        (_objective, _unit) = (null, 1);
        _loss = _createLoss(target);
        _objective = new FitObjective(target, _loss, _n, 1, _minWidth, _maxWidth);
        _target = target;
        _objective.Evaluate(_variables, _gradient);
        var scale = _objective.BestScale > 0 ? _objective.BestScale : 1;
        double sum = 0;
        for (var j = 0; j < _n; j++)
        {
            sum += Math.Abs(_variables[(3 * _n) + j] *= scale);
        }

        _unit = _objective.Unit = sum > 0 ? sum / _n : 1;
        for (var j = 0; j < _n; j++)
        {
            _variables[(3 * _n) + j] /= _unit;
        }
    }

    private BoundedLbfgs Optimizer()
    {
        double[] lower = new double[5 * _n], upper = new double[5 * _n], step = new double[5 * _n];
        var half = _target!.Ball.BoxLength / 2;
        for (var j = 0; j < 3 * _n; j++)
        {
            (lower[j], upper[j], step[j]) = (-half, half, 0.3 * _fit.Resolution);
        }

        for (var j = 0; j < _n; j++)
        {
            (lower[(3 * _n) + j], upper[(3 * _n) + j], step[(3 * _n) + j]) = (_fit.AllowNegative ? -1e6 : 0, 1e6, 1);
            (lower[(4 * _n) + j], upper[(4 * _n) + j], step[(4 * _n) + j]) = (Math.Log(_minWidth), Math.Log(_maxWidth), 0.3);
        }

        return new BoundedLbfgs(lower, upper, step, FirstScale);
    }

    private List<int> Dead(double share)
    {
        double sum = 0;
        for (var j = 0; j < _n; j++)
        {
            sum += Math.Abs(_variables[(3 * _n) + j]);
        }

        return [.. Enumerable.Range(0, _n).Where(j => Math.Abs(_variables[(3 * _n) + j]) < share * sum / _n)];
    }
}
