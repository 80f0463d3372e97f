using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Gaussian models in the files of other programs.</summary>
internal static class ModelConversion
{
    private static readonly string[] s_endings = [".star", ".txt", ".cif", ".mmcif", ".pdb", ".ent", ".bild"];

    /// <summary>Whether a file is a Gaussian model: EMAN2's text by its ending, Gmm's own by its table.</summary>
    public static bool IsModel(string path) =>
        HasNoUnits(path)
        || (path.EndsWith(".star", StringComparison.OrdinalIgnoreCase) && StarFile.Read(path).Find("gmm_gaussians") is not null);

    /// <summary>Whether a file is EMAN2's text, which does not say how large its box and voxels are.</summary>
    public static bool HasNoUnits(string path) => path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses an ending that no model is written with.</summary>
    public static void RequireEnding(string ending, string option)
    {
        if (!s_endings.Contains(ending))
        {
            throw new InvalidInputException($"a model is written as {string.Join(", ", s_endings)}, not as '{ending}'", option);
        }
    }

    /// <summary>Reads a model; EMAN2's has no units, so its box must be said.</summary>
    public static GaussianModel Read(string path, int? box, double? pixelSize)
    {
        if (!HasNoUnits(path))
        {
            return GaussianModelFile.Read(path);
        }

        const string why = "is needed: EMAN2's models are in box lengths";
        var (n, a) = (box ?? throw new InvalidInputException(why, "--box"), pixelSize ?? throw new InvalidInputException(why, "--pixel-size"));
        return n is < 2 or > PhysicalLimits.LargestBox ? throw new InvalidInputException($"{n} voxels are no box", "--box")
            : a is >= PhysicalLimits.SmallestPixel and <= PhysicalLimits.LargestPixel ? EmanModelFile.Read(path, n, a)
            : throw new InvalidInputException(Texts.Line($"{a} angstrom are no voxel"), "--pixel-size");
    }

    /// <summary>Writes a model, of the kind that the ending says.</summary>
    public static void Write(string path, string ending, GaussianModel model, bool overwrite)
    {
        switch (ending)
        {
            case ".star":
                GaussianModelFile.Write(path, model, overwrite);
                break;
            case ".txt":
                EmanModelFile.Write(path, model, overwrite);
                break;
            case ".bild":
                GaussianDrawing.WriteBild(path, model, overwrite);
                break;
            default:
                GaussianDrawing.WriteAtoms(path, model, overwrite);
                break;
        }
    }
}
