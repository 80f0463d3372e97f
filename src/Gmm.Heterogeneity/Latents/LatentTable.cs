using System.Globalization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>Latent points of particles and their standard deviations: latent.star.</summary>
public sealed class LatentTable
{
    private const string ImageName = "rlnImageName";
    private const string HalfLabel = "rlnRandomSubset";
    private const string Point = "gmmLatent";
    private const string Deviation = "gmmLatentSigma";

    /// <summary>The prior of a point is standard normal, so no point is near this; a file that says more is damaged.</summary>
    private const float GreatestValue = 1e6f;

    /// <summary>Makes a table.</summary>
    /// <param name="imageNames">Name of each particle's image.</param>
    /// <param name="halves">Half of each particle, 1 or 2.</param>
    /// <param name="points">Latent point of each particle, all of one dimension.</param>
    /// <param name="sigmas">Standard deviations of each particle's point.</param>
    /// <exception cref="ArgumentException">Lists of different length, no particle, or points of different dimension.</exception>
    public LatentTable(IReadOnlyList<string> imageNames, IReadOnlyList<int> halves, IReadOnlyList<float[]> points, IReadOnlyList<float[]> sigmas)
    {
        ArgumentNullException.ThrowIfNull(imageNames);
        ArgumentNullException.ThrowIfNull(halves);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(sigmas);
        var n = imageNames.Count;
        if (n == 0 || halves.Count != n || points.Count != n || sigmas.Count != n)
        {
            throw new ArgumentException("A table of latent points needs as many names, halves, points and deviations, at least one.");
        }

        var d = points[0].Length;
        if (d == 0 || points.Any(p => p.Length != d) || sigmas.Any(s => s.Length != d))
        {
            throw new ArgumentException("Latent points must be of one dimension.");
        }

        (ImageNames, Halves, Points, Sigmas) = (imageNames, halves, points, sigmas);
    }

    /// <summary>Number of latent coordinates.</summary>
    public int Dimension => Points[0].Length;

    /// <summary>Number of particles.</summary>
    public int Count => Points.Count;

    /// <summary>Name of each particle's image (rlnImageName).</summary>
    public IReadOnlyList<string> ImageNames { get; }

    /// <summary>Half of each particle.</summary>
    public IReadOnlyList<int> Halves { get; }

    /// <summary>Latent point of each particle, in its half's own latent space; the prior is standard normal.</summary>
    public IReadOnlyList<float[]> Points { get; }

    /// <summary>Standard deviation of each coordinate of each point.</summary>
    public IReadOnlyList<float[]> Sigmas { get; }

    /// <summary>Writes the table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="InvalidInputException">The file exists and must not be replaced, or cannot be written.</exception>
    public void Write(string path, bool overwrite = false) => Write(path, overwrite, []);

    /// <summary>Writes the table, which remembers the folders that the images' names are relative to.</summary>
    internal void Write(string path, bool overwrite, IReadOnlyList<string> imageFolders)
    {
        string[] labels = [ImageName, HalfLabel, .. Coordinates(Point), .. Coordinates(Deviation)];
        var table = new StarTable(labels);
        for (var i = 0; i < Count; i++)
        {
            table.AddRow([
                ImageNames[i],
                Halves[i].ToString(CultureInfo.InvariantCulture),
                .. Points[i].Concat(Sigmas[i]).Select(v => v.ToString("F5", CultureInfo.InvariantCulture)),
            ]);
        }

        var block = new StarBlock("particles", table);
        ImageRoots.Remember(block.Comments, path, imageFolders);
        new StarFile([block]).Write(path, overwrite);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The table.</returns>
    /// <exception cref="InvalidInputException">No such file, or a column or value that is missing or no number.</exception>
    public static LatentTable Read(string path)
    {
        var table = StarFile.Read(path).Find("particles")?.Table
            ?? throw new InvalidInputException("has no table data_particles", path);
        var d = 0;
        while (table.Contains(Name(Point, d)))
        {
            d++;
        }

        if (d == 0 || table.RowCount == 0)
        {
            throw new InvalidInputException(d == 0 ? "has no latent coordinates" : "has no particles", path, null, Point + "1");
        }

        float[][] Columns(string name, float least) =>
            [.. Enumerable.Range(0, table.RowCount).Select(i => Enumerable.Range(0, d).Select(k => Value(table, i, Name(name, k), least)).ToArray())];
        return new LatentTable(
            table.GetColumn(ImageName),
            [.. Enumerable.Range(0, table.RowCount).Select(i => Half(table, i))],
            Columns(Point, -GreatestValue),
            Columns(Deviation, 0));
    }

    private static int Half(StarTable table, int row)
    {
        var half = table.GetInteger(row, HalfLabel);
        return half is 1 or 2 ? half : throw table.Error($"{half} is not a half set; 1 and 2 are", row, HalfLabel);
    }

    private static float Value(StarTable table, int row, string label, float least)
    {
        var value = (float)table.GetDouble(row, label);
        return value >= least && value <= GreatestValue
            ? value
            : throw table.Error(
                string.Create(CultureInfo.InvariantCulture, $"{value} is not from {least} to {GreatestValue}: the latent points of a half are about 1 apart"),
                row, label);
    }

    private static string Name(string label, int coordinate) => label + (coordinate + 1).ToString(CultureInfo.InvariantCulture);

    private IEnumerable<string> Coordinates(string label) => Enumerable.Range(0, Dimension).Select(k => Name(label, k));
}
