using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The tomograms of RELION's tomograms.star: a global table, and the tilts of each series in a file of their own (RELION 5) or in a table beside it
/// (RELION 4, WarpTools).
/// </summary>
internal sealed class TomogramSet
{
    private readonly string _path;
    private readonly Dictionary<string, Tomogram> _tomograms = new(StringComparer.Ordinal);

    private TomogramSet(string path) => _path = path;

    /// <summary>Reads the tomograms.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">Folder that names are relative to; null for the usual places.</param>
    /// <exception cref="InvalidInputException">A table that is not there, or cannot be read; file, row and field are named.</exception>
    public static TomogramSet Read(string path, string? root)
    {
        var set = new TomogramSet(path);
        var file = StarFile.Read(path);
        if (file.Find("global")?.AsTable() is not { } global || !global.Contains(TomographyLabels.TomoName))
        {
            throw new InvalidInputException("has no table data_global with the names of tomograms", path, null, TomographyLabels.TomoName);
        }

        var roots = new ImageRoots(path, root, file.Comments);
        for (var row = 0; row < global.RowCount; row++)
        {
            var name = global.GetText(row, TomographyLabels.TomoName);
            if (!set._tomograms.TryAdd(name, new Tomogram(global, row, Tilts(file, global, row, name, roots))))
            {
                throw global.Error($"the tomogram {name} is there twice", row, TomographyLabels.TomoName);
            }
        }

        return set;
    }

    /// <summary>The tomogram of a particle.</summary>
    public Tomogram Of(StarTable particles, int row) =>
        _tomograms.GetValueOrDefault(particles.GetText(row, TomographyLabels.TomoName))
            ?? throw particles.Error(
                $"there is no tomogram {particles.GetText(row, TomographyLabels.TomoName)} in {_path}", row, TomographyLabels.TomoName);

    private static StarTable Tilts(StarFile file, StarTable global, int row, string name, ImageRoots roots)
    {
        if (global.Contains(TomographyLabels.TiltSeriesFile))
        {
            var own = global.GetText(row, TomographyLabels.TiltSeriesFile);
            var found = roots.Find(own) ?? throw global.Error($"there is no file {own}; looked in {roots.Places}", row, TomographyLabels.TiltSeriesFile);
            var tilts = StarFile.Read(found);
            return (tilts.Find(name) ?? (tilts.Blocks.Count == 1 ? tilts.Blocks[0] : null))?.AsTable() is { RowCount: > 0 } one
                ? one
                : throw new InvalidInputException($"has no tilts of {name}: no table data_{name} with rows", found);
        }

        return file.Find(name)?.AsTable() is { RowCount: > 0 } table
            ? table
            : throw global.Error($"there are no tilts of {name}: neither {TomographyLabels.TiltSeriesFile} nor a table data_{name} with rows", row,
                TomographyLabels.TomoName);
    }
}
