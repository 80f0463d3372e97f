using Gmm.Core;

namespace Gmm.IO;

/// <summary>A list of EMAN2's: which images of which files, and what is said of each.</summary>
/// <param name="Entries">The images, in order; one at least.</param>
/// <param name="Comments">Its comments, those of one line with tabs between as several: a list has one line for them.</param>
internal sealed record EmanList(IReadOnlyList<EmanEntry> Entries, IReadOnlyList<string> Comments)
{
    /// <summary>EMAN2 reads that many bytes of the line of comments at most (lstfastio.cpp, MAXPATHLEN).</summary>
    private const int LongestLine = 4000;

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool IsNamed(string path) => path.EndsWith(".lst", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file: #LSX or #LST, lines of number, file and perhaps JSON, with tabs between.</param>
    /// <exception cref="InvalidInputException">It is none, or a line cannot be read; the message names file, line and field.</exception>
    public static EmanList Read(string path)
    {
        var lines = InputFile.ReadUtf8(path).Split('\n');
        if (lines[0] is not ("#LSX" or "#LST"))
        {
            throw new InvalidInputException("is no list of EMAN2's: its first line is neither #LSX nor #LST", path, 1);
        }

        var (entries, comments) = (new List<EmanEntry>(), new List<string>());
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith('#'))
            {
                comments.AddRange(line.Split('\t'));
            }
            else if (line.Length > 0)
            {
                entries.Add(EmanEntry.Parse(line, path, i + 1));
            }
        }

        return entries.Count > 0 ? new EmanList(entries, comments) : throw new InvalidInputException("has no images", path);
    }

    /// <summary>The line of comments of a list that is written: as many of them as EMAN2 reads.</summary>
    public static string CommentLine(IEnumerable<string> comments)
    {
        var line = string.Empty;
        foreach (var comment in comments)
        {
            var more = line.Length == 0 ? comment : $"{line}\t{comment}";
            line = System.Text.Encoding.UTF8.GetByteCount(more) <= LongestLine ? more : line;
        }

        return line;
    }
}
