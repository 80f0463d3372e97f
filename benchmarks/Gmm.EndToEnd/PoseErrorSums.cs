using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>Errors of poses found against the truth, and against the covariances given with them.</summary>
internal sealed class PoseErrorSums
{
    private const double Outlier = 10;
    private readonly double[] _normalised = new double[Pose.ParameterCount];
    private double _rotation, _shift, _rotationInside, _shiftInside, _mahalanobis;
    private int _count, _inside, _withCovariance;
    private double _steps;

    /// <summary>Rms rotation error, degrees, and shift error, angstrom.</summary>
    public (double Degrees, double Angstrom) Rms => (Math.Sqrt(_rotation / _count), Math.Sqrt(_shift / _count));

    /// <summary>The same of particles within 10 degrees of the truth.</summary>
    public (double Degrees, double Angstrom) RmsInside => (Math.Sqrt(_rotationInside / _inside), Math.Sqrt(_shiftInside / _inside));

    public double OutlierShare => (_count - _inside) / (double)_count;

    public double MeanSteps => _steps / _count;

    public int MaximumSteps { get; private set; }

    /// <summary>Mean square of error over standard deviation, by parameter.</summary>
    public IReadOnlyList<double> Normalised => [.. _normalised.Select(v => v / _withCovariance)];

    /// <summary>Mean square of the normalised error over all five parameters together, with their correlations.</summary>
    public double Mahalanobis => _mahalanobis / _withCovariance / Pose.ParameterCount;

    public static PoseErrorSums Of(IReadOnlyList<Particle> truth, IReadOnlyList<PoseEstimate?> found)
    {
        var sums = new PoseErrorSums();
        for (var i = 0; i < truth.Count; i++)
        {
            sums.Add(truth[i].Pose, found[i]!);
        }

        return sums;
    }

    /// <summary>The step from the truth to the pose found: three radians, two angstrom.</summary>
    public static double[] Error(Pose truth, Pose found)
    {
        var turn = found.Rotation * truth.Rotation.Transpose();
        double x = turn.M21 - turn.M12, y = turn.M02 - turn.M20, z = turn.M10 - turn.M01;
        var length = Math.Sqrt((x * x) + (y * y) + (z * z));
        var scale = length > 1e-12 ? found.Rotation.AngleTo(truth.Rotation) / length : 0.5;
        return [scale * x, scale * y, scale * z, found.ShiftX - truth.ShiftX, found.ShiftY - truth.ShiftY];
    }

    private void Add(Pose truth, PoseEstimate found)
    {
        var e = Error(truth, found.Pose);
        double rotation = ((e[0] * e[0]) + (e[1] * e[1]) + (e[2] * e[2])) * Math.Pow(180 / Math.PI, 2), shift = (e[3] * e[3]) + (e[4] * e[4]);
        _count++;
        (_rotation, _shift, _steps) = (_rotation + rotation, _shift + shift, _steps + found.Steps);
        MaximumSteps = Math.Max(MaximumSteps, found.Steps);
        if (rotation > Outlier * Outlier)
        {
            return;
        }

        _inside++;
        (_rotationInside, _shiftInside) = (_rotationInside + rotation, _shiftInside + shift);
        var inverse = new double[e.Length * e.Length];
        if (found.Covariance is { } c && Cholesky.TryInvert(e.Length, c, inverse))
        {
            _withCovariance++;
            for (var p = 0; p < e.Length; p++)
            {
                _normalised[p] += e[p] * e[p] / c[(p * e.Length) + p];
                for (var q = 0; q < e.Length; q++)
                {
                    _mahalanobis += e[p] * inverse[(p * e.Length) + q] * e[q];
                }
            }
        }
    }
}
