using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>Writes ChimeraX command scripts (.cxc) that play a row of atomic models or maps.</summary>
/// <remarks>The commands are those of UCSF ChimeraX 1.x: mseries for models, vseries for maps of one size.</remarks>
public static class MotionScript
{
    /// <summary>Writes a script that opens atomic models in order and plays them.</summary>
    /// <param name="path">The script, *.cxc. Paths in it are relative to its folder, so that the folder can be moved.</param>
    /// <param name="models">The models, in order.</param>
    /// <param name="remark">A comment at the top; none if empty.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">No model.</exception>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    public static void WriteModels(string path, IReadOnlyList<string> models, string remark = "", bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(remark);
        var names = Names(path, models);
        var text = ChimeraXText.Start(remark);
        foreach (var name in names)
        {
            text.Append(CultureInfo.InvariantCulture, $"open {name}\n");
        }

        var last = names.Length;
        text.Append("hide atoms\nshow cartoons\nlighting soft\nview\n");
        if (last > 1)
        {
            // There and back: a second copy of the row in reverse would double the models, so the row is morphed into one trajectory instead.
            text.Append(CultureInfo.InvariantCulture, $"morph #1-{last} frames 10 same true\nhide #1-{last} models\n")
                .Append(CultureInfo.InvariantCulture, $"# To step through the models themselves: show #1-{last} models; mseries slider #1-{last}\n")
                .Append(CultureInfo.InvariantCulture, $"coordset #{last + 1} 1, pauseFrames 2 loop 20 bounce true\n");
        }

        Write(path, text, overwrite);
    }

    /// <summary>Writes a script that opens maps of one size as a series and plays it.</summary>
    /// <param name="path">The script, *.cxc. Paths in it are relative to its folder, so that the folder can be moved.</param>
    /// <param name="maps">The maps, in order.</param>
    /// <param name="sdLevel">Contour level, standard deviations of the map's values.</param>
    /// <param name="remark">A comment at the top; none if empty.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">No map.</exception>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    public static void WriteMaps(string path, IReadOnlyList<string> maps, double sdLevel = 4, string remark = "", bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(remark);
        var text = ChimeraXText.Start(remark).Append("open ").AppendJoin(' ', Names(path, maps)).Append(" vseries true\n")
            .Append(CultureInfo.InvariantCulture, $"volume #1 style surface step 1 sdLevel {sdLevel:0.##} color #0072b2\nlighting soft\nview\n")
            .Append("vseries play #1 loop true direction oscillate\n");
        Write(path, text, overwrite);
    }

    /// <summary>The files' names from the script's folder, each between quotation marks.</summary>
    private static string[] Names(string path, IReadOnlyList<string> files)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return files.Count == 0
            ? throw new ArgumentException("A script needs a file to show.", nameof(files))
            : [.. files.Select(f => ChimeraXText.QuotePath(folder, f))];
    }

    private static void Write(string path, StringBuilder text, bool overwrite) =>
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
}
