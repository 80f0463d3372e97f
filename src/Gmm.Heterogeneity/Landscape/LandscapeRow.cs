using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Heterogeneity;

/// <summary>A row of conformations at which the motion of both halves is looked at: points of equal scores, each in its half's own latent space.</summary>
public sealed class LandscapeRow
{
    private readonly MotionLandscape _landscape;
    private readonly float[][][] _points;

    internal LandscapeRow(MotionLandscape landscape, float[][][] points) => (_landscape, _points) = (landscape, points);

    /// <summary>Number of points.</summary>
    public int Count => _points[0].Length;

    /// <summary>The latent points of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <returns>Count points.</returns>
    public IReadOnlyList<float[]> PointsOf(int half) => _points[half - 1];

    /// <summary>Where a point is: its score along each component, angstrom.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="point">Point, from 0.</param>
    /// <returns>The scores.</returns>
    public double[] ScoresOf(int half, int point) => _landscape.Of(half).Components.Scores(_points[half - 1][point]);

    /// <summary>The half's model in the conformation of a point.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="point">Point, from 0.</param>
    /// <returns>The deformed model.</returns>
    public GaussianModel ModelOf(int half, int point) => Deformation(half, point).Apply(_landscape.Of(half).Model);

    /// <summary>The point whose scores are farthest from a point's, in half 1.</summary>
    /// <param name="point">Point, from 0.</param>
    /// <returns>Point, from 0.</returns>
    public int Farthest(int point)
    {
        var scores = Enumerable.Range(0, Count).Select(p => ScoresOf(1, p)).ToArray();
        return Enumerable.Range(0, Count).MaxBy(p => scores[p].Zip(scores[point], (a, b) => (a - b) * (a - b)).Sum());
    }

    /// <summary>The particles nearest to a point, so many of each half, by the motion that lies between.</summary>
    /// <param name="point">Point, from 0.</param>
    /// <param name="count">Particles of each half; all if there are fewer.</param>
    /// <returns>Indices into the table of latent points, those of half 1 first.</returns>
    public int[] Nearest(int point, int count) =>
        [.. Enumerable.Range(1, 2).SelectMany(h => _landscape.Of(h).NearestTo(ScoresOf(h, point), count).Select(m => _landscape.Of(h).Members[m]))];

    /// <summary>Half maps of the particles nearest to a point.</summary>
    /// <param name="particles">The particles that the motion was learnt from.</param>
    /// <param name="point">Point, from 0.</param>
    /// <param name="count">Particles of each half.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="reconstructor">Makes the maps; <see cref="FourierReconstructor"/> by default.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The half maps.</returns>
    /// <exception cref="InvalidInputException">An image that cannot be used.</exception>
    public HalfMapPair Reconstruct(
        IParticleSource particles,
        int point,
        int count,
        ComputeOptions compute,
        IReconstructor? reconstructor = null,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(particles);
        var weights = new float[particles.Particles.Count];
        foreach (var i in Nearest(point, count))
        {
            weights[i] = 1;
        }

        return (reconstructor ?? new FourierReconstructor()).ReconstructHalves(
            new ReconstructionInput(particles, null, weights), new ReconstructionOptions(), compute, progress, cancellationToken);
    }

    /// <summary>The deformation of a half's model at a point.</summary>
    internal ModelDeformation Deformation(int half, int point) => _landscape.Of(half).Decode(_points[half - 1][point]);
}
