using Gmm.Core;

namespace Gmm.IO;

/// <summary>The files of a run as they lie in its folder and in folders of it; nothing behind a link is the run's.</summary>
/// <param name="path">The folder of the run.</param>
internal sealed class RunTree(string path)
{
    /// <summary>The path of a name in the folder, "/" between names.</summary>
    public string In(string name) => Path.Combine(path, Path.DirectorySeparatorChar == '/' ? name : name.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The first of the folders between this one and a file that is a link; null if the file is truly inside.</summary>
    public string? LinkOnTheWay(string name)
    {
        for (var end = name.IndexOf('/', StringComparison.Ordinal); end >= 0; end = name.IndexOf('/', end + 1))
        {
            if (new DirectoryInfo(In(name[..end])).LinkTarget is not null)
            {
                return In(name[..end]);
            }
        }

        return null;
    }

    /// <summary>
    /// Refuses files that the run is said to have made and that lie behind a link: they are in whatever folder that leads to, and not the run's to
    /// replace or remove.
    /// </summary>
    /// <param name="names">The files.</param>
    /// <param name="list">The file that says so, if one does.</param>
    /// <exception cref="InvalidInputException">One does.</exception>
    public void RequireInside(IReadOnlyList<string> names, string? list)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (LinkOnTheWay(names[i]) is { } link)
            {
                throw new InvalidInputException(
                    $"\"{names[i]}\" lies behind the link {link}, outside the folder of the run: nothing is replaced or removed there; choose another folder",
                    list ?? path, field: list is null ? null : FormattableString.Invariant($"files[{i}]"));
            }
        }
    }

    /// <summary>The folders of files, innermost first, that of the run last; none that lies behind a link.</summary>
    public IEnumerable<string> Folders(IEnumerable<string> names) =>
        names.Where(f => LinkOnTheWay(f) is null)
            .SelectMany(f => f.Select((c, i) => c == '/' ? f[..i] : null).OfType<string>())
            .Distinct(FilePaths.Comparer)
            .OrderByDescending(f => f.Length)
            .Select(In)
            .Append(path);

    /// <summary>Removes files, and folders that are empty then.</summary>
    /// <exception cref="InvalidInputException">One cannot be removed.</exception>
    public void Remove(IReadOnlyCollection<string> names)
    {
        try
        {
            foreach (var name in names)
            {
                if (LinkOnTheWay(name) is null && File.Exists(In(name)))
                {
                    File.Delete(In(name));
                }
            }

            MadeFolders.RemoveEmpty(Folders(names).SkipLast(1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"the run there cannot be removed: {e.Message}", path, innerException: e);
        }
    }

    /// <summary>Removes the temporary files of files.</summary>
    /// <param name="names">The files.</param>
    /// <param name="more">Files right in the folder that are on no list.</param>
    /// <returns>How many were removed.</returns>
    public int RemoveTemporary(IReadOnlyCollection<string> names, IReadOnlyCollection<string> more)
    {
        var removed = 0;
        foreach (var folder in Folders(names).Where(Directory.Exists))
        {
            var prefix = folder == path ? string.Empty : Path.GetRelativePath(path, folder).Replace(Path.DirectorySeparatorChar, '/') + "/";
            foreach (var file in Directory.GetFiles(folder, ".*.tmp"))
            {
                var match = AtomicOutput.TemporaryName().Match(Path.GetFileName(file));
                var name = match.Groups["name"].Value;
                if (match.Success && (names.Contains(prefix + name) || (prefix.Length == 0 && more.Contains(name))))
                {
                    File.Delete(file);
                    removed++;
                }
            }
        }

        return removed;
    }
}
