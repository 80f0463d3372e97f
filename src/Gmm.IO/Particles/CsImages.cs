using Gmm.Core;

namespace Gmm.IO;

/// <summary>The images of cryoSPARC's particles, to tell other particles by where there are no uids.</summary>
internal sealed class CsImages
{
    private readonly NpyTable _table;
    private readonly Dictionary<(string Path, int Index), int> _rowOf = [];
    private readonly ILookup<string, string> _pathsOf;

    /// <summary>Lists the images.</summary>
    /// <exception cref="InvalidInputException">One is there twice; the message names file, row and field.</exception>
    public CsImages(NpyTable table)
    {
        _table = table;
        var (path, index) = (table.Texts(CsFields.Path), table.Numbers(CsFields.Index));
        for (var row = 0; row < table.RowCount; row++)
        {
            var key = (table.Text(row, path).TrimStart('>'), (int)table.Number(row, index));
            if (!_rowOf.TryAdd(key, row))
            {
                throw table.Error($"image {key.Item2} of {key.Item1} is there twice, so that particles cannot be told by their images", row, CsFields.Path);
            }
        }

        _pathsOf = _rowOf.Keys.Select(k => k.Path).Distinct(StringComparer.Ordinal).ToLookup(LastPart, StringComparer.Ordinal);
    }

    /// <summary>
    /// The row of each of other particles' images, by its path; where no path is the same, by the last part of it, since other programs name images from other
    /// folders.
    /// </summary>
    /// <param name="particles">The other particles.</param>
    /// <param name="indices">The image of each in its stack, from 0.</param>
    /// <param name="warnings">Told where last parts were compared.</param>
    /// <exception cref="InvalidInputException">An image is not there, or two stacks have one last part; the message names file, row and column.</exception>
    public int[] Rows(StarTable particles, int[] indices, ICollection<string>? warnings)
    {
        string[] stacks = [.. Enumerable.Range(0, indices.Length).Select(row => ImageReference.Of(particles, row).Stack)];
        if (!stacks.Distinct(StringComparer.Ordinal).Any(_pathsOf.SelectMany(p => p).ToHashSet(StringComparer.Ordinal).Contains))
        {
            stacks = ByLastPart(particles, stacks);
            warnings?.Add(
                $"no image of {particles.Source} has the path that it has in {_table.Path}: they are told by the names of their stacks without folders");
        }

        return [.. stacks.Select((stack, row) => _rowOf.TryGetValue((stack, indices[row]), out var r)
            ? r
            : throw particles.Error($"{particles.GetText(row, Labels.ImageName)} is no image in {_table.Path}", row, Labels.ImageName))];
    }

    /// <summary>The paths here of stacks, told by their last part.</summary>
    private string[] ByLastPart(StarTable particles, string[] stacks)
    {
        var (known, stackOf) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var row = 0; row < stacks.Length; row++)
        {
            if (known.ContainsKey(stacks[row]))
            {
                continue;
            }

            var last = LastPart(stacks[row]);
            string[] paths = [.. _pathsOf[last].Take(2)];
            if (paths.Length > 1)
            {
                throw particles.Error(
                    $"{stacks[row]} can be {paths[0]} or {paths[1]} in {_table.Path}, which have one name: particles cannot be told by their images", row,
                    Labels.ImageName);
            }

            if (!stackOf.TryAdd(last, stacks[row]))
            {
                throw particles.Error(
                    $"{stackOf[last]} and {stacks[row]} have one name, which is {paths.FirstOrDefault() ?? "no image"} in {_table.Path}: particles cannot be "
                        + "told by their images", row, Labels.ImageName);
            }

            known.Add(stacks[row], paths.FirstOrDefault() ?? stacks[row]);
        }

        return [.. stacks.Select(s => known[s])];
    }

    private static string LastPart(string path) => path[(path.LastIndexOf('/') + 1)..];
}
