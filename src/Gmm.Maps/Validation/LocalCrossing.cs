using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Follows each node's ratio of signal to noise from coarse to fine bands: where its correlation falls below 0.143, and how much of a band still counts.
/// </summary>
internal static class LocalCrossing
{
    private const double Threshold = 0.143;

    /// <summary>Once correlation has vanished, it counts again only above <see cref="Recovered"/> (EMAN2's local filter).</summary>
    private const double Vanished = 0.01;

    private const double Recovered = 0.5;

    private static readonly double s_goal = LogRatio(Threshold);

    /// <summary>Finds the radius at which each node's correlation falls, and turns the ratios into weights.</summary>
    /// <param name="ratios">
    /// [band][node], signal to noise of a half; become the Wiener weight 2s / (1 + 2s) of the mean of the halves, 0 from where correlation has vanished.
    /// </param>
    /// <param name="centres">Radii of the bands, Fourier voxels.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>A radius for each node, Fourier voxels: 0 where the first band shows no correlation, that of the last where it never falls.</returns>
    public static float[] Find(float[][] ratios, double[] centres, ComputeOptions compute)
    {
        const int chunk = 4096;
        var radius = new float[ratios[0].Length];
        Guarded.For(0, (radius.Length + chunk - 1) / chunk, compute.Parallelism, part =>
        {
            var logs = new double[centres.Length];
            for (var i = part * chunk; i < Math.Min(radius.Length, (part + 1) * chunk); i++)
            {
                for (var b = 0; b < logs.Length; b++)
                {
                    logs[b] = Math.Log(Math.Max(1e-9, ratios[b][i]));
                }

                radius[i] = (float)Fall(logs, centres);
                Weigh(ratios, i);
            }
        });
        return radius;
    }

    /// <summary>
    /// Where the logarithm of the ratio falls below that of 0.143, interpolated between bands. One band alone does not count, as noise in it passes
    /// for a fall: the mean with the next one has to lie below too. A ratio that recovers to a correlation of 0.5 takes an earlier fall back.
    /// </summary>
    internal static double Fall(ReadOnlySpan<double> logs, ReadOnlySpan<double> centres)
    {
        var recovered = LogRatio(Recovered);
        double radius = centres[0], before = double.NegativeInfinity;
        var fallen = false;
        for (var b = 0; b < logs.Length; b++)
        {
            if (logs[b] > recovered)
            {
                fallen = false;
            }

            var now = b + 1 < logs.Length ? Math.Max(logs[b], 0.5 * (logs[b] + logs[b + 1])) : logs[b];
            if (!fallen)
            {
                fallen = now < s_goal;
                radius = !fallen ? centres[b]
                    : b == 0 ? 0
                    : before > s_goal ? centres[b - 1] + ((centres[b] - centres[b - 1]) * (before - s_goal) / (before - now)) : centres[b - 1];
            }

            before = now;
        }

        return radius;
    }

    private static void Weigh(float[][] ratios, int node)
    {
        var closed = false;
        foreach (var band in ratios)
        {
            var s = band[node];
            var c = s / (1 + s);
            closed = c <= Recovered && (closed || c <= Vanished);
            band[node] = closed ? 0 : 2 * s / (1 + (2 * s));
        }
    }

    private static double LogRatio(double c) => Math.Log(c / (1 - c));
}
