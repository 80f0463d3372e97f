using System.Globalization;
using Gmm.Core;

namespace Gmm.Reports;

/// <summary>Projections of a row of models along the three axes, as the pictures of an animation.</summary>
public static class MotionMovie
{
    /// <summary>Makes the pictures: for each model its views along z, y and x, all in one range of grey.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="models">The models, of one box, with a name each.</param>
    /// <param name="resolution">Resolution of the projections, angstrom.</param>
    /// <param name="panelSize">Side of a view, pixels of 1/96 inch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A picture for each model.</returns>
    /// <exception cref="ArgumentException">No model.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<ImageGrid> Create(
        string title, IReadOnlyList<(string Name, GaussianModel Model)> models, double resolution, double panelSize = 200,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0)
        {
            throw new ArgumentException("A movie needs a model.", nameof(models));
        }

        // Views along z, y (x to the right, z up) and x (y to the right, z up).
        (string Name, Rotation Rotation)[] views =
            [("along z", Rotation.Identity), ("along y", new Rotation(1, 0, 0, 0, 0, 1, 0, -1, 0)), ("along x", new Rotation(0, 1, 0, 0, 0, 1, 1, 0, 0))];
        var first = models[0].Model;
        var disc = FourierDisc.ForResolution(first.BoxSize, first.PixelSize, Math.Max(resolution, 2.2 * first.PixelSize));
        var transform = new DiscTransform(first.BoxSize, disc);
        var images = models.Select(m => views.Select(v => Project(m.Model, v.Rotation, disc, transform, cancellationToken)).ToArray()).ToArray();
        var limits = views.Select((_, v) => Limits(images.Select(i => i[v]))).ToArray();
        return [.. models.Select((m, i) => new ImageGrid(
            $"{title}: {m.Name}",
            views.Select((v, k) => new ImagePanel(v.Name, images[i][k], first.BoxSize, first.BoxSize, first.PixelSize) { Limits = limits[k] }), views.Length,
            panelSize))];
    }

    /// <summary>The name of a point of a row: "3 of 8".</summary>
    internal static string Place(int index, int count) => string.Create(CultureInfo.InvariantCulture, $"{index + 1} of {count}");

    private static float[] Project(GaussianModel model, Rotation view, FourierDisc disc, DiscTransform transform, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var projector = new GriddingProjector(model, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], image = new float[model.BoxSize * model.BoxSize];
        projector.Project(new Pose(view, 0, 0), re, im, projector.CreateScratch());
        transform.Inverse(re, im, image, new float[transform.ScratchLength]);
        return image;
    }

    private static (float Low, float High) Limits(IEnumerable<float[]> images)
    {
        var sorted = images.SelectMany(i => i).ToArray();
        Array.Sort(sorted);
        return (sorted[(int)(0.005 * (sorted.Length - 1))], sorted[(int)(0.998 * (sorted.Length - 1))]);
    }
}
