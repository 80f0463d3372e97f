using System.Text.RegularExpressions;

namespace Gmm.PublicApi.Tests;

/// <summary>Pages and comments cite only files that are in the repository, and anchors that are in the page.</summary>
public partial class CitedFilesTests
{
    private static readonly IReadOnlyDictionary<string, MarkdownPage> s_pages = MarkdownPage.All.ToDictionary(p => p.Path, StringComparer.Ordinal);

    /// <summary>The pages, for theories.</summary>
    public static TheoryData<string> Pages
    {
        get
        {
            var names = new TheoryData<string>();
            names.AddRange([.. s_pages.Keys]);
            return names;
        }
    }

    [Fact]
    public void The_pages_are_found() =>
        Assert.Superset(new HashSet<string> { "README.md", "CHANGELOG.md", "docs/README.md", "docs/notes/README.md" }, s_pages.Keys.ToHashSet());

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_anchors_that_exist(string path)
    {
        var page = s_pages[path];
        var broken = page.Links()
            .Where(l => !l.Target.Contains("://", StringComparison.Ordinal) && !l.Target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(l => !Exists(page, l.Target))
            .Select(l => $"\n{path}:{l.Line} links to {l.Target}")
            .ToArray();
        Assert.True(broken.Length == 0, $"Links to nothing:{string.Concat(broken)}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Pages_name_files_of_the_repository_that_exist(string path)
    {
        var missing = s_pages[path].Prose
            .SelectMany((line, i) => RepositoryPath().Matches(line).Select(m => (Line: i + 1, Name: m.Value)))
            .Where(n => !IsThere(n.Name))
            .Select(n => $"\n{path}:{n.Line} names {n.Name}")
            .ToArray();
        Assert.True(missing.Length == 0, $"Files that are not in the repository:{string.Concat(missing)}");
    }

    [Fact]
    public void Comments_name_files_of_the_repository_that_exist()
    {
        string[] sources = [.. new[] { "src", "tests", "benchmarks", "samples" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))];
        Assert.NotEmpty(sources);
        var missing = sources
            .SelectMany(f => File.ReadLines(f).SelectMany((line, i) => Comment(line) is { } comment
                ? RepositoryPath().Matches(comment).Concat(PageName().Matches(comment)).Select(m => (File: f, Line: i + 1, Name: m.Value))
                : []))
            .Where(n => !IsThere(n.Name))
            .Select(n => $"\n{Path.GetRelativePath(Repository.Root, n.File)}:{n.Line} names {n.Name}")
            .ToArray();
        Assert.True(missing.Length == 0, $"Files that are not in the repository:{string.Concat(missing)}");
    }

    private static string? Comment(string line) =>
        line.IndexOf("//", StringComparison.Ordinal) is >= 0 and var at && !line[at..].Contains("://", StringComparison.Ordinal) ? line[at..] : null;

    private static bool Exists(MarkdownPage page, string target)
    {
        var (file, anchor) = target.Split('#', 2) is [var f, var a] ? (f, a) : (target, null);
        var path = file.Length == 0 ? page.Path : Normalised(Path.GetDirectoryName(page.Path)!, Uri.UnescapeDataString(file));
        var full = Path.Combine(Repository.Root, path);
        return anchor is null
            ? File.Exists(full) || Directory.Exists(full)
            : s_pages.TryGetValue(path.Replace('\\', '/'), out var other) && other.Anchors().Contains(anchor);
    }

    /// <summary>A path with wild cards stands for the files that fit; one of a folder for the folder.</summary>
    private static bool IsThere(string name)
    {
        name = name.TrimEnd('.', ',', '/');
        if (name.EndsWith("design.md", StringComparison.Ordinal) || name.EndsWith("method.md", StringComparison.Ordinal))
        {
            return false;
        }

        if (!name.Contains('/') && !Directory.Exists(Path.Combine(Repository.Root, name)))
        {
            return s_pages.ContainsKey(name) || s_pages.ContainsKey($"docs/{name}") || s_pages.ContainsKey($"docs/notes/{name}");
        }

        var full = Path.Combine(Repository.Root, name);
        var folder = Path.GetDirectoryName(full)!;
        return name.Contains('*')
            ? folder.Contains('*') || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder, Path.GetFileName(full)).Any())
            : File.Exists(full) || Directory.Exists(full);
    }

    private static string Normalised(string folder, string file) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, file)));

    /// <summary>What begins with a folder of the repository; "tests/" is so common that what follows must be a project.</summary>
    [GeneratedRegex(@"(?<![\w./-])(?:src|docs|tests(?=/Gmm)|samples|benchmarks|notebooks|\.ci)/[\w./*+-]*")]
    private static partial Regex RepositoryPath();

    /// <summary>A page without its folder.</summary>
    [GeneratedRegex(@"(?<![\w./<#*-])[\w-]+\.md\b")]
    private static partial Regex PageName();
}
