using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Puts the particles of several files into one: their tables below each other, their optics groups numbered anew where numbers meet.</summary>
internal static class StarMerge
{
    /// <summary>Merges files of RELION 3.1's form.</summary>
    /// <param name="files">The files and their names, in order.</param>
    /// <exception cref="InvalidInputException">A file has other columns than the first; the message names file and column.</exception>
    public static StarFile Merge(IReadOnlyList<(string Path, StarFile File)> files)
    {
        var optics = new List<(Dictionary<string, string> Cells, int Id)>();
        var ids = new HashSet<int>();
        StarTable? all = null;
        var labels = new List<string>();
        foreach (var (path, file) in files)
        {
            var particles = file.Find("particles")?.Table ?? throw new InvalidInputException("has no table data_particles", path);
            var newId = Renumber(file.Find("optics")?.AsTable() ?? throw new InvalidInputException("has no table data_optics", path), optics, ids);
            all ??= new StarTable(labels = [.. particles.Labels]) { Source = path };
            var other = labels.Except(particles.Labels).Concat(particles.Labels.Except(labels)).FirstOrDefault();
            if (other is not null)
            {
                throw new InvalidInputException(
                    particles.Contains(other) ? $"{files[0].Path} does not have this column" : $"the column is missing, which {files[0].Path} has", path,
                    null, other);
            }

            string[][] columns = [.. labels.Select(particles.GetColumn)];
            var group = labels.IndexOf(Labels.Group);
            var cells = new string[labels.Count];
            for (var row = 0; row < particles.RowCount; row++)
            {
                for (var c = 0; c < cells.Length; c++)
                {
                    cells[c] = columns[c][row];
                }

                if (group >= 0)
                {
                    cells[group] = Text(newId[particles.GetInteger(row, Labels.Group)]);
                }

                all.AddRow(cells);
            }
        }

        return new StarFile(new StarBlock("optics", OpticsTable(optics)), new StarBlock("particles", all!));
    }

    /// <summary>The number of each of a file's groups among all of them: an equal one's, its own where that is free, or the next.</summary>
    private static Dictionary<int, int> Renumber(StarTable table, List<(Dictionary<string, string> Cells, int Id)> all, HashSet<int> ids)
    {
        var result = new Dictionary<int, int>();
        var count = all.Count;
        for (var row = 0; row < table.RowCount; row++)
        {
            var cells = table.Labels.ToDictionary(l => l, l => table.GetText(row, l), StringComparer.Ordinal);
            var id = table.GetInteger(row, Labels.Group);
            var known = all.Take(count).FirstOrDefault(g => Same(g.Cells, cells));
            var number = known.Cells is null ? id : known.Id;
            while (known.Cells is null && !ids.Add(number))
            {
                number++;
            }

            result[id] = number;
            if (known.Cells is null)
            {
                all.Add((cells, number));
            }
        }

        return result;
    }

    private static bool Same(Dictionary<string, string> a, Dictionary<string, string> b) =>
        a.Count == b.Count && a.All(x => x.Key == Labels.Group || (b.TryGetValue(x.Key, out var y) && x.Value == y));

    private static StarTable OpticsTable(List<(Dictionary<string, string> Cells, int Id)> groups)
    {
        string[] labels = [.. groups.SelectMany(g => g.Cells.Keys).Distinct(StringComparer.Ordinal)];
        var missing = labels.FirstOrDefault(l => groups.Exists(g => !g.Cells.ContainsKey(l)) && !IsTerm(l));
        if (missing is not null)
        {
            throw new InvalidInputException("only some of the files' optics groups have this column", null, null, missing);
        }

        var table = new StarTable(labels);
        foreach (var (cells, id) in groups)
        {
            table.AddRow([.. labels.Select(l => l == Labels.Group ? Text(id) : cells.GetValueOrDefault(l) ?? None(l))]);
        }

        return table;
    }

    /// <summary>Terms that a group may not have, which is the same as having none of them.</summary>
    private static bool IsTerm(string label) => label is Labels.BeamTiltX or Labels.BeamTiltY or Labels.OddZernike or Labels.EvenZernike
        or Labels.Magnification00 or Labels.Magnification01 or Labels.Magnification10 or Labels.Magnification11;

    private static string None(string label) => label switch
    {
        Labels.OddZernike or Labels.EvenZernike => "[]",
        Labels.Magnification00 or Labels.Magnification11 => "1.000000",
        _ => "0.000000",
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
