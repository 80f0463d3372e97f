using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads atomic models from PDB (.pdb, .ent) and mmCIF (.cif, .mmcif) files, also gzipped (.gz), and writes mmCIF.</summary>
/// <remarks>
/// Only the first model (frame) is read. Of alternative locations the one of the highest occupancy is kept (of equal ones the first label,
/// usually A), and of several residues at one position all of the best. Missing elements come from the names, missing occupancies are 1, and a
/// predictor's confidence in the place of B factors is not taken for them. All this is said in <see cref="AtomicModel.Warnings"/>. Hydrogens are
/// read and can be told by <see cref="AtomicModel.IsHydrogen"/>. Waters and ligands are read too.
/// </remarks>
public static class AtomicModelFile
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The file; its name says the format.</param>
    /// <returns>The atoms.</returns>
    /// <exception cref="InvalidInputException">
    /// The file cannot be read, has another format, has no atoms, or a coordinate is not a number; the message names file, row and field.
    /// </exception>
    public static AtomicModel Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var zipped = InputFile.IsZipped(path);
        var extension = Path.GetExtension(zipped ? path[..^3] : path).ToLowerInvariant();
        if (extension is not (".pdb" or ".ent" or ".cif" or ".mmcif"))
        {
            throw new InvalidInputException(
                $"\"{extension}\" is not the ending of an atomic model; .pdb, .ent, .cif and .mmcif are, with or without .gz", path);
        }

        return InputFile.ReadText(path, stream =>
        {
            var table = extension is ".pdb" or ".ent" ? PdbReader.Read(stream, path) : CifAtomReader.Read(stream, path);
            return table.Atoms.Count > 0 ? table.ToModel(path) : throw new InvalidInputException("the file has no atoms", path);
        });
    }

    /// <summary>Writes a model as mmCIF: its _atom_site loop, which is all that this library reads and what viewers need.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The atoms; a B factor that is not finite is written as <c>?</c>, "no value".</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteCif(string path, AtomicModel model, bool overwrite = false) =>
        AtomicOutput.Write(path, overwrite, stream => CifAtomWriter.Write(stream, model, Path.GetFileNameWithoutExtension(path)));
}
