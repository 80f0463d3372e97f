namespace Gmm.IO;

/// <summary>Where a path leads once all links on the way are followed: two names of one file have one real path.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The comparison of paths on this system.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The real path; parts that do not exist stay as they are.</summary>
    public static string Of(string path) => Follow(Path.GetFullPath(path), MostLinks);

    /// <summary>The names by which a file is known: its full path, its real path, and its own name in the real folder.</summary>
    public static IEnumerable<string> NamesOf(string path)
    {
        var full = Path.GetFullPath(path);
        yield return full;
        yield return Of(full);
        if (Path.GetDirectoryName(full) is { } folder)
        {
            yield return Path.Combine(Of(folder), Path.GetFileName(full));
        }
    }

    private static string Follow(string full, int links)
    {
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        var place = Path.Combine(Follow(parent, links), Path.GetFileName(full));
        try
        {
            return links > 0 && new FileInfo(place).LinkTarget is { } target
                ? Follow(Path.GetFullPath(target, Path.GetDirectoryName(place)!), links - 1)
                : place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return place;
        }
    }
}
