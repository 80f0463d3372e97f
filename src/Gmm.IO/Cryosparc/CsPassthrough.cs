using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Gives the particles of a .cs file those fields of images, CTFs and poses that it does not have, from the passthrough files beside it, by uid.
/// </summary>
internal sealed class CsPassthrough
{
    private const int Most = 16;
    private readonly NpyTable _own;
    private readonly string[] _wanted;
    private readonly List<string> _files;
    private readonly List<string> _warnings = [];
    private readonly List<string> _strangers = [];
    private NpyTable _table;

    /// <summary>Takes the particles.</summary>
    /// <param name="own">What the file itself has.</param>
    public CsPassthrough(NpyTable own)
    {
        (_own, _table, _files) = (own, own, [own.Path]);
        _wanted = [.. CsDataset.Needed.Where(n => !own.Contains(n))];
    }

    /// <summary>Joins the files.</summary>
    /// <exception cref="InvalidInputException">
    /// A file cannot be read, has a uid twice, or is the only one with a field and lacks some of the particles; the message names file, row and uid.
    /// </exception>
    public CsDataset Join()
    {
        var lacking = new List<(string[] Fields, InvalidInputException Error)>();
        foreach (var path in _wanted.Length == 0 ? [] : Beside())
        {
            if (Array.TrueForAll(_wanted, _table.Contains))
            {
                Compare(path);
                continue;
            }

            var other = CsDataset.ReadFile(path);
            string[] fields = [.. _wanted.Where(n => !_table.Contains(n) && other.Contains(n))];
            if (fields.Length == 0)
            {
                continue;
            }

            if (CsDataset.Rows(_own, other, out var missing) is { } rows)
            {
                _table = _table.With(other, [.. other.Fields.Where(f => !_table.Contains(f.Name))], rows);
                _files.Add(path);
                _warnings.Add($"{_own.Path} has no {Slots(fields, " and no ")}, which are taken from {Path.GetFileName(path)} beside it, by their uid");
            }
            else if (Common(other) is var common and > 0)
            {
                lacking.Add((fields, _own.Error(
                    $"{_own.Integer(missing, _own.Numbers(CsDataset.Uid))} is not in {path}, the passthrough file beside it: it has {Slots(fields, " and ")} "
                        + $"of {common} of the {_own.RowCount} particles",
                    missing, CsDataset.Uid)));
            }
            else
            {
                _strangers.Add(Path.GetFileName(path));
            }
        }

        return lacking.Find(l => !Array.TrueForAll(l.Fields, _table.Contains)).Error is { } error
            ? throw error
            : new CsDataset(_table, _files, _warnings) { Strangers = _strangers };
    }

    /// <summary>Warns where a file that is not needed any more says something else of the same particles.</summary>
    private void Compare(string path)
    {
        try
        {
            var other = CsDataset.ReadFile(path);
            if (_wanted.Any(other.Contains) && CsDataset.Rows(_own, other, out _) is { } rows && Difference(other, rows) is var (row, field))
            {
                _warnings.Add(
                    $"{_own.Path}: {Path.GetFileName(path)} beside it has these particles too, with another {field} in row {row + 1}: it is not used, "
                        + $"{string.Join(", ", _files.Skip(1).Select(f => Path.GetFileName(f)))} is");
            }
        }
        catch (InvalidInputException)
        {
            // Nothing is taken from it.
        }
    }

    /// <summary>The first value of another file that is not what was taken; fields of the particles' own file may differ from it.</summary>
    private (int Row, string Field)? Difference(NpyTable other, int[] rows)
    {
        var pairs = _table.Fields.Where(f => !_own.Contains(f.Name) && other.Find(f.Name)?.Type == f.Type && other.Find(f.Name)?.Count == f.Count)
            .Select(f => (Ours: f, Theirs: other.Find(f.Name)!)).ToArray();
        for (var row = 0; row < rows.Length; row++)
        {
            foreach (var (ours, theirs) in pairs)
            {
                if (!_table.Bytes(row, ours).SequenceEqual(other.Bytes(rows[row], theirs)))
                {
                    return (row, ours.Name);
                }
            }
        }

        return null;
    }

    /// <summary>How many of the particles another file has.</summary>
    private int Common(NpyTable other)
    {
        var (uid, otherUid) = (_own.Numbers(CsDataset.Uid), other.Numbers(CsDataset.Uid));
        var theirs = Enumerable.Range(0, other.RowCount).Select(row => other.Integer(row, otherUid)).ToHashSet();
        return Enumerable.Range(0, _own.RowCount).Count(row => theirs.Contains(_own.Integer(row, uid)));
    }

    /// <summary>Passthrough files of particles in the same folder, the one that cryoSPARC writes with this file first.</summary>
    private IEnumerable<string> Beside()
    {
        var name = Path.GetFileName(_own.Path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(_own.Path))!;
        var shown = Path.GetDirectoryName(_own.Path) ?? string.Empty;
        return Directory.EnumerateFiles(folder, "*passthrough*.cs").Select(f => Path.GetFileName(f)).Where(f => f != name)
            .OrderBy(f => f.Replace("passthrough_", string.Empty, StringComparison.Ordinal) != name).ThenBy(f => f, StringComparer.Ordinal)
            .Take(Most).Select(f => Path.Combine(shown, f));
    }

    private static string Slots(string[] fields, string between) => string.Join(between, fields.Select(f => f.Split('/')[0]));
}
