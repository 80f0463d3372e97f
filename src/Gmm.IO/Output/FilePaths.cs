namespace Gmm.IO;

/// <summary>Tells whether two paths, however they are spelled, lead to one file.</summary>
public static class FilePaths
{
    /// <summary>More links than any sane path has; Linux stops at 40.</summary>
    private const int MostLinks = 64;

    /// <summary>The path without ".", ".." and symbolic links, those of the folders on the way included.</summary>
    /// <param name="path">A path; nothing need exist there.</param>
    /// <returns>The full path of what it leads to. Links that run in a circle or cannot be read stay as they are.</returns>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        for (var links = 0; links < MostLinks; links++)
        {
            if (FollowFirstLink(full) is not { } next)
            {
                return full;
            }

            full = next;
        }

        return full;
    }

    /// <summary>Whether two paths lead to one file.</summary>
    /// <param name="a">A path.</param>
    /// <param name="b">Another.</param>
    /// <returns>True if they do. Hard links, two names of one content, are not recognised.</returns>
    public static bool AreSame(string a, string b) => Resolve(a) == Resolve(b);

    /// <summary>The comparison of paths on this system.</summary>
    internal static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The names by which a file is known: its full path, its real path, and its own name in the real folder.</summary>
    internal static IEnumerable<string> NamesOf(string path)
    {
        var full = Path.GetFullPath(path);
        yield return full;
        yield return Resolve(full);
        if (Path.GetDirectoryName(full) is { } folder)
        {
            yield return Path.Combine(Resolve(folder), Path.GetFileName(full));
        }
    }

    /// <summary>The path with its first link replaced by where that leads; null if there is none.</summary>
    private static string? FollowFirstLink(string full)
    {
        var root = Path.GetPathRoot(full) ?? string.Empty;
        var at = root;
        var parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            if (LinkTarget(Path.Combine(at, parts[i])) is { } link)
            {
                return Path.GetFullPath(Path.Combine([at, link, .. parts[(i + 1)..]]));
            }

            at = Path.Combine(at, parts[i]);
        }

        return null;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
