using Gmm.Core;

namespace Gmm.IO;

/// <summary>A stack of images as a file of particles without poses and CTFs: what cryoDRGN keeps beside its pickles.</summary>
internal static class StackList
{
    private static readonly string[] s_endings = [".mrcs", ".mrc", ".hdf", ".hdf5", ".h5"];

    /// <summary>Whether a file is a stack, by its name.</summary>
    public static bool IsStack(string path) => s_endings.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Makes particles of the images, all with the pose of no rotation.</summary>
    /// <param name="path">The stack.</param>
    /// <param name="options">The pixel size in place of the header's.</param>
    /// <exception cref="InvalidInputException">It cannot be read; the message names the file.</exception>
    public static ParticleFile Read(string path, StarParticlesOptions options)
    {
        using var stack = ImageStacks.Open(path);
        var table = new StarTable(Labels.ImageName) { Source = path };
        for (var i = 0; i < stack.Count; i++)
        {
            table.AddRow(StarParticles.ImageName(i, path));
        }

        var pixel = options.PixelSize ?? stack.PixelSize;
        var optics = new OpticsGathering();
        var group = optics.IdOf(new ParticleOptics(
            null, null, null, PhysicalLimits.PixelProblem(pixel) is null ? PoseText.Text(pixel) : null, stack.Width));
        string[] zeros = [.. Enumerable.Repeat(PoseText.Text(0), stack.Count)];
        table.SetColumn(Labels.Group, [.. Enumerable.Repeat(group, stack.Count)]);
        foreach (var label in new[] { PoseText.Rot, PoseText.Tilt, PoseText.Psi, PoseText.OriginXAngstrom, PoseText.OriginYAngstrom })
        {
            table.SetColumn(label, zeros);
        }

        return new ParticleFile(optics.File(table), null, []);
    }
}
