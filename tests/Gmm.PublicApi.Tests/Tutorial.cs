using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.PublicApi.Tests;

/// <summary>
/// docs/tutorial.md as a script: its sh blocks in order, what they print (the text block after each), and the pictures of the page with the file of the run
/// that each one is a copy of (a comment "from FILE" on the line before).
/// </summary>
internal sealed partial class Tutorial
{
    private const string PagePath = "docs/tutorial.md";

    /// <summary>The number of particles that the page says, in every command that says one.</summary>
    private const string Particles = "--particles 2000";

    private readonly string[] _lines = File.ReadAllText(Path.Combine(Repository.Root, PagePath)).ReplaceLineEndings("\n").Split('\n');

    /// <summary>The pictures: where the run writes them, and where the page has them.</summary>
    public IEnumerable<(string From, string Picture)> Pictures => _lines.Zip(_lines.Skip(1))
        .Select(l => (From: From().Match(l.First), Picture: Picture().Match(l.Second)))
        .Where(m => m.From.Success && m.Picture.Success)
        .Select(m => (m.From.Groups[1].Value, m.Picture.Groups[1].Value));

    /// <summary>All pictures of the page.</summary>
    public int PictureCount => _lines.Count(l => Picture().IsMatch(l));

    /// <summary>Runs every block in a folder and returns what each printed.</summary>
    /// <param name="folder">An empty folder; the blocks run in its subfolder "tutorial", as they would in a clone.</param>
    /// <param name="particles">How many particles in place of the page's; null as it says.</param>
    public IReadOnlyList<string> Run(string folder, int? particles)
    {
        Directory.CreateSymbolicLink(Path.Combine(folder, "src"), Path.Combine(Repository.Root, "src"));
        WriteTool(Path.Combine(folder, "bin"));
        var printed = new List<string>();
        foreach (var (start, end) in Blocks("sh"))
        {
            var script = string.Join('\n', _lines[start..end]);
            if (particles is { } n)
            {
                script = script.Replace(Particles, string.Create(CultureInfo.InvariantCulture, $"--particles {n}"), StringComparison.Ordinal);
            }

            // The first block makes the subfolder and goes there; every later one begins there.
            var work = Path.Combine(folder, "tutorial");
            printed.Add(Bash(script, Directory.Exists(work) ? work : folder, folder));
        }

        return printed;
    }

    /// <summary>Writes the page anew with what the blocks printed, and the pictures that they made.</summary>
    public void Update(string folder, IReadOnlyList<string> printed)
    {
        var page = new StringBuilder();
        var blocks = Blocks("sh").ToArray();
        var at = 0;
        for (var b = 0; b < blocks.Length; b++)
        {
            var (start, end) = blocks[b];
            // Up to the end of the sh block, then the text block that follows it after one empty line, if there is one.
            page.AppendJoin('\n', _lines[at..(end + 1)]).Append('\n');
            at = end + 1;
            if (at + 1 < _lines.Length && _lines[at].Length == 0 && _lines[at + 1] == "```text")
            {
                var close = Array.IndexOf(_lines, "```", at + 2);
                page.Append(CultureInfo.InvariantCulture, $"\n```text\n{printed[b].Trim('\n')}\n```\n");
                at = close + 1;
            }
        }

        page.AppendJoin('\n', _lines[at..]);
        File.WriteAllText(Path.Combine(Repository.Root, PagePath), page.ToString());
        foreach (var (from, picture) in Pictures)
        {
            var target = Path.Combine(Repository.Root, "docs", picture);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(folder, "tutorial", from), target, overwrite: true);
        }
    }

    /// <summary>First line and the line of the closing fence of each block of a language.</summary>
    private IEnumerable<(int Start, int End)> Blocks(string language)
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            if (_lines[i] == $"```{language}")
            {
                var end = Array.IndexOf(_lines, "```", i + 1);
                yield return (i + 1, end);
                i = end;
            }
        }
    }

    /// <summary>The tool as it was built with the tests, under the name that an installed one has.</summary>
    private static void WriteTool(string folder)
    {
        Directory.CreateDirectory(folder);
        var tool = Path.Combine(folder, "gmm");
        File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "gmm.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Bash(string script, string folder, string root)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(root, "bin")}{Path.PathSeparator}{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode} of\n{script}\n{output}\n{error.Result}");
        return output;
    }

    [GeneratedRegex("^<!-- from (.+) -->$")]
    private static partial Regex From();

    [GeneratedRegex(@"^!\[[^\]]*\]\((images/tutorial/[^)]+)\)$")]
    private static partial Regex Picture();
}
