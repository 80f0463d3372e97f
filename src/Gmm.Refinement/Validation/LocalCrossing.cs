namespace Gmm.Refinement;

/// <summary>Follows the local correlation of each node from coarse to fine bands: where it falls below 0.143, and whether the band still counts.</summary>
internal sealed class LocalCrossing
{
    private const double Threshold = 0.143;

    /// <summary>Once correlation has vanished, it counts again only above <see cref="Recovered"/> (EMAN2's local filter).</summary>
    private const double Vanished = 0.01;

    private const double Recovered = 0.5;

    /// <summary>Correlations are kept within these before the ratio of signal to noise is taken.</summary>
    private const double Least = 0.005;

    private const double Most = 0.9999;

    private readonly double _coarsest;
    private readonly float[] _before;
    private readonly bool[] _closed;
    private readonly bool[] _fallen;
    private double _last;

    /// <summary>Starts before the first band.</summary>
    /// <param name="count">Nodes.</param>
    /// <param name="coarsest">Radius of the first band, which a node without any correlation gets, Fourier voxels.</param>
    public LocalCrossing(int count, double coarsest)
    {
        (_coarsest, _last) = (coarsest, coarsest);
        (_before, _closed, _fallen, Radius) = (new float[count], new bool[count], new bool[count], new float[count]);
    }

    /// <summary>Radius at which each node's correlation falls, Fourier voxels.</summary>
    public float[] Radius { get; }

    /// <summary>Takes the correlations of the next band and turns them into weights.</summary>
    /// <param name="q">Radius of the band.</param>
    /// <param name="correlation">A value for each node; becomes the Wiener weight 2c / (1 + c) of the mean of the halves, 0 where correlation has vanished.</param>
    public void Next(double q, float[] correlation)
    {
        for (var i = 0; i < correlation.Length; i++)
        {
            var c = Math.Clamp((double)correlation[i], -1, Most);
            if (c > Recovered)
            {
                _closed[i] = false;
                _fallen[i] = false;
            }

            _closed[i] |= c <= Vanished;
            if (!_fallen[i])
            {
                _fallen[i] = c < Threshold;
                Radius[i] = (float)(!_fallen[i] ? q : q <= _coarsest ? _coarsest : Fall(_last, q, _before[i], c));
            }

            _before[i] = (float)c;
            correlation[i] = _closed[i] || c <= 0 ? 0 : (float)(2 * c / (1 + c));
        }

        _last = q;
    }

    /// <summary>
    /// Where the ratio of signal to noise falls to that of 0.143, interpolated in its logarithm; then, if it falls as steeply as the band's own
    /// flank, by how far the flank runs ahead of the edge of the signal. The power of a band is a Gaussian of deviation w / 2; beyond a sharp edge
    /// at distance x deviations the signal in it falls like the Gaussian's tail, with logarithmic slope t(x), and x is close to t - 0.85 / t.
    /// </summary>
    internal static double Fall(double q0, double q1, double c0, double c1)
    {
        double l0 = LogRatio(c0), l1 = LogRatio(c1), goal = LogRatio(Threshold);
        if (!(l0 > goal))
        {
            return q0;
        }

        var at = q0 + ((q1 - q0) * (l0 - goal) / (l0 - l1));
        var deviation = LocalBands.Width(at) / 2;
        var t = (l0 - l1) / (q1 - q0) * deviation;
        return Math.Max(0.5 * at, at - (deviation * Math.Max(0, t - (0.85 / t))));
    }

    private static double LogRatio(double c)
    {
        var kept = Math.Clamp(c, Least, Most);
        return Math.Log(kept / (1 - kept));
    }
}
