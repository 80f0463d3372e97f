using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// Puts the components of half 2 in the order and with the signs of half 1's, by the correlation of the motions they decode to. For display only: nothing
/// of one half enters the poses, latents or maps of the other.
/// </summary>
/// <param name="Components">Half 2's components, rearranged.</param>
/// <param name="Correlations">Correlation of each with half 1's component of the same number, 0 to 1.</param>
internal sealed record ComponentMatch(LatentComponents Components, double[] Correlations)
{
    /// <summary>Matches.</summary>
    public static ComponentMatch Of(
        GaussianModel model1, IDeformationDecoder decoder1, LatentComponents half1, GaussianModel model2, IDeformationDecoder decoder2, LatentComponents half2)
    {
        double[] Doubles(ReadOnlySpan<float> values)
        {
            var result = new double[values.Length];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = values[i];
            }

            return result;
        }

        // The halves have different Gaussians: half 2's motion is carried over to the places of half 1's.
        var carry = new ModelMorph(model2, Doubles(model1.X), Doubles(model1.Y), Doubles(model1.Z));
        var d = half1.Dimension;
        var first = Enumerable.Range(0, d).Select(k => Motion(decoder1, half1, k)).Select(m => (Doubles(m.X), Doubles(m.Y), Doubles(m.Z))).ToArray();
        var second = Enumerable.Range(0, d).Select(k => carry.Apply(Motion(decoder2, half2, k))).ToArray();
        var (order, signs, correlations) = (new int[d], new int[d], new double[d]);
        var free = Enumerable.Range(0, d).ToHashSet();
        for (var k = 0; k < d; k++)
        {
            var (best, value) = free.Order().Select(l => (l, Correlation(first[k], second[l], model1.Amplitudes))).MaxBy(p => Math.Abs(p.Item2));
            free.Remove(best);
            (order[k], signs[k], correlations[k]) = (best, value < 0 ? -1 : 1, Math.Abs(value));
        }

        return new ComponentMatch(half2.Rearranged(order, signs), correlations);
    }

    /// <summary>From one standard deviation below the mean to one above.</summary>
    private static ModelDeformation Motion(IDeformationDecoder decoder, LatentComponents components, int component)
    {
        ModelDeformation low = new(decoder.GaussianCount), high = new(decoder.GaussianCount);
        var scores = new double[components.Dimension];
        scores[component] = Math.Sqrt(components.Variances[component]);
        decoder.Decode(components.Point(scores), high);
        scores[component] = -scores[component];
        decoder.Decode(components.Point(scores), low);
        for (var j = 0; j < high.Count; j++)
        {
            high.X[j] -= low.X[j];
            high.Y[j] -= low.Y[j];
            high.Z[j] -= low.Z[j];
        }

        return high;
    }

    private static double Correlation((double[] X, double[] Y, double[] Z) a, (double[] X, double[] Y, double[] Z) b, ReadOnlySpan<float> amplitudes)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var j = 0; j < amplitudes.Length; j++)
        {
            var w = Math.Max(0, amplitudes[j]);
            ab += w * ((a.X[j] * b.X[j]) + (a.Y[j] * b.Y[j]) + (a.Z[j] * b.Z[j]));
            aa += w * ((a.X[j] * a.X[j]) + (a.Y[j] * a.Y[j]) + (a.Z[j] * a.Z[j]));
            bb += w * ((b.X[j] * b.X[j]) + (b.Y[j] * b.Y[j]) + (b.Z[j] * b.Z[j]));
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
