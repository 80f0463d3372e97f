using Gmm.Core;

namespace Gmm.IO;

/// <summary>RELION's optimisation_set.star of tomography, which names the file of the particles and that of their tomograms.</summary>
/// <param name="Particles">The file of the particles, where it was found.</param>
/// <param name="Tomograms">The file of the tomograms, where it was found.</param>
internal sealed record OptimisationSet(string Particles, string Tomograms)
{
    /// <summary>Bytes of a set at most: it has a few lines, and files of particles, which can be large, are not read for this.</summary>
    private const int Longest = 1 << 16;

    /// <summary>Reads a set.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">Folder that names are relative to; null for the usual places.</param>
    /// <returns>The set; null if the file is a STAR file of another kind, or no STAR file by its name.</returns>
    /// <exception cref="InvalidInputException">It cannot be read, or a file that it names is missing; file and field are named.</exception>
    public static OptimisationSet? Read(string path, string? root)
    {
        if (!path.EndsWith(".star", StringComparison.OrdinalIgnoreCase) || new FileInfo(path) is { Exists: true, Length: > Longest })
        {
            return null;
        }

        var file = StarFile.Read(path);
        if (TomographyInputs.SetIn(file) is not { } block)
        {
            return null;
        }

        var (table, roots) = (block.AsTable(), new ImageRoots(path, root, file.Comments));
        string Find(string label) => table.RowCount == 1
            ? roots.Find(table.GetText(0, label)) ?? throw table.Error($"there is no file {table.GetText(0, label)}; looked in {roots.Places}", 0, label)
            : throw new InvalidInputException($"names {table.RowCount} files; one is read", path, null, label);
        return new OptimisationSet(Find(TomographyInputs.ParticlesFile), Find(TomographyInputs.TomogramsFile));
    }
}
