using System.Diagnostics.CodeAnalysis;

namespace Gmm.PublicApi.Tests;

/// <summary>Programs that set the working folder and the console's output run alone.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "xunit's word for it.")]
public class RunsAlone
{
}

/// <summary>
/// The code of the documentation compiles against the public surface and runs as printed: the blocks of a page, in their order, are one program, run in a copy
/// of the data set that comes with the tool. A block may also be a part of a program under samples/, which CI runs.
/// </summary>
[Collection(nameof(RunsAlone))]
public class PageProgramTests
{
    private static readonly string[] s_samples = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs")
        .Select(f => File.ReadAllText(f).ReplaceLineEndings("\n"))];

    /// <summary>The pages with code, for theories.</summary>
    public static TheoryData<string> Pages
    {
        get
        {
            var names = new TheoryData<string>();
            names.AddRange([.. MarkdownPage.All.Where(p => OwnCode(p).Length > 0).Select(p => p.Path)]);
            return names;
        }
    }

    [Fact]
    public void Every_library_has_a_guide_with_code() => Assert.All(
        Repository.Packages.Where(p => p.IsLibrary),
        p => Assert.Contains(MarkdownPage.All, page => page.Path == $"docs/api/{p.Name}.md" && page.Blocks("csharp").Count() is >= 2));

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_code_of_a_page_compiles_and_runs(string path)
    {
        var code = OwnCode(MarkdownPage.All.Single(p => p.Path == path));
        // What follows the first block may use more namespaces; they have to stand first.
        var lines = code.Split('\n');
        bool IsUsing(string line) => line.StartsWith("using Gmm.", StringComparison.Ordinal);
        var program = ScriptCompiler.Compile(path, string.Join('\n', lines.Where(IsUsing).Distinct().Concat(lines.Where(l => !IsUsing(l)))));
        var folder = Directory.CreateTempSubdirectory("gmm-page-").FullName;
        var (before, output) = (Directory.GetCurrentDirectory(), Console.Out);
        using var printed = new StringWriter();
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Gmm.Cli", "Data", "betagal")))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            Directory.SetCurrentDirectory(folder);
            Console.SetOut(printed);
            var main = program.EntryPoint!;
            Assert.Equal(0, main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]) ?? 0);
        }
        finally
        {
            Console.SetOut(output);
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }

        // Other pages may show a function that nothing calls.
        Assert.True(!path.StartsWith("docs/api/", StringComparison.Ordinal) || printed.ToString().Length > 0, $"{path} printed nothing.");
        if (Environment.GetEnvironmentVariable("GMM_SHOW_PAGES") == "1")
        {
            output.WriteLine($"{path}\n{printed}");
        }
    }

    /// <summary>A page's blocks that are no part of a sample.</summary>
    private static string OwnCode(MarkdownPage page) =>
        string.Join('\n', page.Blocks("csharp").Select(b => b.Code.ReplaceLineEndings("\n"))
            .Where(b => !s_samples.Any(s => s.Contains(b.TrimEnd('\n'), StringComparison.Ordinal))));
}
