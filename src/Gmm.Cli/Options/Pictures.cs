using Gmm.Core;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Writes pictures: a machine that cannot draw gets a warning, and everything else of the job.</summary>
internal static class Pictures
{
    /// <summary>Writes a figure to files.</summary>
    /// <param name="call">The call, for the warning.</param>
    /// <param name="chart">The figure.</param>
    /// <param name="overwrite">Whether existing files may be replaced. Where nothing can be drawn they go, as they show another result.</param>
    /// <param name="files">The files, .png or .svg.</param>
    public static void Save(VerbCall call, Chart chart, bool overwrite, params IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            Draw(call, file, overwrite, () => chart.Save(file, overwrite));
        }
    }

    /// <summary>Writes a picture of one's own.</summary>
    /// <param name="call">The call, for the warning.</param>
    /// <param name="file">The file.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="draw">What writes it.</param>
    public static void Draw(VerbCall call, string file, bool overwrite, Action draw)
    {
        try
        {
            draw();
        }
        catch (PicturesUnavailableException e)
        {
            call.NotDrawn(file);
            call.WarnOnce(e.Message + "; everything else is written");
            if (overwrite)
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Draws the distribution of viewing directions.</summary>
    /// <param name="call">The call, for the warning.</param>
    /// <param name="files">The files, .png or .svg.</param>
    /// <param name="rotations">The orientations.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    public static void Orientations(VerbCall call, IEnumerable<string> files, IEnumerable<Rotation> rotations, bool overwrite) =>
        Save(call, OrientationChart.Create(rotations), overwrite, files);
}
