namespace Gmm.IO;

/// <summary>Stacks of images of every kind that is read.</summary>
internal static class ImageStacks
{
    /// <summary>Opens a stack: EMAN2's .hdf by its name, MRC otherwise.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">It is missing, cannot be read, or is of another form.</exception>
    public static IImageStack Open(string path) => EmanStack.IsNamed(path) ? EmanStack.Open(path) : MrcStack.Open(path);
}

/// <summary>What a stack holds.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Width">Pixels along x.</param>
/// <param name="Height">Pixels along y.</param>
/// <param name="PixelSize">Angstrom per pixel; 0 where the file does not say.</param>
/// <param name="Present">The images that are there, from 0; null if all are.</param>
internal sealed record StackShape(int Count, int Width, int Height, double PixelSize, IReadOnlySet<int>? Present)
{
    public static StackShape Of(IImageStack stack) => new(stack.Count, stack.Width, stack.Height, stack.PixelSize, stack.Present);
}
