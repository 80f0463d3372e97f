using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// A result group of cryoSPARC (.csg): a small YAML text that says in which .cs file each slot (blob, ctf, alignments3D, ...) of the particles is. A path
/// that begins with '&gt;' is relative to the group's folder.
/// </summary>
internal static class CsGroup
{
    private const int LargestGroup = 1 << 20;
    private const int MostSlots = 256;

    /// <summary>Reads a group.</summary>
    /// <param name="path">The .csg file.</param>
    /// <returns>The slots in order, each with its file's path.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or names no .cs file.</exception>
    public static IReadOnlyList<(string Slot, string File)> Read(string path)
    {
        var slots = new List<(string, string)>();
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var inResults = false;
        var slot = string.Empty;
        foreach (var line in InputFile.ReadUtf8(path, LargestGroup).Split('\n').Select(l => l.TrimEnd()))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            var (key, value) = (Unquote(line[..colon].Trim()), Unquote(line[(colon + 1)..].Trim()));
            if (!char.IsWhiteSpace(line[0]))
            {
                inResults = key == "results";
            }
            else if (inResults && value.Length == 0)
            {
                slot = key;
            }
            else if (inResults && key == "metafile" && slots.Count < MostSlots)
            {
                // Path.Combine leaves a full path as it is.
                slots.Add((slot, Path.Combine(folder, FileOf(value, path))));
            }
        }

        return slots.Count > 0 ? slots : throw new InvalidInputException(
            "names no .cs file: a group of cryoSPARC has \"results:\" with a \"metafile:\" for each slot", path, null, "results");
    }

    /// <summary>The text of a group whose slots are all in one file, which lies beside it.</summary>
    /// <param name="table">What is in the file.</param>
    /// <param name="file">The file's name.</param>
    public static string Text(NpyTable table, string file)
    {
        var text = new StringBuilder(
            "group:\n  description: Particles written by gmm\n  name: particles\n  title: Particles\n  type: particle\nresults:\n");
        foreach (var slot in table.Fields.Select(f => f.Name.Split('/')).Where(p => p.Length > 1).Select(p => p[0]).Distinct(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {slot}:\n    metafile: '>{file.Replace("'", "''", StringComparison.Ordinal)}'\n")
                .Append(CultureInfo.InvariantCulture, $"    num_items: {table.RowCount}\n    type: particle.{slot}\n");
        }

        return text.ToString();
    }

    private static string FileOf(string value, string path) => value.TrimStart('>') is { Length: > 0 } file && !file.Any(char.IsControl)
        ? file
        : throw new InvalidInputException($"\"{value}\" is no name of a file", path, null, "metafile");

    private static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1].Replace("''", "'", StringComparison.Ordinal) : text;
}
