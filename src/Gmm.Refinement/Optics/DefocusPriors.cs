using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The defoci of a half as a population: each micrograph has a mean, and the particles of all micrographs one spread about theirs, by (restricted) maximum
/// likelihood. Particles of a micrograph with few of them, or of none that is known, are spread about what their file says.
/// </summary>
/// <remarks>
/// A particle's own climb works with a prior that is not narrower than a floor, so that a common value can move with its particles; what the population says
/// of each is put in afterwards, from the parabola that the climb ends on.
/// </remarks>
internal sealed class DefocusPriors
{
    /// <summary>Particles of a half that a micrograph's mean is taken from.</summary>
    private const int LeastOfMicrograph = 5;

    /// <summary>Particles whose common spread is taken from them.</summary>
    private const int LeastOfSpread = 20;

    /// <summary>Spreads tried, angstrom or milliradian: from the least to the most, so many to a factor of e.</summary>
    private const double LeastSigma = 3;
    private const double MostSigma = 3000;
    private const int TriesPerE = 8;

    /// <summary>Where nothing else is known.</summary>
    private static readonly Defocus s_first = new(300, 100, 100, 200);

    /// <summary>The narrowest prior of a climb.</summary>
    private static readonly Defocus s_floor = new(100, 40, 40, 40);

    /// <summary>
    /// How far a micrograph's own values are from those given: several times what programs that find them by its power spectrum are off. Images that know
    /// better are hardly held by it; where they say nothing, a micrograph stays.
    /// </summary>
    private static readonly Defocus s_ofMicrograph = new(1000, 300, 300, 200);

    /// <summary>
    /// The widest spread about a micrograph's that is believed, unless the file itself has a wider one: that of a micrograph 0.4 micrometres wide which was
    /// tilted by 40 degrees. Images that are no particles would widen it without end.
    /// </summary>
    private static readonly Defocus s_most = new(1000, 500, 500, MostSigma);

    private readonly int[] _members;
    private readonly int[][] _micrographs;
    private readonly int[] _alone;
    private readonly Defocus[] _given;
    private readonly DefocusPrior[] _priors;
    private readonly Defocus _most = s_most;

    /// <summary>The first priors of a half, from its particles' defoci as they stand.</summary>
    /// <param name="members">The particles.</param>
    /// <param name="given">All particles as their file has them.</param>
    /// <param name="now">Defoci as they stand, by particle, with their uncertainties, 0 where there is none.</param>
    public DefocusPriors(int[] members, IReadOnlyList<Particle> given, Func<int, (Defocus Value, Defocus Sigma)> now)
    {
        _members = members;
        var byMicrograph = Enumerable.Range(0, members.Length).GroupBy(n => given[members[n]].Micrograph).OrderBy(g => g.Key).ToArray();
        _micrographs = [.. byMicrograph.Where(g => g.Key >= 0 && g.Count() >= LeastOfMicrograph).Select(g => g.ToArray())];
        _alone = [.. byMicrograph.Where(g => g.Key < 0 || g.Count() < LeastOfMicrograph).SelectMany(g => g)];
        _given = [.. members.Select(i => Defocus.Of(given[i].Ctf))];
        _priors = [.. members.Select(i => new DefocusPrior(Defocus.Of(given[i].Ctf), s_first))];
        var start = members.Select(now).ToArray();
        for (var c = 0; c < Defocus.Count; c++)
        {
            // The spread of the truth about its mean is that of the estimates and their uncertainty together.
            foreach (var micrograph in _micrographs)
            {
                SetMean(micrograph, c, micrograph.Average(n => start[n].Value[c]));
            }

            _most = _most.With(c, Math.Max(_most[c], GivenSpread(c)));
            double Square(int n, double free) => (free * Math.Pow(start[n].Value[c] - _priors[n].Mean[c], 2)) + Math.Pow(start[n].Sigma[c], 2);
            SetSigma([.. _micrographs.SelectMany(m => m)], c, members =>
                Math.Sqrt(_micrographs.Sum(m => m.Sum(n => Square(n, m.Length / (m.Length - 1.0)))) / members.Length));
            if (start.Any(s => s.Sigma[c] > 0))
            {
                SetSigma(_alone, c, members => Math.Sqrt(members.Average(n => Square(n, 1))));
            }
        }
    }

    /// <summary>What an image alone says of a coordinate.</summary>
    private readonly record struct Observation(double Value, double Variance);

    /// <summary>The prior that the half's n-th particle is climbed with.</summary>
    public DefocusPrior this[int n] => _priors[n] with
    {
        Sigma = new Defocus(
            Math.Max(_priors[n].Sigma.Mean, s_floor.Mean), Math.Max(_priors[n].Sigma.Cos, s_floor.Cos), Math.Max(_priors[n].Sigma.Sin, s_floor.Sin),
            Math.Max(_priors[n].Sigma.Phase, s_floor.Phase)),
    };

    /// <summary>The median particle's spread about its micrograph's defocus.</summary>
    public double Spread => Medians.Of(_priors.Select(p => p.Sigma.Mean));

    /// <summary>The spread of the defoci that were given about their micrograph's, over the half.</summary>
    public double Given => GivenSpread(0);

