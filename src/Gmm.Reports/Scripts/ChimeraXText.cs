using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.Reports;

/// <summary>Text in ChimeraX command scripts: whatever a file's name holds, it is text there and never a command.</summary>
/// <remarks>
/// ChimeraX ends a command at a line break or a semicolon, and a quoted word at a quotation mark followed by a blank; between quotation marks it
/// reads Python's escapes. So these characters, and the backslash, are written as escapes.
/// </remarks>
internal static class ChimeraXText
{
    /// <summary>A word between quotation marks.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '"' or '\\' or ';' or '\u2028' or '\u2029')
            {
                var (mark, digits) = c < 0x100 ? ('x', "x2") : ('u', "x4");
                quoted.Append('\\').Append(mark).Append(((int)c).ToString(digits, CultureInfo.InvariantCulture));
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A file's name, from the folder of the script, between quotation marks.</summary>
    public static string QuotePath(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, Path.GetFullPath(file));
        return Quote(Path.DirectorySeparatorChar == '\\' ? relative.Replace('\\', '/') : relative);
    }

    /// <summary>The start of a script: a remark, line by line, and a session without models.</summary>
    public static StringBuilder Start(string remark)
    {
        var text = new StringBuilder();
        foreach (var line in remark.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append("# ").Append(PlainText.OneLine(line)).Append('\n');
        }

        // An empty session, because not every version of "open" takes a number for the model: then the maps are #1, #2 and so on.
        return text.Append(
            "# Open this file with ChimeraX. Paths are relative to its folder. Models that are open are closed first.\nclose session\nset bgColor white\n");
    }
}
