using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The options of a reference that is given.</summary>
internal sealed class ReferenceInput
{
    /// <summary>A resolution of fewer Fourier shells than this says nothing of a direction.</summary>
    private const int LeastShells = 4;

    private const string ResolutionName = "--reference-resolution";

    private readonly Option<string?> _map;
    private readonly Option<double?> _resolution = Declare.Number(
        ResolutionName, "A", "With --reference: the resolution that the map is used to, angstrom. Both halves see the same map, so that they are "
            + "independent only beyond it.");
    private readonly Option<int>? _iterations;

    private ReferenceInput(string description, Option<int>? iterations) =>
        (_map, _iterations) = (Declare.Text("--reference", "MAP.mrc", description), iterations);

    /// <summary>The options, to be added to a verb.</summary>
    public IEnumerable<Option> Options => _iterations is null ? [_map, _resolution] : [_map, _resolution, _iterations];

    /// <summary>Of poses, which need it in the first iterations.</summary>
    public static ReferenceInput OfPoses() => new(
        "Refines poses against this map, on the grid of the images, in place of the half maps in the first iterations: where the "
            + "poses given are so far off, or the particles so few, that their own maps show too little.",
        Declare.Count("--reference-iterations", "N", "With --reference: in how many iterations it is used, from the first.", 1));

    /// <summary>Of optics, whose poses are in its frame already.</summary>
    public static ReferenceInput OfOptics() => new(
        "Compares with this map, on the grid of the images and in the frame of their poses, in place of the half maps, in all iterations: where one is known "
            + "that is better than theirs.",
        null);

    /// <summary>The map's file; null if none is given.</summary>
    public string? Map(VerbCall call)
    {
        var map = call.Get(_map);
        call.RequireWith(map is not null, _map.Name, [.. Options.Skip(1)]);
        return map;
    }

    /// <summary>The resolution that it is used to.</summary>
    public double Resolution(VerbCall call) => call.Get(_map) is null ? 0
        : call.Get(_resolution) is not { } resolution ? throw new InvalidInputException("is needed with --reference", _resolution.Name)
        : resolution > 0 && double.IsFinite(resolution) ? resolution
        : throw new InvalidInputException("must be positive", _resolution.Name);

    /// <summary>In how many iterations it is used.</summary>
    public int Iterations(VerbCall call) =>
        _iterations is null ? RefinementOptions.MostIterations
        : call.Get(_iterations) is > 0 and var n ? n : throw new InvalidInputException("must be at least 1", _iterations.Name);

    /// <summary>Reads the map.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="resolution">The resolution that it is used to, angstrom.</param>
    /// <param name="optics">The first optics group of the images.</param>
    /// <exception cref="InvalidInputException">A map of another grid or without structure, a mask, or a resolution that the images do not have.</exception>
    public static DensityMap Read(string path, double resolution, OpticsGroup optics)
    {
        var (finest, coarsest) = (2 * optics.PixelSize, optics.BoxLength / LeastShells);
        if (resolution < finest * (1 - 1e-6) || resolution > coarsest)
        {
            throw new InvalidInputException(
                Texts.Line($"must be from {finest:G6} A, twice the pixel, to {coarsest:G6} A, a quarter of the box"), ResolutionName);
        }

        var map = MrcFile.ReadMap(path);
        MapChecks.RequireGrid(map, path, optics.ImageSize, optics.PixelSize, "the images have");
        MapInputs.RequireVaried(map, path);
        return MapInputs.IsMask(map)
            ? throw new InvalidInputException("is a mask by its values, 0 to 1 with a flat top, not a density: --mask takes it", path)
            : map;
    }
}
