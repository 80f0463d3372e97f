using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>
/// Whether the halves, which were trained apart, found the same conformation at each point of a trajectory: their maps there, compared inside the
/// mask of what moves. The yardstick is the agreement of half 1's map with half 2's at the point that is farthest away.
/// </summary>
internal sealed class HalvesAgreement
{
    private readonly SolventMask _mask;
    private readonly double _resolution;
    private readonly LandscapeFiles _files;
    private readonly ComputeOptions _compute;

    /// <summary>Chooses the mask.</summary>
    /// <param name="motion">Says which focus mask there was, and the band.</param>
    /// <param name="files">Where the maps are.</param>
    /// <param name="compute">Threads.</param>
    public HalvesAgreement(LearntMotion motion, LandscapeFiles files, ComputeOptions compute)
    {
        (_resolution, _files, _compute) = (motion.Record.Resolution, files, compute);
        var (first, second) = (Read(0, 1), Read(0, 2));
        if (motion.FocusFile is { } focus && MrcFile.ReadMask(focus) is { } read
            && MapChecks.IsOnGrid(read, first.Size, first.PixelSize))
        {
            (_mask, MaskName) = (read, focus);
        }
        else
        {
            var (mask, warning) = SolventMasks.Automatic(first, second, compute);
            (_mask, MaskName) = (mask, warning ?? "made from the half maps of point 1");
        }
    }

    /// <summary>Where the mask is from.</summary>
    public string MaskName { get; }

    /// <summary>Compares the maps of a point.</summary>
    /// <param name="point">The point, from 0.</param>
    /// <param name="farthest">The point that is farthest from it.</param>
    public LandscapeAgreement At(int point, int farthest)
    {
        var first = Read(point, 1);
        return new LandscapeAgreement(Compare(first, Read(point, 2)), farthest + 1, Compare(first, Read(farthest, 2)));
    }

    private MapAgreement Compare(HalfMap first, HalfMap second)
    {
        var fsc = FourierShellCorrelation.PhaseRandomised(first, second, _mask, _compute);
        return new MapAgreement(MapWork.Resolution(fsc), Math.Round(fsc.Corrected.Mean(_resolution), 4));
    }

    /// <summary>A map that was written; only two are in memory at once.</summary>
    private HalfMap Read(int point, int half) => MrcFile.ReadHalfMap(half == 1 ? _files.Map(point).Half1 : _files.Map(point).Half2, half);
}
