using System.Globalization;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;

namespace Gmm.Interactive;

/// <summary>What a value looks like under a cell: small, so that a notebook with its outputs stays small.</summary>
internal static class CellPictures
{
    /// <summary>Pictures of a motion, and the time of each.</summary>
    public const int MoviePoints = 4, MillisecondsPerFrame = 250;

    private const double Panel = 90;
    private const double MoviePanel = 60;
    private const int MostImages = 3;

    public static Chart Of(DensityMap map) => MapViews.Create(string.Empty, [("map", map)], Panel);

    public static Chart Of(HalfMapPair pair) => MapViews.Create(string.Empty, [("half 1", pair.Half1), ("half 2", pair.Half2)], Panel);

    public static Chart Of(GaussianModel model) =>
        MapViews.Create(string.Create(CultureInfo.InvariantCulture, $"{model.Count} Gaussians"), [("model", RenderedMap.Of(model))], Panel);

    public static Chart Of(FscCurve curve) => FscChart.Create([(FscChart.Label("FSC", curve), [.. curve.Frequencies], [.. curve.Values])]);

    public static Chart Of(RefinementState state) => FscChart.Create(state.Fsc);

    /// <summary>The first images of a source, each with its own contrast.</summary>
    public static Chart Of(IParticleSource particles) => new ImageGrid(
        $"{Math.Min(MostImages, particles.Particles.Count)} of {particles.Particles.Count} particles",
        Enumerable.Range(0, Math.Min(MostImages, particles.Particles.Count)).Select(i =>
        {
            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            var pixels = new float[group.ImageSize * group.ImageSize];
            particles.ReadImage(i, pixels);
            return new ImagePanel($"particle {i + 1}", pixels, group.ImageSize, group.ImageSize, group.PixelSize);
        }),
        MostImages,
        Panel);

    /// <summary>Two latent coordinates as a density, or one as a histogram of each half, whose coordinates need not be the same ones.</summary>
    public static Chart Of(LatentTable latents)
    {
        double[] Coordinate(int which, int half) =>
            [.. Enumerable.Range(0, latents.Count).Where(i => half == 0 || latents.Halves[i] == half).Select(i => (double)latents.Points[i][which])];
        return latents.Dimension == 1
            ? new HistogramChart("Latent coordinate", new ChartAxis("latent 1"), [("half 1", Coordinate(0, 1)), ("half 2", Coordinate(0, 2))])
            : new DensityChart("Latent points", new ChartAxis("latent 1"), new ChartAxis("latent 2"), Coordinate(0, 0), Coordinate(1, 0))
            {
                EqualScales = true,
            };
    }

    /// <summary>Both halves' models along a motion.</summary>
    public static IReadOnlyList<Chart> MovieOf(LandscapeRow row)
    {
        var model = row.ModelOf(1, 0);
        return MotionMovie.Create(
            "Motion", ["half 1", "half 2"],
            [.. Enumerable.Range(0, row.Count).Select(i => ($"{i + 1} of {row.Count}", (IReadOnlyList<GaussianModel>)[row.ModelOf(1, i), row.ModelOf(2, i)]))],
            3 * model.PixelSize, MoviePanel);
    }
}
