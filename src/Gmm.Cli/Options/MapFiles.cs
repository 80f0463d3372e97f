using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The files of a reconstruction.</summary>
/// <param name="Prefix">What their names begin with.</param>
internal sealed record MapFiles(string Prefix)
{
    public string Half1 => Prefix + "_half1_unfil.mrc";

    public string Half2 => Prefix + "_half2_unfil.mrc";

    public string Sum => Prefix + ".mrc";

    public string[] All => [Half1, Half2, Sum];

    /// <summary>Pictures of the viewing directions, which reconstruct draws beside the maps.</summary>
    public string[] Orientations => [Prefix + "_orientations.png", Prefix + "_orientations.svg"];

    /// <summary>Reads the half maps of a finished refinement.</summary>
    public static HalfMapPair ReadRefined(string folder) => new(
        MrcFile.ReadHalfMap(Path.Combine(folder, "run_half1_unfil.mrc"), 1), MrcFile.ReadHalfMap(Path.Combine(folder, "run_half2_unfil.mrc"), 2), 1, 1);

    public void Write(HalfMapPair maps, bool overwrite, DensityMap? full = null)
    {
        MrcFile.WriteMap(Half1, maps.Half1, overwrite);
        MrcFile.WriteMap(Half2, maps.Half2, overwrite);
        MrcFile.WriteMap(Sum, full ?? maps.Mean(), overwrite);
    }
}