    /// <summary>Takes account of what images said, each under its prior, and says it again under the new ones.</summary>
    /// <param name="posteriors">
    /// For each particle of the half its most probable defocus and the variances of the coordinates, null where there is none; they are replaced.
    /// </param>
    /// <param name="coordinates">How many coordinates were estimated.</param>
    public void Update((Defocus Value, Defocus Variance)?[] posteriors, int coordinates)
    {
        for (var c = 0; c < coordinates; c++)
        {
            var values = new Observation[_members.Length];
            for (var n = 0; n < values.Length; n++)
            {
                values[n] = posteriors[n] is { } p ? Likelihood(n, c, p.Value[c], p.Variance[c]) : new Observation(_priors[n].Mean[c], double.PositiveInfinity);
            }

            SetSigma([.. _micrographs.SelectMany(m => m)], c, _ => Best(sigma => _micrographs.Sum(m => LogLikelihood(m, values, sigma, null))));
            SetSigma(_alone, c, members => Best(sigma => members.Sum(n => LogLikelihood([n], values, sigma, _priors[n].Mean[c]))));
            var ofMean = new double[values.Length];
            foreach (var micrograph in _micrographs)
            {
                var (mean, weight) = Mean(micrograph, values, _priors[micrograph[0]].Sigma[c]);
                var known = 1 / (s_ofMicrograph[c] * s_ofMicrograph[c]);
                SetMean(micrograph, c, ((weight * mean) + (known * micrograph.Average(n => _given[n][c]))) / (weight + known));
                Array.ForEach(micrograph, n => ofMean[n] = 1 / (weight + known));
            }

            for (var n = 0; n < values.Length; n++)
            {
                if (posteriors[n] is { } p)
                {
                    var (known, own) = (_priors[n].Information(c), 1 / values[n].Variance);
                    // The mean that it is drawn to is uncertain too.
                    var share = known / (known + own);
                    posteriors[n] = (
                        p.Value.With(c, (share * _priors[n].Mean[c]) + ((1 - share) * values[n].Value)),
                        p.Variance.With(c, (1 / (known + own)) + (share * share * ofMean[n])));
                }
            }
        }
    }

    /// <summary>The posterior without its prior.</summary>
    private Observation Likelihood(int n, int coordinate, double value, double variance)
    {
        var prior = this[n].Information(coordinate);
        var own = (1 / variance) - prior;
        return own > 1e-6 * prior
            ? new Observation(value + (prior * (value - _priors[n].Mean[coordinate]) / own), 1 / own)
            : new Observation(_priors[n].Mean[coordinate], double.PositiveInfinity);
    }

    private static double Best(Func<double, double> logLikelihood)
    {
        var tries = (int)Math.Ceiling(TriesPerE * Math.Log(MostSigma / LeastSigma));
        return Enumerable.Range(0, tries + 1).Select(t => LeastSigma * Math.Exp(t / (double)TriesPerE)).MaxBy(logLikelihood);
    }

    private static (double Value, double Weight) Mean(int[] members, Observation[] values, double sigma)
    {
        double sum = 0, weights = 0;
        foreach (var n in members)
        {
            var weight = 1 / (values[n].Variance + (sigma * sigma));
            sum += double.IsInfinity(values[n].Variance) ? 0 : weight * values[n].Value;
            weights += weight;
        }

        return weights > 0 ? (sum / weights, weights) : (values[members[0]].Value, 0);
    }

    /// <summary>Of a micrograph's values at a spread about a mean that is known, or is estimated from them (and then the restricted likelihood).</summary>
    private static double LogLikelihood(int[] members, Observation[] values, double sigma, double? known)
    {
        var (mean, weight) = known is { } m ? (m, 1) : Mean(members, values, sigma);
        var sum = known is null && weight > 0 ? -0.5 * Math.Log(weight) : 0;
        foreach (var n in members)
        {
            var variance = values[n].Variance + (sigma * sigma);
            var off = values[n].Value - mean;
            sum -= double.IsInfinity(variance) ? 0 : 0.5 * (Math.Log(variance) + (off * off / variance));
        }

        return sum;
    }

    private double GivenSpread(int coordinate)
    {
        double sum = 0;
        foreach (var micrograph in _micrographs)
        {
            var mean = micrograph.Average(n => _given[n][coordinate]);
            sum += micrograph.Sum(n => Math.Pow(_given[n][coordinate] - mean, 2)) * micrograph.Length / (micrograph.Length - 1.0);
        }

        return sum > 0 ? Math.Sqrt(sum / _micrographs.Sum(m => m.Length)) : 0;
    }

    private void SetMean(int[] members, int coordinate, double mean)
    {
        foreach (var n in members)
        {
            _priors[n] = _priors[n] with { Mean = _priors[n].Mean.With(coordinate, mean) };
        }
    }

    private void SetSigma(int[] members, int coordinate, Func<int[], double> sigma)
    {
        if (members.Length < LeastOfSpread)
        {
            return;
        }

        var spread = Math.Clamp(sigma(members), LeastSigma, _most[coordinate]);
        foreach (var n in members)
        {
            _priors[n] = _priors[n] with { Sigma = _priors[n].Sigma.With(coordinate, spread) };
        }
    }
}
