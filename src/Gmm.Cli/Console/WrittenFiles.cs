using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The files that a call wrote, as people and programs are told of them.</summary>
internal static partial class WrittenFiles
{
    /// <summary>Files of one numbered row are counted from here on, and not named one by one.</summary>
    private const int ManyAlike = 4;
    private const int Width = 110;
    private const string Iterations = "iterations/";

    /// <summary>The results of a run that its folder lists: all but what belongs to iterations.</summary>
    /// <param name="folder">The folder.</param>
    public static string[] Results(string folder) =>
        [.. RunFolder.FilesIn(folder).Where(f => !f.StartsWith(Iterations, StringComparison.Ordinal)).Select(f => Path.Combine(folder, f))];

    /// <summary>Lines that name the files: those of a numbered row as one with their number, wrapped.</summary>
    /// <param name="files">The files.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> files)
    {
        var folder = Common(files);
        var names = files.Select(f => folder.Length > 0 ? Path.GetRelativePath(folder, f) : f).GroupBy(Pattern, StringComparer.Ordinal)
            .SelectMany<IGrouping<string, string>, string>(
                g => g.Count() < ManyAlike ? g : [string.Create(CultureInfo.InvariantCulture, $"{g.Key} ({g.Count()} files)")]);
        var line = folder.Length > 0 ? $"wrote in {folder}:" : "wrote";
        var separator = " ";
        foreach (var name in names)
        {
            if (line.Length + separator.Length + name.Length >= Width && separator.Length > 1)
            {
                yield return line + ",";
                (line, separator) = ("  " + name, ", ");
                continue;
            }

            (line, separator) = (line + separator + name, ", ");
        }

        yield return line;
    }

    /// <summary>The folder that several files lie in or below, if it is said shorter that way; empty if there is none.</summary>
    private static string Common(IReadOnlyList<string> files)
    {
        var folder = files.Count > 2 ? Path.GetDirectoryName(files[0]) ?? string.Empty : string.Empty;
        while (folder.Length > 0 && !files.All(f => f.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            folder = Path.GetDirectoryName(folder) ?? string.Empty;
        }

        return folder.TrimEnd(Path.DirectorySeparatorChar);
    }

    private static string Pattern(string name) => Digits().Replace(name, m => new string('#', m.Length));

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
