using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Stacks of images and maps from one program's files to another's: MRC and EMAN2's .hdf.</summary>
internal static class ImageConversion
{
    private static readonly string[] s_endings = [".mrc", ".mrcs", ".map", ".hdf"];

    /// <summary>Whether an ending is that of images or maps.</summary>
    public static bool IsEnding(string ending) => s_endings.Contains(ending);

    /// <summary>Converts a file.</summary>
    /// <param name="call">The call, which can be cancelled.</param>
    /// <param name="input">A stack or a map.</param>
    /// <param name="output">The file to write, of the kind that its ending says.</param>
    /// <param name="pixelSize">Angstrom per pixel in place of the input's.</param>
    /// <returns>Whether it is a map, and the number of images.</returns>
    /// <exception cref="InvalidInputException">
    /// The input cannot be read, says no pixel size, or has a number that is none; or the output cannot be written.
    /// </exception>
    public static (bool IsMap, int Count) Convert(VerbCall call, string input, string output, double? pixelSize)
    {
        if (IsMap(input))
        {
            var volume = MrcFile.ReadVolume(input);
            var a = PixelSize(pixelSize ?? volume.PixelSize.X, input);
            MrcFile.WriteVolume(output, volume with { PixelSize = pixelSize is null ? volume.PixelSize : (a, a, a) }, call.Overwrite);
            return (true, 1);
        }

        using var stack = ImageStacks.Open(input);
        Write(call, stack, input, output, PixelSize(pixelSize ?? stack.PixelSize, input));
        return (false, stack.Count);
    }

    /// <summary>A map is what has three dimensions and is no stack by its header or its name.</summary>
    private static bool IsMap(string path)
    {
        if (EmanStack.IsNamed(path))
        {
            using var stack = EmanStack.Open(path);
            return stack.Count == 1 && stack.Size.Count == 3;
        }

        return !path.EndsWith(".mrcs", StringComparison.OrdinalIgnoreCase) && !MrcFile.ReadHeader(path).IsOfStack;
    }

    private static double PixelSize(double a, string input) => PhysicalLimits.PixelProblem(a) is not { } problem ? a
        : throw new InvalidInputException(a > 0 ? problem : "nothing says the pixel size: --pixel-size", input, null, "header");

    private static void Write(VerbCall call, IImageStack stack, string input, string output, double pixelSize)
    {
        var pixels = new float[stack.Width * stack.Height];
        using var hdf = EmanStack.IsNamed(output) ? new EmanStackWriter(output, [stack.Height, stack.Width], pixelSize, call.Overwrite) : null;
        using var mrc = hdf is null ? new MrcStackWriter(output, stack.Width, stack.Height, pixelSize, call.Overwrite) : null;
        for (var i = 0; i < stack.Count; i++)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            stack.ReadImage(i, pixels);
            if (ImageChecks.FirstNonFinite(pixels) is var bad and >= 0)
            {
                throw new InvalidInputException(
                    $"has a NaN or infinity at pixel ({bad % stack.Width}, {bad / stack.Width})", input, i + 1, "data");
            }

            hdf?.Write(pixels);
            mrc?.Write(pixels);
        }

        hdf?.Complete();
        mrc?.Complete();
    }
}
