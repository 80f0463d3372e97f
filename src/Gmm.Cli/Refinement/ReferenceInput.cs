using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>The options of a reference that is given.</summary>
internal sealed class ReferenceInput
{
    private readonly Option<string?> _map = Declare.Text(
        "--reference", "MAP.mrc", "Refines poses against this map, on the grid of the images, in place of the half maps in the first iterations: where the "
            + "poses given are so far off, or the particles so few, that their own maps show too little.");
    private readonly Option<double?> _resolution = Declare.Number(
        "--reference-resolution", "A", "With --reference: the resolution that the map is used to, angstrom. Both halves see the same map, so that they are "
            + "independent only beyond it.");
    private readonly Option<int> _iterations = Declare.Count(
        "--reference-iterations", "N", "With --reference: in how many iterations it is used, from the first.", 1);

    /// <summary>The options, to be added to a verb.</summary>
    public IEnumerable<Option> Options => [_map, _resolution, _iterations];

    /// <summary>The map's file; null if none is given.</summary>
    public string? Map(VerbCall call)
    {
        var map = call.Get(_map);
        call.RequireWith(map is not null, _map.Name, _resolution, _iterations);
        return map;
    }

    /// <summary>The resolution that it is used to.</summary>
    public double Resolution(VerbCall call) => call.Get(_map) is null ? 0
        : call.Get(_resolution) is not { } resolution ? throw new InvalidInputException("is needed with --reference", _resolution.Name)
        : resolution > 0 && double.IsFinite(resolution) ? resolution
        : throw new InvalidInputException("must be positive", _resolution.Name);

    /// <summary>In how many iterations it is used.</summary>
    public int Iterations(VerbCall call) =>
        call.Get(_iterations) is > 0 and var n ? n : throw new InvalidInputException("must be at least 1", _iterations.Name);

    /// <summary>Reads the map.</summary>
    public static DensityMap Read(string path, OpticsGroup optics)
    {
        var map = MrcFile.ReadMap(path);
        MapChecks.RequireGrid(map, path, optics.ImageSize, optics.PixelSize, "the images have");
        return map;
    }
}
