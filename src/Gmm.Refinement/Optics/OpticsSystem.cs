using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The normal equations of one group's terms in one half, and their solution in those terms that the data determine.</summary>
/// <param name="terms">The terms.</param>
/// <param name="units">Their units, one radian at the edge.</param>
internal sealed class OpticsSystem(IReadOnlyList<OpticsTerm> terms, double[] units)
{
    /// <summary>An uncertainty, radians at the edge, from which a term is not determined: images are then alike with it and without.</summary>
    private const double LargestSigma = 0.3;

    /// <summary>Share of a term's prior variance that is left where the data determine it.</summary>
    private const double LargestShare = 0.5;

    /// <summary>A step is no longer, radians at the edge: further off the phases are not linear.</summary>
    private const double LongestStep = 1;

    private readonly double[] _gradient = new double[terms.Count];
    private readonly double[] _information = new double[terms.Count * terms.Count];

    /// <summary>What the particles add up to coefficient by coefficient; null where poses are estimated too.</summary>
    public OpticsSums? Sums { get; set; }

    /// <summary>Particles added.</summary>
    public int Particles { get; private set; }

    /// <summary>The terms.</summary>
    public IReadOnlyList<OpticsTerm> Terms => terms;

    /// <summary>Their units.</summary>
    public double[] Units => units;

    /// <summary>Which terms are determined, after <see cref="Solve"/>.</summary>
    public bool[] IsDetermined { get; } = new bool[terms.Count];

    /// <summary>The step, in the terms' units.</summary>
    public double[] Step { get; } = new double[terms.Count];

    /// <summary>By what the Gauss-Newton step of each term was multiplied.</summary>
    public double[] Gains { get; } = [.. terms.Select(_ => 1.0)];

    /// <summary>Covariance in those units, 0 of terms that are not determined.</summary>
    public double[] Covariance { get; private set; } = new double[terms.Count * terms.Count];

    /// <summary>Adds a particle; always in the same order.</summary>
    public void Add(ParticleOptics particle)
    {
        Particles++;
        for (var j = 0; j < _gradient.Length; j++)
        {
            _gradient[j] += particle.Gradient[j];
        }

        for (var j = 0; j < _information.Length; j++)
        {
            _information[j] += particle.Information[j];
        }
    }

    /// <summary>Standard deviation of a term in its own unit, radian angstrom^Degree or strain; NaN where it is not determined.</summary>
    public double Sigma(int term) => IsDetermined[term] ? Math.Sqrt(Covariance[term * (terms.Count + 1)]) * units[term] : double.NaN;

    /// <summary>Information of a term's prior, in its unit.</summary>
    public double Known(int term) => Math.Pow(units[term] / terms[term].Spread, 2);

    /// <summary>Solves for the terms that are determined: the worst is left out until all others are.</summary>
    /// <param name="leastParticles">With fewer none is.</param>
    /// <param name="moved">How far each term is from where it was given, in its unit; null for nowhere.</param>
    public void Solve(int leastParticles, double[]? moved = null)
    {
        var n = terms.Count;
        double[] known = [.. Enumerable.Range(0, n).Select(Known)];
        for (var j = 0; j < n; j++)
        {
            _information[j * (n + 1)] += known[j];
            _gradient[j] -= known[j] * (moved?[j] ?? 0);
        }

        List<int> active = Particles < leastParticles ? [] : [.. Enumerable.Range(0, n)];
        while (active.Count > 0)
        {
            double[] matrix = [.. active.SelectMany(j => active.Select(k => _information[(j * n) + k]))], inverse = new double[matrix.Length];
            var m = active.Count;
            // How much of what is allowed is left open, of the two rules the stricter.
            double Open(int p) => inverse[p * (m + 1)] * Math.Max(1 / (LargestSigma * LargestSigma), known[active[p]] / LargestShare);
            var isSolved = Cholesky.TryInvert(m, matrix, inverse);
            var worst = isSolved ? Enumerable.Range(0, m).MaxBy(Open) : Enumerable.Range(0, m).MinBy(p => matrix[p * (m + 1)]);
            if (isSolved && Open(worst) < 1)
            {
                Take(active, inverse);
                return;
            }

            // A strain is determined in all directions or in none.
            var isStrain = terms[active[worst]].Kind == OpticsTermKind.Magnification;
            active = isStrain ? active.FindAll(j => terms[j].Kind != OpticsTermKind.Magnification) : active.FindAll(j => j != active[worst]);
        }
    }

    /// <summary>Multiplies the steps of the terms of one kind.</summary>
    public void Multiply(OpticsTermKind kind, double gain)
    {
        for (var j = 0; j < terms.Count; j++)
        {
            if (terms[j].Kind == kind)
            {
                (Step[j], Gains[j]) = (gain * Step[j], gain);
            }
        }
    }

    /// <summary>Leaves the terms of one kind where they are.</summary>
    public void Stay(OpticsTermKind kind)
    {
        for (var j = 0; j < terms.Count; j++)
        {
            Step[j] = terms[j].Kind == kind ? 0 : Step[j];
        }
    }

    /// <summary>Moves the solution by a constraint that several systems share: c'(all steps) = 0.</summary>
    /// <param name="systems">The systems.</param>
    /// <param name="weights">Of each system the weights of its terms, c.</param>
    public static void Constrain(IReadOnlyList<OpticsSystem> systems, IReadOnlyList<double[]> weights)
    {
        double[][] moves = [.. systems.Zip(weights, (s, c) => SmallMatrix.Multiply(s.Covariance, c, c.Length, c.Length, 1))];
        double sum = 0, information = 0;
        for (var s = 0; s < systems.Count; s++)
        {
            sum += SmallMatrix.Dot(weights[s], systems[s].Step);
            information += SmallMatrix.Dot(weights[s], moves[s]);
        }

        for (var s = 0; information > 0 && s < systems.Count; s++)
        {
            var n = moves[s].Length;
            for (var j = 0; j < n; j++)
            {
                systems[s].Step[j] -= moves[s][j] * sum / information;
                for (var k = 0; k < n; k++)
                {
                    systems[s].Covariance[(j * n) + k] -= moves[s][j] * moves[s][k] / information;
                }
            }
        }
    }

    private double Product(List<int> active, double[] inverse, int row)
    {
        double sum = 0;
        for (var q = 0; q < active.Count; q++)
        {
            sum += inverse[(row * active.Count) + q] * _gradient[active[q]];
        }

        return sum;
    }

    private void Take(List<int> active, double[] inverse)
    {
        int n = terms.Count, m = active.Count;
        for (var p = 0; p < m; p++)
        {
            IsDetermined[active[p]] = true;
            for (var q = 0; q < m; q++)
            {
                Covariance[(active[p] * n) + active[q]] = inverse[(p * m) + q];
            }

            Step[active[p]] = Math.Clamp(Product(active, inverse, p), -LongestStep, LongestStep);
        }
    }
}
