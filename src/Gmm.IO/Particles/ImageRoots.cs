using System.Text;

namespace Gmm.IO;

/// <summary>
/// The folders that the image names of a STAR file may be relative to, in the order in which they are tried: the one that was given and no other;
/// else those remembered in the file, the working folder, the file's own folder and the folders above it (RELION's names are relative to a project
/// folder, which is one of them).
/// </summary>
/// <remarks>
/// A file that Gmm writes remembers the folders its images were found in, as comments before the particles (<c># gmm image root: ..</c>), which RELION
/// and others pass over: the folder relative to the file's own, so that both can move together, and its full path, so that the file can move alone.
/// </remarks>
internal sealed class ImageRoots
{
    private const string Mark = "# gmm image root: ";
    private const string Memory = "remembered in the file";
    private const string Given = "the root folder that was given";
    private const int ComparedBytes = 1 << 16;

    private readonly List<(string Folder, string What)> _candidates = [];
    private readonly List<string> _used = [];
    private readonly List<string> _warnings = [];
    private readonly bool _given;

    /// <summary>Lists the folders.</summary>
    /// <param name="starPath">The STAR file.</param>
    /// <param name="root">The folder that was given; null if none was.</param>
    /// <param name="comments">The file's comments, in which it remembers folders.</param>
    public ImageRoots(string starPath, string? root, IEnumerable<string> comments)
    {
        _given = root is not null;
        if (root is not null)
        {
            Add(root, Given);
            return;
        }

        var own = Path.GetDirectoryName(Path.GetFullPath(starPath))!;
        foreach (var remembered in Remembered(comments))
        {
            Add(Path.Combine(own, remembered), Memory);
        }

        Add(Directory.GetCurrentDirectory(), "the working folder");
        Add(own, "the file's folder");
        for (var folder = Path.GetDirectoryName(own); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            Add(folder, "above it");
        }
    }

    /// <summary>Full paths of the folders that images were found in so far, but for names that have a full path themselves.</summary>
    public IReadOnlyList<string> Used => _used;

    /// <summary>Names for which several folders have different files.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>What to do where something is missing, behind the places.</summary>
    public string Advice { get; init; } = string.Empty;

    /// <summary>Where was looked, for the message that something is missing.</summary>
    public string Places
    {
        get
        {
            var folders = _candidates.Where(c => c.What != "above it").Select(c => $"{c.Folder} ({c.What})");
            return string.Join(", ", folders) + (_given ? string.Empty : " and the folders above; --root says which folder names are relative to")
                + Advice;
        }
    }

    /// <summary>Finds a stack.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <returns>Its path; null if it is in none of the folders.</returns>
    public string? Find(string name)
    {
        if (Path.IsPathFullyQualified(name))
        {
            return File.Exists(name) ? name : null;
        }

        // Stacks of one file mostly lie in one folder, so the last one that had any is tried first.
        if (_used.Count > 0 && File.Exists(Path.Combine(_used[^1], name)))
        {
            return Shown(_used[^1], name);
        }

        var found = _candidates.Find(c => File.Exists(Path.Combine(c.Folder, name))).Folder;
        if (found is null)
        {
            return null;
        }

        if (!_used.Contains(found))
        {
            WarnOfOthers(found, name);
        }

        _used.Remove(found);
        _used.Add(found);
        return Shown(found, name);
    }

    /// <summary>Finds a stack in the folders alone that the file remembers.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <returns>Its full path; null if it is in none of them.</returns>
    public string? FindRemembered(string name) =>
        _candidates.Where(c => c.What == Memory).Select(c => Path.Combine(c.Folder, name)).FirstOrDefault(File.Exists);

    /// <summary>
    /// The folders that a file written anew should remember: those that images were found in, or else would be, or else those remembered so far.
    /// </summary>
    /// <param name="firstName">An image name of the file, for where no image was looked for; null if there is none.</param>
    /// <returns>Full paths.</returns>
    public IReadOnlyList<string> ForWriting(string? firstName)
    {
        if (_used.Count == 0 && firstName is not null && ImageReference.Parse(Encoding.UTF8.GetBytes(firstName)) is { } image)
        {
            Find(image.Stack);
        }

        return _used.Count > 0 ? _used : [.. _candidates.Where(c => c.What is Memory or Given).Select(c => c.Folder)];
    }

    /// <summary>Puts the folders into a block's comments in place of those that were there.</summary>
    /// <param name="comments">The comments before the block of particles.</param>
    /// <param name="path">The file that will be written.</param>
    /// <param name="roots">Full paths of the folders.</param>
    public static void Remember(IList<string> comments, string path, IReadOnlyList<string> roots)
    {
        for (var i = comments.Count - 1; i >= 0; i--)
        {
            if (IsMemory(comments[i]))
            {
                comments.RemoveAt(i);
            }
        }

        var own = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var root in roots.Select(r => Path.GetRelativePath(own, r)).Concat(roots.Where(r => r != own)).Distinct())
        {
            comments.Add(Mark + Escape(root));
        }
    }

    /// <summary>Whether two files have different sizes or beginnings; a copy is no other file.</summary>
    public static bool Differ(string a, string b)
    {
        try
        {
            using FileStream x = File.OpenRead(a), y = File.OpenRead(b);
            if (x.Length != y.Length)
            {
                return true;
            }

            byte[] p = new byte[Math.Min(x.Length, ComparedBytes)], q = new byte[p.Length];
            x.ReadExactly(p);
            y.ReadExactly(q);
            return !p.AsSpan().SequenceEqual(q);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Whether a comment remembers a folder.</summary>
    public static bool IsMemory(string comment) => comment.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The folders that comments remember; none has a zero character, which no path can have.</summary>
    private static IEnumerable<string> Remembered(IEnumerable<string> comments) =>
        comments.Where(IsMemory).Select(c => Uri.UnescapeDataString(c[Mark.Length..].Trim()))
            .Where(folder => !folder.Contains('\0', StringComparison.Ordinal));

    /// <summary>
    /// A path as a comment can hold it. RELION looks for "data_" and for "# version" in every line before a table, comments too, so neither may be in it.
    /// </summary>
    private static string Escape(string path)
    {
        var text = new StringBuilder(
            path.Replace("%", "%25", StringComparison.Ordinal)
                .Replace("#", "%23", StringComparison.Ordinal)
                .Replace("data_", "data%5F", StringComparison.Ordinal));
        foreach (var c in path.Where(char.IsControl).Distinct())
        {
            text.Replace(c.ToString(), Uri.HexEscape(c));
        }

        return text.ToString();
    }

    private void Add(string folder, string what)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!_candidates.Exists(c => c.Folder == full))
        {
            _candidates.Add((full, what));
        }
    }

    /// <summary>The path as messages show it: the name alone where that is enough.</summary>
    private static string Shown(string folder, string name) => folder == Directory.GetCurrentDirectory() ? name : Path.Combine(folder, name);

    private void WarnOfOthers(string found, string name)
    {
        var path = Path.Combine(found, name);
        foreach (var (folder, what) in _candidates)
        {
            var other = Path.Combine(folder, name);
            if (folder != found && File.Exists(other) && FilePaths.Resolve(other) != FilePaths.Resolve(path) && Differ(path, other))
            {
                var first = _candidates.Find(c => c.Folder == found).What;
                _warnings.Add(
                    $"{name} is in {found} ({first}) and another file of that name in {folder} ({what}); the first is taken, --root says if it is the other");
                return;
            }
        }
    }
}
