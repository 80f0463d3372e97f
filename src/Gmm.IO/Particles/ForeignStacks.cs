namespace Gmm.IO;

/// <summary>Headers of the stacks that a file of another program names, where they are found: they say what such files do not.</summary>
/// <param name="path">The file.</param>
/// <param name="file">What it holds, with the folders that it remembers; null if it can remember none.</param>
/// <param name="options">Where images are looked for.</param>
internal sealed class ForeignStacks(string path, StarFile? file, StarParticlesOptions options)
{
    private readonly ImageRoots _roots = new(path, options.Root, file);
    private readonly Dictionary<string, MrcHeader?> _headers = new(StringComparer.Ordinal);

    /// <summary>Side of the images of a stack, pixels; null if nothing says it.</summary>
    public int? Side(string name) => options.ImageSize ?? Header(name)?.Columns;

    /// <summary>The header of a stack; null if it is not found. One that cannot be read is told of where images are asked for.</summary>
    public MrcHeader? Header(string name)
    {
        if (!_headers.TryGetValue(name, out var header))
        {
            _headers.Add(name, header = _roots.Find(name) is { } found ? Read(found) : null);
        }

        return header;
    }

    private static MrcHeader? Read(string stack)
    {
        try
        {
            return MrcFile.ReadHeader(stack);
        }
        catch (Gmm.Core.InvalidInputException)
        {
            return null;
        }
    }
}
