namespace Gmm.PublicApi.Tests;

/// <summary>What no analyzer checks of how the source is written.</summary>
public class SourceStyleTests
{
    private const int Columns = 160;

    /// <summary>The folders of source, each with everything below it that was not built.</summary>
    public static TheoryData<string> Folders => ["src", "tests", "benchmarks", "samples"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_line_is_longer_than_160_columns(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(f => !f.Split('/').Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.NotEmpty(files);
        var longLines = files.SelectMany(f => File.ReadLines(Path.Combine(Repository.Root, f))
            .Select((line, i) => (Place: $"{f}:{i + 1}", line.Length))
            .Where(l => l.Length > Columns)
            .Select(l => $"\n{l.Place} has {l.Length}")).ToArray();
        Assert.True(longLines.Length == 0, $"Lines of more than {Columns} columns; wrap them:{string.Concat(longLines)}");
    }
}
