using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.PublicApi.Tests;

/// <summary>A page of the documentation: its links, the anchors of its headings, and its text without blocks of code.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string path, string text) => (Path, Text) = (path, text);

    /// <summary>From the repository's root, with '/'.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>The text without its fenced blocks, line by line, empty where these were.</summary>
    public IReadOnlyList<string> Prose => [.. Fenced(Text).Select(l => l.Fence is null ? l.Line : string.Empty)];

    /// <summary>The pages of the repository: README, CHANGELOG and the like, and everything under docs/ and the folders of source.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } = [.. Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
        .Select(f => System.IO.Path.GetRelativePath(Repository.Root, f).Replace(System.IO.Path.DirectorySeparatorChar, '/'))
        .Where(f => !f.Split('/')[..^1].Any(part => part is "obj" or "bin" or "node_modules" or "artifacts" || part.StartsWith('.')))
        .Order(StringComparer.Ordinal)
        .Select(f => new MarkdownPage(f, File.ReadAllText(System.IO.Path.Combine(Repository.Root, f))))];

    /// <summary>Targets of links and pictures outside of code, with their lines.</summary>
    public IEnumerable<(int Line, string Target)> Links() =>
        Prose.SelectMany((line, i) => Link().Matches(InlineCode().Replace(line, string.Empty)).Select(m => (i + 1, m.Groups[1].Value)));

    /// <summary>The anchors that GitHub makes of the headings.</summary>
    public IReadOnlySet<string> Anchors()
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in Prose.Select(l => Heading().Match(l)).Where(m => m.Success))
        {
            var slug = Slug(heading.Groups[1].Value);
            var anchor = slug;
            for (var n = 1; !anchors.Add(anchor); n++)
            {
                anchor = $"{slug}-{n}";
            }
        }

        return anchors;
    }

    /// <summary>The blocks of a language, each with the line that it begins at.</summary>
    public IEnumerable<(int Line, string Code)> Blocks(string language)
    {
        StringBuilder? block = null;
        var start = 0;
        foreach (var (number, line, fence) in Fenced(Text).Select((l, i) => (i + 1, l.Line, l.Fence)).Append((0, string.Empty, null)))
        {
            if (fence == language && !line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                start = block is null ? number : start;
                (block ??= new StringBuilder()).AppendLine(line);
            }
            else if (block is not null)
            {
                yield return (start, block.ToString());
                block = null;
            }
        }
    }

    /// <summary>Each line with the language of the block that it belongs to; the fences belong to theirs.</summary>
    private static IEnumerable<(string Line, string? Fence)> Fenced(string text)
    {
        string? fence = null;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var bare = line.TrimStart();
            if (!bare.StartsWith("```", StringComparison.Ordinal))
            {
                yield return (line, fence);
            }
            else if (fence is null)
            {
                fence = bare[3..].Trim();
                yield return (line, fence);
            }
            else
            {
                yield return (line, fence);
                fence = null;
            }
        }
    }

    /// <summary>GitHub's rule: letters and digits in lower case, blanks and hyphens as hyphens, all else dropped.</summary>
    private static string Slug(string heading)
    {
        var text = LinkText().Replace(heading.Trim(), "$1").ToLowerInvariant();
        return string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : c));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^\s{0,3}#{1,6}\s+(.*?)\s*#*$")]
    private static partial Regex Heading();
}
