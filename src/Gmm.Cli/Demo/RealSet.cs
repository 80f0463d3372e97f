using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The real images of beta-galactosidase that come with the tool (Data/README.md), and the atomic model in the frame of their maps.</summary>
internal static class RealSet
{
    /// <summary>Number of images.</summary>
    public const int Count = 1207;

    /// <summary>Name of the published poses.</summary>
    public const string Published = "published";

    /// <summary>Name of the start: every published pose turned by 8 degrees about an axis of its own and shifted by 4 A rms.</summary>
    public const string Disturbed = "disturbed_8deg";

    /// <summary>The same by 4 degrees and 2 A.</summary>
    public const string LessDisturbed = "disturbed_4deg";

    private const string ImageName = "rlnImageName";

    /// <summary>The molecule's point group, along the axes of the published poses.</summary>
    public static SymmetryGroup Symmetry => SymmetryGroup.Parse("D2");

    /// <summary>Writes a STAR file of the first images, which are named by their full path, so that the file can be used from any folder.</summary>
    public static void WriteParticles(string path, string poses, int count, bool overwrite)
    {
        var source = DemoData.RealParticles(poses);
        var file = StarFile.Read(source);
        var table = file.Find("particles")!.Table!.Select([.. Enumerable.Range(0, count)]);
        var folder = Path.GetDirectoryName(source)!;
        table.SetColumn(
            ImageName, [.. table.GetColumn(ImageName).Select(name => name.Replace("@", "@" + folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))]);
        new StarFile(file.Find("optics")!, new StarBlock("particles", table)).Write(path, overwrite);
    }

    /// <summary>
    /// 5A1A in the frame of the maps. Its two-fold axes lie along those of its cell already, and meet in one point; this point goes to the box centre, and the
    /// axes change places as they do in the published map of the RELION tutorial (the one of the ways to lay them along the box that agrees with it).
    /// </summary>
    public static AtomicModel PlacedModel(OpticsGroup optics)
    {
        const double Centre = 93.002;
        var box = optics.ImageSize / 2 * optics.PixelSize;
        var atoms = AtomicModelFile.Read(DemoData.Model);
        double[] x = atoms.X.ToArray(), y = atoms.Y.ToArray(), z = atoms.Z.ToArray();
        return atoms.WithCoordinates(
            [.. y.Select(v => box - (v - Centre))], [.. z.Select(v => box + (v - Centre))], [.. x.Select(v => box - (v - Centre))]);
    }
}
