using System.Text.RegularExpressions;

namespace Gmm.PublicApi.Tests;

/// <summary>The messages that docs/troubleshooting.md explains are still said: their words, three at a time, stand in the source.</summary>
public partial class TroubleshootingTests
{
    /// <summary>Values stand between the words of a message, and its parts may be written far from each other: so much of it must be found.</summary>
    private const double LeastShare = 0.25;

    [Fact]
    public void Every_message_that_the_page_explains_is_in_the_source()
    {
        var source = new HashSet<(string, string, string)>(Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(f => Triples(Joint().Replace(File.ReadAllText(f), string.Empty))));
        var page = MarkdownPage.All.Single(p => p.Path == "docs/troubleshooting.md");
        var messages = page.Prose.Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(l => Quoted().Matches(l.Split(" | ")[0]).Select(m => m.Groups[1].Value))
            .Where(m => Triples(m).Any())
            .ToArray();
        Assert.True(messages.Length > 50, $"Only {messages.Length} messages were found on the page.");
        var gone = messages.Where(m => Triples(m).Average(t => source.Contains(t) ? 1 : 0) < LeastShare).Select(m => $"\n{m}").ToArray();
        Assert.True(gone.Length == 0, $"docs/troubleshooting.md explains what nothing says any more:{string.Concat(gone)}");
    }

    private static IEnumerable<(string First, string Second, string Third)> Triples(string text)
    {
        string[] words = [.. Word().Matches(text).Select(m => m.Value)];
        return words.Zip(words.Skip(1), words.Skip(2));
    }

    /// <summary>Where one piece of a text ends and the next begins.</summary>
    [GeneratedRegex("""
        "\s*\)?\s*\+\s*(?:[\w.]+\()?\s*\$?"
        """)]
    private static partial Regex Joint();

    [GeneratedRegex("[A-Za-z][A-Za-z_'-]*")]
    private static partial Regex Word();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
