using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>The latent points of one half, measured in angstrom of motion along their principal components.</summary>
/// <remarks>
/// <example>
/// <code>
/// var half1 = HalfLandscape.Of(autoencoder1, latents);
/// var half2 = HalfLandscape.Of(autoencoder2, latents).MatchedTo(half1);
/// float[][] row = LatentTrajectory.Along(half2.Components, half2.Points, component: 0, count: 8);
/// </code>
/// </example>
/// </remarks>
public sealed class HalfLandscape
{
    private HalfLandscape(
        GaussianModel model, IDeformationDecoder decoder, int[] members, float[][] points, LatentComponents components, IReadOnlyList<double> matches)
    {
        (Model, Decoder, Members, Points, Components, Matches) = (model, decoder, members, points, components, matches);
        Scores = [.. points.Select(p => components.Scores(p))];
    }

    /// <summary>The neutral model.</summary>
    public GaussianModel Model { get; }

    /// <summary>The decoder.</summary>
    public IDeformationDecoder Decoder { get; }

    /// <summary>The half's particles, as indices into the table.</summary>
    public IReadOnlyList<int> Members { get; }

    /// <summary>Their latent points.</summary>
    public IReadOnlyList<float[]> Points { get; }

    /// <summary>The principal components.</summary>
    public LatentComponents Components { get; }

    /// <summary>The scores of each particle of the half, angstrom.</summary>
    public IReadOnlyList<double[]> Scores { get; }

    /// <summary>
    /// Correlation of each component's motion with that of the same number in the half it was matched to, 0 to 1; empty if it was not matched.
    /// </summary>
    public IReadOnlyList<double> Matches { get; }

    /// <summary>Measures a half.</summary>
    /// <param name="autoencoder">Its autoencoder.</param>
    /// <param name="latents">The table of all particles.</param>
    /// <returns>The half's landscape.</returns>
    /// <exception cref="InvalidInputException">Fewer than two particles of the half, or points of another dimension.</exception>
    public static HalfLandscape Of(Autoencoder autoencoder, LatentTable latents)
    {
        ArgumentNullException.ThrowIfNull(autoencoder);
        ArgumentNullException.ThrowIfNull(latents);
        return Of(autoencoder.Model, autoencoder.Decoder, autoencoder.FocusWeights.ToArray(), latents, autoencoder.Half);
    }

    /// <summary>The same half with its components in the order and with the signs of another's, by the correlation of the motions; for display only.</summary>
    /// <param name="other">The half to be like.</param>
    /// <returns>The landscape; points and members are the same.</returns>
    public HalfLandscape MatchedTo(HalfLandscape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var match = ComponentMatch.Of(other.Model, other.Decoder, other.Components, Model, Decoder, Components);
        return new HalfLandscape(Model, Decoder, [.. Members], [.. Points], match.Components, match.Correlations);
    }

    /// <summary>The particles nearest to a place, by the motion that lies between.</summary>
    /// <param name="scores">The place: a score for each component, angstrom.</param>
    /// <param name="count">How many; all of them if there are fewer.</param>
    /// <returns>Indices into <see cref="Members"/>, from the nearest.</returns>
    public int[] NearestTo(IReadOnlyList<double> scores, int count)
    {
        double Distance(double[] s)
        {
            double sum = 0;
            for (var k = 0; k < s.Length; k++)
            {
                sum += (s[k] - scores[k]) * (s[k] - scores[k]);
            }

            return sum;
        }

        return [.. Enumerable.Range(0, Scores.Count)
            .Select(i => (Index: i, Distance: Distance(Scores[i])))
            .OrderBy(p => p.Distance)
            .ThenBy(p => p.Index)
            .Take(count)
            .Select(p => p.Index)];
    }

    /// <summary>The conformer at a latent point.</summary>
    /// <param name="point">The point.</param>
    /// <returns>The deformation of the neutral model.</returns>
    public ModelDeformation Decode(ReadOnlySpan<float> point)
    {
        var result = new ModelDeformation(Model.Count);
        Decoder.Decode(point, result);
        return result;
    }

    /// <summary>The same with a decoder of any kind.</summary>
    internal static HalfLandscape Of(GaussianModel model, IDeformationDecoder decoder, float[] focus, LatentTable latents, int half)
    {
        if (decoder.LatentDimension != latents.Dimension)
        {
            throw new InvalidInputException(
                $"latent points of {latents.Dimension} coordinates do not belong to a decoder of {decoder.LatentDimension}", "latent points");
        }

        int[] members = [.. Enumerable.Range(0, latents.Count).Where(i => latents.Halves[i] == half)];
        float[][] points = [.. members.Select(i => latents.Points[i])];
        var weights = new float[model.Count];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = focus[j] * Math.Max(0, model.Amplitudes[j]);
        }

        return new HalfLandscape(model, decoder, members, points, LatentComponents.Of(points, LatentComponents.MetricOf(decoder, points, weights)), []);
    }
}
