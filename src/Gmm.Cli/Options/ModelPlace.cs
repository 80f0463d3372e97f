using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Whether an atomic model lies where a map has density.</summary>
/// <remarks>
/// The mean of the map at the atoms is compared with the whole map and with what the same atoms find when they are moved through the box (round its ends, by
/// eighths of it). Where the model is right, its own place beats the others even in an unfiltered half map, where the noise is most of the map's standard
/// deviation; a part of a complex may be beaten by a denser part, but lies far above the map's mean. A model in another frame fails both.
/// Neither sees a model that overlaps the molecule by luck, such as one that is centred but turned.
/// </remarks>
internal static class ModelPlace
{
    /// <summary>Standard deviations over the map's mean that count as density whatever lies elsewhere.</summary>
    private const double EnoughDeviations = 1.5;

    /// <summary>The part of the best other place's density that the model's own place must reach.</summary>
    private const double EnoughOfBest = 0.85;

    private const int Steps = 8;
    private const int MostAtoms = 2000;

    /// <summary>Warns where a map's density at a model's atoms is no higher than elsewhere.</summary>
    /// <param name="map">The map.</param>
    /// <param name="mapFile">Its name.</param>
    /// <param name="atoms">The atoms in the map's frame, angstrom.</param>
    /// <param name="modelFile">The model's name.</param>
    /// <param name="centred">Whether --centre-model was given.</param>
    /// <returns>The warning, or null.</returns>
    public static string? Warning(MrcVolume map, string mapFile, IReadOnlyList<SimulatedAtom> atoms, string modelFile, bool centred)
    {
        var places = Places(map, atoms);
        var mean = map.Voxels.Average(v => (double)v);
        var deviation = Math.Sqrt(map.Voxels.Average(v => (v - mean) * (v - mean)));
        if (places.Count == 0 || !(deviation > 0) || Math.Min(map.Size.X, Math.Min(map.Size.Y, map.Size.Z)) < Steps)
        {
            return null;
        }

        var here = At(map, places, (0, 0, 0)) - mean;
        if (here >= EnoughDeviations * deviation || here >= EnoughOfBest * (BestElsewhere(map, places) - mean))
        {
            return null;
        }

        return Texts.Line($"{modelFile}: the density of {mapFile} at the atoms is no higher than elsewhere ({here / deviation:F1} standard deviations ")
            + "above the map's mean): "
            + "the model is probably not in the map's frame; fit it first (ChimeraX: fitmap)"
            + (centred ? string.Empty : ", or try --centre-model if both are centred");
    }

    /// <summary>The voxels nearest to the atoms that lie inside the map, of at most 2000 atoms along the whole model.</summary>
    private static List<(int X, int Y, int Z)> Places(MrcVolume map, IReadOnlyList<SimulatedAtom> atoms)
    {
        var (first, pixel, size) = (map.FirstVoxel, map.PixelSize, map.Size);
        var places = new List<(int X, int Y, int Z)>();
        var stride = (atoms.Count + MostAtoms - 1) / MostAtoms;
        for (var i = 0; i < atoms.Count; i += stride)
        {
            double x = Math.Round((atoms[i].X - first.X) / pixel.X), y = Math.Round((atoms[i].Y - first.Y) / pixel.Y),
                z = Math.Round((atoms[i].Z - first.Z) / pixel.Z);
            if (x >= 0 && y >= 0 && z >= 0 && x < size.X && y < size.Y && z < size.Z)
            {
                places.Add(((int)x, (int)y, (int)z));
            }
        }

        return places;
    }

    private static double BestElsewhere(MrcVolume map, List<(int X, int Y, int Z)> places)
    {
        var best = double.NegativeInfinity;
        for (var step = 1; step < Steps * Steps * Steps; step++)
        {
            var (x, y, z) = (step % Steps, step / Steps % Steps, step / (Steps * Steps));
            best = Math.Max(best, At(map, places, (x * map.Size.X / Steps, y * map.Size.Y / Steps, z * map.Size.Z / Steps)));
        }

        return best;
    }

    private static double At(MrcVolume map, List<(int X, int Y, int Z)> places, (int X, int Y, int Z) shift)
    {
        var ((nx, ny, nz), sum) = (map.Size, 0.0);
        foreach (var (x, y, z) in places)
        {
            sum += map.Voxels[(((((long)z + shift.Z) % nz * ny) + ((y + shift.Y) % ny)) * nx) + ((x + shift.X) % nx)];
        }

        return sum / places.Count;
    }
}
