using Gmm.Core;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Pictures that several verbs draw.</summary>
internal static class Pictures
{
    /// <summary>Draws the distribution of viewing directions.</summary>
    /// <param name="files">The files, .png or .svg.</param>
    /// <param name="rotations">The orientations.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    public static void Orientations(IEnumerable<string> files, IEnumerable<Rotation> rotations, bool overwrite)
    {
        var chart = OrientationChart.Create(rotations);
        foreach (var file in files)
        {
            chart.Save(file, overwrite);
        }
    }
}
