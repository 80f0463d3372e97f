namespace Gmm.Core;

/// <summary>
/// K-means by Lloyd's rounds (S. P. Lloyd, IEEE Trans. Inf. Theory 28 (1982) 129): of points p_i of weights w_i, centres c_k and labels l_i that make
///
///   spread = sum_i w_i |p_i - c_(l_i)|^2
///
/// as small as the start leads to. With a symmetry, centres come in orbits whose copies follow each other, and a point counts where its copy's
/// operator takes it back to.
/// </summary>
/// <param name="dimension">Coordinates of a point.</param>
/// <param name="points">Points, one after the other.</param>
/// <param name="weights">Weight of each point, not negative; null for 1.</param>
/// <param name="operators">The symmetry's operators, the identity first, in three dimensions; null for none.</param>
internal sealed class KMeans(int dimension, double[] points, double[]? weights = null, IReadOnlyList<Rotation>? operators = null)
{
    private readonly double[] _weights = weights ?? [.. Enumerable.Repeat(1.0, points.Length / dimension)];
    private readonly Rotation[] _operators = [.. operators ?? [Rotation.Identity]];

    /// <summary>The centres, one after the other.</summary>
    public double[] Centres { get; set; } = [];

    /// <summary>The nearest centre of each point, of equal ones the first.</summary>
    public int[] Labels { get; } = new int[points.Length / dimension];

    /// <summary>Weighted sum of the squared distances of points from their centres.</summary>
    public double Spread { get; private set; }

    /// <summary>The nearest centre of a point, of equal ones the first, and its squared distance.</summary>
    public static (int Cluster, double Distance2) Nearest(ReadOnlySpan<double> centres, ReadOnlySpan<double> point)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (int c = 0, at = 0; at < centres.Length; c++, at += point.Length)
        {
            double sum = 0;
            for (var k = 0; k < point.Length; k++)
            {
                var d = centres[at + k] - point[k];
                sum += d * d;
            }

            (best, least) = sum < least ? (c, sum) : (best, least);
        }

        return (best, least);
    }

    /// <summary>
    /// K-means++ (Arthur and Vassilvitskii, SODA 2007): the first centre at a point drawn by weight, each further one by weight times squared distance to the
    /// nearest so far.
    /// </summary>
    /// <param name="count">Number of centres, of all copies together.</param>
    /// <param name="uniform">Draws a number from 0 (in) to 1 (out).</param>
    /// <returns>How many centres there are different points for, and so were set.</returns>
    public int StartSpread(int count, Func<double> uniform)
    {
        Centres = new double[count * dimension];
        var cost = (double[])_weights.Clone();
        for (var orbit = 0; orbit < count / _operators.Length; orbit++)
        {
            if (!(cost.Sum() is > 0 and var total))
            {
                return orbit * _operators.Length;
            }

            var pick = Draw(cost, total * uniform());
            SetOrbit(orbit, points.AsSpan(pick * dimension, dimension));
            var so = Centres.AsSpan(0, (orbit + 1) * _operators.Length * dimension);
            for (var i = 0; i < cost.Length; i++)
            {
                cost[i] = _weights[i] * Nearest(so, points.AsSpan(i * dimension, dimension)).Distance2;
            }
        }

        return count;
    }

    /// <summary>From one point on, each further centre at the point farthest from those so far, whatever the weights.</summary>
    /// <param name="count">Number of centres.</param>
    /// <param name="first">The first.</param>
    public void StartFarthest(int count, int first)
    {
        Centres = new double[count * dimension];
        var distance = new double[Labels.Length];
        Array.Fill(distance, double.MaxValue);
        for (var (c, pick) = (0, first); c < count; c++)
        {
            SetOrbit(c, points.AsSpan(pick * dimension, dimension));
            var last = Centres.AsSpan(c * dimension, dimension);
            pick = 0;
            for (var i = 0; i < distance.Length; i++)
            {
                distance[i] = Math.Min(distance[i], Nearest(last, points.AsSpan(i * dimension, dimension)).Distance2);
                pick = distance[i] > distance[pick] ? i : pick;
            }
        }
    }

    /// <summary>Lloyd's rounds until no label changes. A cluster that loses its points keeps its centre.</summary>
    /// <param name="rounds">Rounds at most.</param>
    public void Run(int rounds)
    {
        Array.Fill(Labels, -1);
        for (var round = 0; Assign() && round < rounds; round++)
        {
            Update();
        }
    }

    /// <summary>Number of points of each cluster, of some of the points.</summary>
    /// <param name="first">The first point that counts.</param>
    /// <param name="count">How many count.</param>
    public int[] Sizes(int first, int count)
    {
        var sizes = new int[Centres.Length / dimension];
        foreach (var label in Labels.AsSpan(first, count))
        {
            sizes[label]++;
        }

        return sizes;
    }

    /// <summary>Labels and spread of the centres as they are; whether a label changed.</summary>
    public bool Assign()
    {
        var changed = false;
        Spread = 0;
        for (var i = 0; i < Labels.Length; i++)
        {
            var (label, distance2) = Nearest(Centres, points.AsSpan(i * dimension, dimension));
            changed |= label != Labels[i];
            Labels[i] = label;
            Spread += _weights[i] * distance2;
        }

        return changed;
    }

    /// <summary>The first point whose share of the cost reaches so far; never one without cost.</summary>
    private static int Draw(double[] cost, double at)
    {
        var last = 0;
        for (var i = 0; i < cost.Length; i++)
        {
            if (cost[i] > 0)
            {
                if (at < cost[i])
                {
                    return i;
                }

                // Rounding may leave more than the sum.
                (at, last) = (at - cost[i], i);
            }
        }

        return last;
    }

    private void Update()
    {
        var order = _operators.Length;
        Rotation[] back = [.. _operators.Select(o => o.Transpose())];
        double[] sums = new double[Centres.Length / order], totals = new double[sums.Length / dimension];
        Span<double> place = stackalloc double[dimension];
        for (var i = 0; i < Labels.Length; i++)
        {
            var (orbit, copy) = (Labels[i] / order, Labels[i] % order);
            Turn(back[copy], points.AsSpan(i * dimension, dimension), place);
            totals[orbit] += _weights[i];
            for (var k = 0; k < dimension; k++)
            {
                sums[(orbit * dimension) + k] += _weights[i] * place[k];
            }
        }

        for (var orbit = 0; orbit < totals.Length; orbit++)
        {
            if (totals[orbit] > 0)
            {
                for (var k = 0; k < dimension; k++)
                {
                    place[k] = sums[(orbit * dimension) + k] / totals[orbit];
                }

                SetOrbit(orbit, place);
            }
        }
    }

    private void SetOrbit(int orbit, ReadOnlySpan<double> centre)
    {
        for (var g = 0; g < _operators.Length; g++)
        {
            Turn(_operators[g], centre, Centres.AsSpan(((orbit * _operators.Length) + g) * dimension, dimension));
        }
    }

    private void Turn(in Rotation rotation, ReadOnlySpan<double> point, Span<double> turned)
    {
        if (_operators.Length == 1)
        {
            point.CopyTo(turned);
            return;
        }

        (turned[0], turned[1], turned[2]) = rotation.Apply(point[0], point[1], point[2]);
    }
}
