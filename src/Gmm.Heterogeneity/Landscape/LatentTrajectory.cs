using System.Globalization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>Rows of latent points at which a motion is looked at: along a component, around a circle, or given by the user.</summary>
public static class LatentTrajectory
{
    /// <summary>Points along one component, evenly spaced between two quantiles of the particles' scores.</summary>
    /// <param name="components">The components.</param>
    /// <param name="points">The latent points of the particles.</param>
    /// <param name="component">Component, from 0.</param>
    /// <param name="count">Number of points, two at least.</param>
    /// <param name="straight">
    /// Whether the other components stay at their mean, as published. If not, each point is where the particles whose scores are near its own are on
    /// average, so that the row follows a bent cloud of particles instead of leaving it.
    /// </param>
    /// <param name="low">The lower quantile.</param>
    /// <param name="high">The upper quantile.</param>
    /// <returns>The latent points.</returns>
    /// <exception cref="InvalidInputException">No such component, or fewer than two points.</exception>
    public static float[][] Along(
        LatentComponents components, IReadOnlyList<float[]> points, int component, int count, bool straight = false, double low = 0.01, double high = 0.99)
    {
        ArgumentNullException.ThrowIfNull(components);
        Check(components, component, count);
        var scores = points.Select(p => components.Scores(p)).ToArray();
        var (from, to) = Range(scores, component, low, high);
        var spacing = (to - from) / (count - 1);
        var result = new float[count][];
        for (var i = 0; i < count; i++)
        {
            var at = new double[components.Dimension];
            if (!straight && spacing > 0)
            {
                Near(scores, component, from + (i * spacing), spacing / 2, at);
            }

            at[component] = from + (i * spacing);
            result[i] = components.Point(at);
        }

        return result;
    }

    /// <summary>Points around an ellipse in the plane of two components, which reaches the quantiles of the particles' scores on both.</summary>
    /// <param name="components">The components.</param>
    /// <param name="points">The latent points of the particles.</param>
    /// <param name="first">Component, from 0.</param>
    /// <param name="second">Another component.</param>
    /// <param name="count">Number of points, two at least.</param>
    /// <param name="low">The lower quantile.</param>
    /// <param name="high">The upper quantile.</param>
    /// <returns>The latent points; the first is at the high end of the first component.</returns>
    /// <exception cref="InvalidInputException">No such component, twice the same, or fewer than two points.</exception>
    public static float[][] Circle(
        LatentComponents components, IReadOnlyList<float[]> points, int first, int second, int count, double low = 0.01, double high = 0.99)
    {
        ArgumentNullException.ThrowIfNull(components);
        Check(components, first, count);
        Check(components, second, count);
        if (first == second)
        {
            throw new InvalidInputException("a circle needs two different components", "circle");
        }

        var scores = points.Select(p => components.Scores(p)).ToArray();
        var ((a0, a1), (b0, b1)) = (Range(scores, first, low, high), Range(scores, second, low, high));
        var result = new float[count][];
        for (var i = 0; i < count; i++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * i / count);
            var at = new double[components.Dimension];
            at[first] = ((a0 + a1) / 2) + (c * (a1 - a0) / 2);
            at[second] = ((b0 + b1) / 2) + (s * (b1 - b0) / 2);
            result[i] = components.Point(at);
        }

        return result;
    }

    /// <summary>Reads points from a text file: a line each, as many numbers as the latent space has coordinates, # for remarks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimension">Latent coordinates.</param>
    /// <returns>The latent points.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read, has no points, or a line is not that many finite numbers.</exception>
    public static float[][] Read(string path, int dimension)
    {
        var lines = InputFile.ReadUtf8(path).Split('\n');
        var result = new List<float[]>();
        for (var i = 0; i < lines.Length; i++)
        {
            var texts = lines[i].Split('#')[0].Split([' ', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
            if (texts.Length == 0)
            {
                continue;
            }

            if (texts.Length != dimension)
            {
                throw new InvalidInputException($"has {texts.Length} numbers; the latent space has {dimension} coordinates", path, i + 1);
            }

            result.Add([.. texts.Select((t, k) => float.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && float.IsFinite(v)
                ? v
                : throw new InvalidInputException($"\"{t}\" is not a finite number", path, i + 1, $"coordinate {k + 1}"))]);
        }

        return result.Count > 0 ? [.. result] : throw new InvalidInputException("has no points", path);
    }

    /// <summary>
    /// The other scores of particles near a score of one component: a line fitted with normal weights, since a plain mean is off at the ends.
    /// </summary>
    private static void Near(double[][] scores, int component, double at, double width, double[] result)
    {
        // Where there are hardly any particles the line says nothing: the one counts as a particle at 0, the mean of all, without slope.
        double sum0 = 1, sum1 = 0, sum2 = 1;
        var slopes = new double[result.Length];
        foreach (var s in scores)
        {
            var d = (s[component] - at) / width;
            var w = Math.Exp(-0.5 * d * d);
            (sum0, sum1, sum2) = (sum0 + w, sum1 + (w * d), sum2 + (w * d * d));
            for (var k = 0; k < result.Length; k++)
            {
                result[k] += w * s[k];
                slopes[k] += w * d * s[k];
            }
        }

        for (var k = 0; k < result.Length; k++)
        {
            result[k] = ((sum2 * result[k]) - (sum1 * slopes[k])) / ((sum0 * sum2) - (sum1 * sum1));
        }
    }

    private static (double Low, double High) Range(double[][] scores, int component, double low, double high)
    {
        double[] values = [.. scores.Select(s => s[component]).Order()];
        return (values[(int)Math.Round(low * (values.Length - 1))], values[(int)Math.Round(high * (values.Length - 1))]);
    }

    private static void Check(LatentComponents components, int component, int count)
    {
        if (component < 0 || component >= components.Dimension)
        {
            throw new InvalidInputException($"there is no component {component + 1}: the latent space has {components.Dimension}", "component");
        }

        if (count < 2)
        {
            throw new InvalidInputException("a trajectory needs two points or more", "points");
        }
    }
}
