using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>An atomic model in a map's box.</summary>
/// <param name="Model">The model in the map's frame, moved if that was asked for.</param>
/// <param name="X">X of the atoms that scatter (no hydrogens, no waters), angstrom from the box centre.</param>
/// <param name="Y">Y of them.</param>
/// <param name="Z">Z of them.</param>
internal sealed record AtomsInBox(AtomicModel Model, float[] X, float[] Y, float[] Z)
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="centre">Whether it is moved to the box centre.</param>
    /// <param name="size">Voxels along each side of the map's box.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="origin">The box centre in the map's frame, angstrom.</param>
    /// <param name="call">Shows the reader's warnings.</param>
    /// <exception cref="InvalidInputException">More than one atom in a hundred lies outside the box.</exception>
    public static AtomsInBox Read(string path, bool centre, int size, double pixelSize, (double X, double Y, double Z) origin, VerbCall call)
    {
        var model = AtomicInput.Read(path, centre ? origin : null, call);
        var atoms = AtomicInput.Atoms(path, model);
        var result = new AtomsInBox(model, new float[atoms.Count], new float[atoms.Count], new float[atoms.Count]);
        var (outside, limit) = (0, size * pixelSize / 2);
        for (var i = 0; i < atoms.Count; i++)
        {
            double x = atoms[i].X - origin.X, y = atoms[i].Y - origin.Y, z = atoms[i].Z - origin.Z;
            (result.X[i], result.Y[i], result.Z[i]) = ((float)x, (float)y, (float)z);
            outside += Math.Abs(x) > limit || Math.Abs(y) > limit || Math.Abs(z) > limit ? 1 : 0;
        }

        var cause = centre ? "the box is too small for it" : "the model is not in the map's frame (--centre-model puts its centre at the box centre)";
        return outside <= atoms.Count / 100
            ? result
            : throw new InvalidInputException($"{outside} of {atoms.Count} atoms lie outside the map's box: {cause}", path);
    }
}
