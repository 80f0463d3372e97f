using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>The anchors of a model: places that move, with the width of their influence.</summary>
/// <param name="X">X of each anchor, angstrom from the box centre.</param>
/// <param name="Y">Y of each anchor.</param>
/// <param name="Z">Z of each anchor.</param>
/// <param name="Width">Standard deviation of an anchor's influence, angstrom.</param>
internal sealed record AnchorSet(float[] X, float[] Y, float[] Z, double Width)
{
    /// <summary>Influence over the mean distance of neighbouring anchors: they blend, yet neighbours can move apart.</summary>
    private const double WidthShare = 0.8;

    /// <summary>Gaussians with a mask of more than this count as inside, as in the published program.</summary>
    private const float Inside = 0.1f;

    private const int Rounds = 25;

    /// <summary>Number of anchors.</summary>
    public int Count => X.Length;

    /// <summary>Places anchors by K-means: half of them over all Gaussians, half over those of the focus mask, if there is one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">Number of anchors.</param>
    /// <param name="mask">0 to 1 for each Gaussian.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>The anchors.</returns>
    /// <exception cref="InvalidInputException">More anchors than Gaussians to place them on.</exception>
    public static AnchorSet Place(GaussianModel model, int count, ReadOnlySpan<float> mask, int seed)
    {
        int[] all = [.. Enumerable.Range(0, model.Count)];
        List<int> inside = [];
        for (var j = 0; j < mask.Length; j++)
        {
            if (mask[j] > Inside)
            {
                inside.Add(j);
            }
        }

        var focused = inside.Count < model.Count;
        var within = focused ? Math.Min(count - (count / 2), inside.Count) : 0;
        if (count - within > model.Count || inside.Count == 0)
        {
            throw new InvalidInputException(inside.Count == 0
                ? "no Gaussian of the model lies inside the focus mask"
                : $"{count} anchors are more than the model's {model.Count} Gaussians");
        }

        var centres = new List<(double X, double Y, double Z)>(Places(model, all, count - within, seed));
        if (within > 0)
        {
            centres.AddRange(Places(model, [.. inside], within, seed + 1));
        }

        return new AnchorSet(
            [.. centres.Select(c => (float)c.X)], [.. centres.Select(c => (float)c.Y)], [.. centres.Select(c => (float)c.Z)], WidthShare * Spacing(centres));
    }

    private static double Spacing(List<(double X, double Y, double Z)> centres)
    {
        if (centres.Count < 2)
        {
            return 100;
        }

        var distances = new double[centres.Count];
        for (var a = 0; a < distances.Length; a++)
        {
            distances[a] = Math.Sqrt(centres.Where((_, b) => b != a).Min(c => Distance2(centres[a], c)));
        }

        return Math.Max(1, distances.Average());
    }

    private static double Distance2((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        ((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)) + ((a.Z - b.Z) * (a.Z - b.Z));

    /// <summary>K-means weighted by amplitude, from centres each as far as can be from those before it.</summary>
    private static IEnumerable<(double X, double Y, double Z)> Places(GaussianModel model, int[] members, int count, int seed)
    {
        var means = new KMeans(
            3,
            [.. members.SelectMany(m => new double[] { model.X[m], model.Y[m], model.Z[m] })],
            [.. members.Select(m => Math.Abs((double)model.Amplitudes[m]) + 1e-12)]);
        means.StartFarthest(count, new Random(seed).Next(members.Length));
        means.Run(Rounds);
        return means.Centres.Chunk(3).Select(c => (c[0], c[1], c[2]));
    }
}
