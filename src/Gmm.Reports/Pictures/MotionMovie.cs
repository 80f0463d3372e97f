using System.Globalization;
using Gmm.Core;

namespace Gmm.Reports;

/// <summary>Projections of a row of models along the three axes, as the pictures of an animation.</summary>
public static class MotionMovie
{
    /// <summary>
    /// Makes the pictures: a row for each of the models that move together, with its views along z, y and x, each in one range of grey throughout.
    /// </summary>
    /// <param name="title">The heading.</param>
    /// <param name="rows">Names of the rows: "half 1", "half 2".</param>
    /// <param name="frames">The pictures: a name each, and the models of the rows, all of one box.</param>
    /// <param name="resolution">Resolution of the projections, angstrom.</param>
    /// <param name="panelSize">Side of a view, pixels of 1/96 inch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A picture for each frame.</returns>
    /// <exception cref="ArgumentException">No model, or a frame with another number of models than there are rows.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<ImageGrid> Create(
        string title, IReadOnlyList<string> rows, IReadOnlyList<(string Name, IReadOnlyList<GaussianModel> Models)> frames, double resolution,
        double panelSize = 200, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0 || rows.Count == 0 || frames.Any(f => f.Models.Count != rows.Count))
        {
            throw new ArgumentException("A movie needs a frame, and in each frame a model for each row.", nameof(frames));
        }

        // Views along z, y (x to the right, z up) and x (y to the right, z up).
        (string Name, Rotation Rotation)[] views =
            [("along z", Rotation.Identity), ("along y", new Rotation(1, 0, 0, 0, 0, 1, 0, -1, 0)), ("along x", new Rotation(0, 1, 0, 0, 0, 1, 1, 0, 0))];
        (int Row, string Name, Rotation Rotation)[] panels = [.. rows.SelectMany((row, r) => views.Select(v => (r, $"{row}, {v.Name}", v.Rotation)))];
        var first = frames[0].Models[0];
        var disc = FourierDisc.ForResolution(first.BoxSize, first.PixelSize, Math.Max(resolution, 2.2 * first.PixelSize));
        var transform = new DiscTransform(first.BoxSize, disc);
        var images = frames.Select(f => panels.Select(p => Project(f.Models[p.Row], p.Rotation, disc, transform, cancellationToken)).ToArray()).ToArray();
        var limits = panels.Select((_, p) => Limits(images.Select(i => i[p]))).ToArray();
        return [.. frames.Select((f, i) => new ImageGrid(
            $"{title}: {f.Name}",
            panels.Select((p, k) => new ImagePanel(p.Name, images[i][k], first.BoxSize, first.BoxSize, first.PixelSize) { Limits = limits[k] }), views.Length,
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
