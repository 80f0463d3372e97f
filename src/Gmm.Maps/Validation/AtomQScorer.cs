namespace Gmm.Maps;

/// <summary>
/// The Q-score of one atom: the correlation about the mean of map values around it with a Gaussian. Points lie on spheres about the atom;
/// one is left out if another atom is nearer to it than 0.9 times its distance from this atom, and more points are then tried.
/// </summary>
/// <remarks>Not safe on many threads; each has its own.</remarks>
internal sealed class AtomQScorer
{
    /// <summary>How much nearer another atom must be to take a point; MapQ's number.</summary>
    private const double Nearness = 0.9;

    /// <summary>Numbers of points that are tried, each by two more than the last, before fewer free points than wanted are accepted; as MapQ.</summary>
    private const int Tries = 96;

    private readonly VolumeSampler _map;
    private readonly AtomCells _cells;
    private readonly double[] _x, _y, _z;
    private readonly QScoreOptions _options;
    private readonly (double X, double Y, double Z)[][] _spheres;
    private readonly List<(double Distance2, int Atom)> _neighbours = [];
    private readonly List<(double X, double Y, double Z)> _free = [];

    /// <summary>Makes the scorer.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cells">The atoms in cells of <see cref="Reach"/>.</param>
    /// <param name="atoms">Positions of the atoms.</param>
    /// <param name="spheres">From <see cref="Spheres"/>.</param>
    /// <param name="options">The numbers.</param>
    public AtomQScorer(
        VolumeSampler map, AtomCells cells, (double[] X, double[] Y, double[] Z) atoms, (double X, double Y, double Z)[][] spheres, QScoreOptions options)
    {
        (_map, _cells, _spheres, _options) = (map, cells, spheres, options);
        (_x, _y, _z) = atoms;
    }

    /// <summary>Farthest atom that can take a point.</summary>
    public static double Reach(QScoreOptions options) => options.Radius * (1 + Nearness);

    /// <summary>The sets of points on the unit sphere, one for each try.</summary>
    public static (double X, double Y, double Z)[][] Spheres(QScoreOptions options) =>
        [.. Enumerable.Range(0, Tries).Select(i => SpherePoints.Spiral(options.Points + (2 * i)))];

    /// <summary>Scores an atom.</summary>
    /// <param name="atom">The atom.</param>
    /// <returns>The score; NaN if the atom is outside the map, 0 if the map is constant around it.</returns>
    public double Score(int atom)
    {
        var centre = _map.At(_x[atom], _y[atom], _z[atom]);
        if (double.IsNaN(centre))
        {
            return double.NaN;
        }

        // MapQ's reference has a height and an offset taken from the map; a correlation about the mean depends on neither, so they are 1 and 0.
        _cells.Neighbours(atom, _neighbours);
        var sums = default(Moments);
        for (var i = 0; i < _options.Points; i++)
        {
            sums.Add(centre - _map.Mean, 1);
        }

        var last = (int)Math.Floor((_options.Radius / _options.Step) + 1e-6);
        for (var s = 1; s <= last; s++)
        {
            var radius = s * _options.Step;
            FindFree(atom, radius);
            var reference = Math.Exp(-0.5 * radius * radius / (_options.Sigma * _options.Sigma));
            foreach (var (x, y, z) in _free)
            {
                var value = _map.At(x, y, z);
                if (!double.IsNaN(value))
                {
                    sums.Add(value - _map.Mean, reference);
                }
            }
        }

        return sums.Correlation();
    }

    private void FindFree(int atom, double radius)
    {
        foreach (var sphere in _spheres)
        {
            _free.Clear();
            foreach (var (ux, uy, uz) in sphere)
            {
                double x = _x[atom] + (radius * ux), y = _y[atom] + (radius * uy), z = _z[atom] + (radius * uz);
                if (IsFree(x, y, z, radius))
                {
                    _free.Add((x, y, z));
                }
            }

            if (_free.Count >= _options.Points)
            {
                return;
            }
        }
    }

    private bool IsFree(double x, double y, double z, double radius)
    {
        double taken = Nearness * Nearness * radius * radius, reach = (1 + Nearness) * radius;
        foreach (var (distance2, j) in _neighbours)
        {
            if (distance2 > reach * reach)
            {
                return true;
            }

            double dx = _x[j] - x, dy = _y[j] - y, dz = _z[j] - z;
            if ((dx * dx) + (dy * dy) + (dz * dz) < taken)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sums for a correlation; the map's mean is taken off the values before, so that an offset costs no digits.</summary>
    private struct Moments
    {
        private double _n, _a, _b, _aa, _bb, _ab;

        public void Add(double a, double b)
        {
            _n++;
            _a += a;
            _b += b;
            _aa += a * a;
            _bb += b * b;
            _ab += a * b;
        }

        public readonly double Correlation()
        {
            double va = _aa - (_a * _a / _n), vb = _bb - (_b * _b / _n);

            // A map that is constant here has only rounding left of its variance.
            return va > 1e-12 * _aa && vb > 0 ? Math.Clamp((_ab - (_a * _b / _n)) / Math.Sqrt(va * vb), -1, 1) : 0;
        }
    }
}
