using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The landscapes of both halves, the second with its components in the order and with the signs of the first's; for display only, the latent spaces
/// have nothing in common.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var landscape = new MotionLandscape(folder.ReadAutoencoder(1), folder.ReadAutoencoder(2), folder.ReadLatents());
/// LandscapeRow row = landscape.Along(component: 0, count: 8);
/// GaussianModel bent = row.ModelOf(half: 1, point: 7);
/// HalfMapPair maps = row.Reconstruct(particles, point: 7, count: 2000, new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class MotionLandscape
{
    private readonly HalfLandscape[] _halves;

    /// <summary>Measures both halves.</summary>
    /// <param name="half1">The autoencoder of half 1.</param>
    /// <param name="half2">The autoencoder of half 2.</param>
    /// <param name="latents">The latent points of all particles.</param>
    /// <exception cref="InvalidInputException">Fewer than two particles of a half, or points of another dimension.</exception>
    public MotionLandscape(Autoencoder half1, Autoencoder half2, LatentTable latents)
    {
        var first = HalfLandscape.Of(half1, latents);
        _halves = [first, HalfLandscape.Of(half2, latents).MatchedTo(first)];
    }

    /// <summary>Number of components.</summary>
    public int Dimension => _halves[0].Components.Dimension;

    /// <summary>The landscape of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <returns>The landscape.</returns>
    public HalfLandscape Of(int half) => _halves[half - 1];

    /// <summary>Points along one component (<see cref="LatentTrajectory.Along"/>).</summary>
    /// <param name="component">Component, from 0.</param>
    /// <param name="count">Number of points, two at least.</param>
    /// <param name="straight">Whether the other components stay at their mean.</param>
    /// <returns>The row.</returns>
    /// <exception cref="InvalidInputException">No such component, or fewer than two points.</exception>
    public LandscapeRow Along(int component, int count, bool straight = false) =>
        Row(h => LatentTrajectory.Along(h.Components, h.Points, component, count, straight));

    /// <summary>Points around a circle in the plane of two components (<see cref="LatentTrajectory.Circle"/>).</summary>
    /// <param name="first">Component, from 0.</param>
    /// <param name="second">Another component.</param>
    /// <param name="count">Number of points, two at least.</param>
    /// <returns>The row.</returns>
    /// <exception cref="InvalidInputException">No such component, twice the same, or fewer than two points.</exception>
    public LandscapeRow Circle(int first, int second, int count) => Row(h => LatentTrajectory.Circle(h.Components, h.Points, first, second, count));

    /// <summary>Points of given scores, which are angstrom of motion, so that the same numbers are the same motion in both halves.</summary>
    /// <param name="scores">For each point a score for each component.</param>
    /// <returns>The row.</returns>
    public LandscapeRow At(IReadOnlyList<float[]> scores) => Row(h => [.. scores.Select(s => h.Components.Point([.. s.Select(v => (double)v)]))]);

    /// <summary>Clusters of each half by itself; half 2's are numbered like those of half 1 that they lie nearest to.</summary>
    /// <param name="count">Number of clusters.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>The clusters of half 1 and of half 2.</returns>
    /// <exception cref="InvalidInputException">More clusters than different points.</exception>
    public (LatentClusters Half1, LatentClusters Half2) Clusters(int count, int seed)
    {
        var first = LatentClusters.Find(_halves[0].Scores, count, seed);
        return (first, LatentClusters.Find(_halves[1].Scores, count, seed).NumberedLike(first));
    }

    private LandscapeRow Row(Func<HalfLandscape, float[][]> points) => new(this, [.. _halves.Select(points)]);
}
