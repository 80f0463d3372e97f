using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Gaussian models for other programs' eyes: as points of an atomic model, or as spheres of ChimeraX.</summary>
internal static class GaussianDrawing
{
    /// <summary>Most atoms that a PDB file can number.</summary>
    private const int MostPdb = 99_999;

    /// <summary>
    /// Writes PDB or mmCIF: an atom for each Gaussian, where its centre is in a map whose corner is the origin, with the B factor of its width and its
    /// amplitude over the greatest as occupancy.
    /// </summary>
    /// <param name="path">The file; .cif or .mmcif is mmCIF, else PDB.</param>
    /// <param name="model">The model.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">More Gaussians, or numbers longer, than PDB's columns hold; the file cannot be written.</exception>
    public static void WriteAtoms(string path, GaussianModel model, bool overwrite)
    {
        var isCif = Path.GetExtension(path).ToUpperInvariant() is ".CIF" or ".MMCIF";
        if (!isCif && model.Count > MostPdb)
        {
            throw new InvalidInputException($"{model.Count} Gaussians are more than PDB can number ({MostPdb}); write .cif", path);
        }

        var text = new StringBuilder(isCif ? "data_gaussians\n#\nloop_\n" : string.Empty);
        foreach (var column in isCif ? CifAtomWriter.Columns : [])
        {
            text.Append("_atom_site.").Append(column).Append('\n');
        }

        var greatest = Greatest(model);
        for (var j = 0; j < model.Count; j++)
        {
            var (x, y, z) = Place(model, j);
            double b = GaussianModel.BFactorOfWidth(model.Widths[j]), occupancy = model.Amplitudes[j] / greatest;
            if (isCif)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"HETATM {j + 1} C C . GAU G ? . ? {x:0.000###} {y:0.000###} {z:0.000###} {occupancy:0.000###} {b:0.00##} {j + 1} GAU G C 1\n");
                continue;
            }

            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"HETATM{j + 1,5}  C   GAU G{(j % 9999) + 1,4}    {x,8:F3}{y,8:F3}{z,8:F3}{occupancy,6:F2}{b,6:F2}           C");
            text.Append(line.Length == 78
                ? line
                : throw new InvalidInputException($"Gaussian {j + 1} is too wide (B over 999.99) or too far away for PDB's columns; write .cif", path))
                .Append('\n');
        }

        text.Append(isCif ? "#\n" : "END\n");
        AtomicOutput.Write(path, overwrite, s => s.Write(Encoding.ASCII.GetBytes(text.ToString())));
    }

    /// <summary>Writes spheres (BILD): radius the standard deviation, strong Gaussians blue, weak ones grey, negative ones red.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    public static void WriteBild(string path, GaussianModel model, bool overwrite)
    {
        var text = new StringBuilder(".comment Gaussians of gmm: radius is the standard deviation, blue a great amplitude, red a negative one\n");
        var greatest = Greatest(model);
        for (var j = 0; j < model.Count; j++)
        {
            var (x, y, z) = Place(model, j);
            var share = model.Amplitudes[j] / greatest;
            var (r, g, b) = share < 0 ? (0.9, 0.2, 0.2) : (0.7 - (0.6 * share), 0.7 - (0.3 * share), 0.7 + (0.2 * share));
            text.Append(
                CultureInfo.InvariantCulture, $".color {r:F3} {g:F3} {b:F3}\n.sphere {x:F3} {y:F3} {z:F3} {model.Widths[j]:F3}\n");
        }

        AtomicOutput.Write(path, overwrite, s => s.Write(Encoding.ASCII.GetBytes(text.ToString())));
    }

    private static double Greatest(GaussianModel model)
    {
        double greatest = 0;
        foreach (var a in model.Amplitudes)
        {
            greatest = Math.Max(greatest, Math.Abs(a));
        }

        return greatest > 0 ? greatest : 1;
    }

    /// <summary>Angstrom from the first voxel, as maps without an origin have it.</summary>
    private static (double X, double Y, double Z) Place(GaussianModel model, int j)
    {
        var centre = model.BoxSize / 2 * model.PixelSize;
        return (model.X[j] + centre, model.Y[j] + centre, model.Z[j] + centre);
    }
}
