using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>An atomic model's coordinates in a map's box.</summary>
internal static class AtomsInBox
{
    /// <summary>Reads the non-hydrogen atoms, angstrom from the box centre.</summary>
    /// <param name="path">The model.</param>
    /// <param name="volume">The map as its file has it, for its frame.</param>
    /// <param name="size">Voxels along each side of the map's box.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="centre">Whether the centre of mass goes to the box centre; else the coordinates are in the map's frame.</param>
    /// <param name="centreOption">The verb's option that centres models, to be named where it would help; null where it has none.</param>
    /// <exception cref="InvalidInputException">More than one atom in a hundred lies outside the box.</exception>
    public static (float[] X, float[] Y, float[] Z) Read(string path, MrcVolume volume, int size, double pixelSize, bool centre, string? centreOption = null)
    {
        var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(path));
        var half = size / 2;
        var first = volume.FirstVoxel;
        var origin = centre
            ? (X: atoms.Average(a => a.X), Y: atoms.Average(a => a.Y), Z: atoms.Average(a => a.Z))
            : (X: first.X + (half * pixelSize), Y: first.Y + (half * pixelSize), Z: first.Z + (half * pixelSize));
        var result = (X: new float[atoms.Count], Y: new float[atoms.Count], Z: new float[atoms.Count]);
        var (outside, limit) = (0, size * pixelSize / 2);
        for (var i = 0; i < atoms.Count; i++)
        {
            double x = atoms[i].X - origin.X, y = atoms[i].Y - origin.Y, z = atoms[i].Z - origin.Z;
            (result.X[i], result.Y[i], result.Z[i]) = ((float)x, (float)y, (float)z);
            outside += Math.Abs(x) > limit || Math.Abs(y) > limit || Math.Abs(z) > limit ? 1 : 0;
        }

        return outside <= atoms.Count / 100
            ? result
            : throw new InvalidInputException(
                $"{outside} of {atoms.Count} atoms lie outside the map's box: the model is not in the map's frame{(centre || centreOption is null ? string.Empty : $" ({centreOption} puts its centre at the box centre)")}", path);
    }
}
