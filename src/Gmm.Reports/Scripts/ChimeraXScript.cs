using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>
/// Writes a ChimeraX command script (.cxc) that opens maps side by side, contoured alike and in colours that tell before from after.
/// </summary>
/// <remarks>The commands are those of UCSF ChimeraX 1.x: close, set, open, volume (with sdLevel), lighting, view, tile.</remarks>
public static class ChimeraXScript
{
    // Grey for the first map, then the colours of the charts.
    private static readonly string[] s_colours = ["#999999", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"];

    /// <summary>Writes the script. The file appears whole or not at all.</summary>
    /// <param name="path">The script, *.cxc. Paths of maps in it are relative to its folder, so that the folder can be moved.</param>
    /// <param name="maps">Paths of the maps, with a name each, in the order before, after and so on.</param>
    /// <param name="sdLevel">Contour level, standard deviations of the map's values.</param>
    /// <param name="remark">A comment at the top, one line or more; none if empty.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">No map, or a level that is not positive.</exception>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, string Path)> maps, double sdLevel = 4, string remark = "", bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var text = Create(Path.GetDirectoryName(Path.GetFullPath(path))!, maps, sdLevel, remark);
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>
    /// Writes a script that shows a run's map and opens what belongs to it hidden beside it. The file appears whole or not at all.
    /// </summary>
    /// <param name="path">The script, *.cxc. Paths in it are relative to its folder, so that the folder can be moved.</param>
    /// <param name="shown">The map that is shown, and its name.</param>
    /// <param name="hidden">Maps that are opened and hidden, with their names.</param>
    /// <param name="masks">Masks, hidden too; their surface is drawn through half their height.</param>
    /// <param name="model">An atomic model in the frame of the maps; null for none.</param>
    /// <param name="remark">A comment at the top, one line or more; none if empty.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    internal static void WriteRun(
        string path, (string Name, string Path) shown, IReadOnlyList<(string Name, string Path)> hidden, IReadOnlyList<(string Name, string Path)> masks,
        string? model = null, string remark = "", bool overwrite = false)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var text = ChimeraXText.Start(remark);
        var number = 0;
        void Open((string Name, string Path) file, string show)
        {
            text.Append(CultureInfo.InvariantCulture, $"open {ChimeraXText.QuotePath(folder, file.Path)} name {ChimeraXText.Quote(file.Name)}\n");
            text.Append(CultureInfo.InvariantCulture, $"{show.Replace("#N", $"#{++number}", StringComparison.Ordinal)}\n");
        }

        Open(shown, "volume #N style surface step 1 sdLevel 4 color #0072b2");
        foreach (var map in hidden)
        {
            Open(map, "volume #N style surface step 1 sdLevel 4 color #999999\nhide #N models");
        }

        foreach (var mask in masks)
        {
            Open(mask, "volume #N style surface step 1 level 0.5 color #e69f0080\nhide #N models");
        }

        if (model is not null)
        {
            Open(("model", model), "hide #N atoms\nshow #N cartoons");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"lighting soft\nview\n# {hidden.Count + masks.Count} maps and masks are open and hidden: the eye in the list of models shows them.\n");
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// Writes a script that shows a map coloured by the values of another, such as its local resolution. The file appears whole or not at all.
    /// </summary>
    /// <param name="path">The script, *.cxc. Paths of maps in it are relative to its folder, so that the folder can be moved.</param>
    /// <param name="map">The map whose surface is shown.</param>
    /// <param name="values">The map whose values give the colours.</param>
    /// <param name="low">Value that is blue, the good end.</param>
    /// <param name="high">Value that is red.</param>
    /// <param name="sdLevel">Contour level, standard deviations of the map's values.</param>
    /// <param name="remark">A comment at the top, one line or more; none if empty.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">A level that is not positive.</exception>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    public static void WriteColoured(
        string path, string map, string values, double low, double high, double sdLevel = 4, string remark = "", bool overwrite = false)
    {
        var text = Create(Path.GetDirectoryName(Path.GetFullPath(path))!, [("map", map), ("values", values)], sdLevel, remark);
        var end = text.IndexOf("lighting soft", StringComparison.Ordinal);
        text = text[..end]
            + $"hide #2 models\ncolor sample #1 map #2 palette {Scale(low, high, palette: true)}\nkey {Scale(low, high, palette: false)}\nlighting "
            + "soft\nview\n";
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The script's text, for a given folder.</summary>
    internal static string Create(string folder, IReadOnlyList<(string Name, string Path)> maps, double sdLevel, string remark)
    {
        if (maps.Count == 0)
        {
            throw new ArgumentException("A ChimeraX script needs at least one map.", nameof(maps));
        }

        if (!(sdLevel > 0 && double.IsFinite(sdLevel)))
        {
            throw new ArgumentException("The contour level must be a positive number of standard deviations.", nameof(sdLevel));
        }

        var text = ChimeraXText.Start(remark);
        for (var i = 0; i < maps.Count; i++)
        {
            var (name, map) = maps[i];
            text.Append(CultureInfo.InvariantCulture, $"open {ChimeraXText.QuotePath(folder, map)} name {ChimeraXText.Quote(name)}\n")
                .Append(CultureInfo.InvariantCulture, $"volume #{i + 1} style surface step 1 sdLevel {sdLevel:0.##} color {s_colours[i % s_colours.Length]}\n");
        }

        text.Append("lighting soft\nview\n");
        if (maps.Count > 1)
        {
            text.Append("# Side by side.\ntile\n");
        }

        return text.ToString();
    }

    /// <summary>Five values from low to high with their colours: "3,#0000ff:..." for a palette, "blue:3 ..." for a key.</summary>
    private static string Scale(double low, double high, bool palette)
    {
        string[] colours = ["blue", "cyan", "lime", "yellow", "red"];
        return string.Join(palette ? ":" : " ", colours.Select((c, i) =>
        {
            var value = (low + ((high - low) * i / 4)).ToString("0.##", CultureInfo.InvariantCulture);
            return palette ? $"{value},{c}" : $"{c}:{value}";
        }));
    }
}
